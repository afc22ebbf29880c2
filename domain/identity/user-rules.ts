import { ConflictError, InvalidInputError, NotAllowedError } from "../../base/errors.ts";
import { type Caller, isWithin, type Reach } from "./policy.ts";
import { CUSTOMER_ROLES, type Role } from "./roles.ts";

export const LANGUAGES = ["en", "zh-CN"] as const;
export type Language = (typeof LANGUAGES)[number];

export const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 200;
const DIFFERENT_CHARACTERS_MIN = 5;
const COMMON = /^(password|passw0rd|qwerty|letmein|welcome|hopline|admin|1234567890|abcdefgh)/i;

/** Throws an InvalidInputError that says what is wrong with a password; length counts, not kinds of characters. */
export function requireGoodPassword(
  field: string,
  password: string,
  owner: { readonly email: string; readonly name: string },
): void {
  const wrong = passwordFault(password, owner);
  if (wrong !== undefined) throw new InvalidInputError(field, wrong);
}

function passwordFault(
  password: string,
  { email, name }: { readonly email: string; readonly name: string },
): string | undefined {
  const characters = Array.from(password);
  if (characters.length < PASSWORD_CHARACTERS_MIN || characters.length > PASSWORD_CHARACTERS_MAX)
    return `a password has ${PASSWORD_CHARACTERS_MIN} to ${PASSWORD_CHARACTERS_MAX} characters`;
  if (new Set(characters).size < DIFFERENT_CHARACTERS_MIN || COMMON.test(password))
    return "this password is among the first that anybody would try";
  const lower = password.toLowerCase();
  const own = [email.split("@")[0] ?? "", ...name.split(/\s+/)].map((word) => word.toLowerCase());
  if (own.some((word) => word.length > 3 && lower.includes(word)))
    return "a password must not contain the name or the e-mail address";
  return undefined;
}

/** One @, something on both sides, nothing that a header or a log could be broken with. */
export function requireEmail(email: string): void {
  if (email.length <= 254 && /^[^\s@<>"\p{Cc}]+@[^\s@<>"\p{Cc}]+$/u.test(email)) return;
  throw new InvalidInputError("email", "email must be an address such as ann@example.org");
}

export function requireTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new InvalidInputError("timeZone", "timeZone must be one such as Europe/Zurich or UTC");
  }
}

/** A customer's people have a customer's roles, and the operator's people the others; `read-only` may be either's. */
export function requireFitting(role: Role, customerId: string | null): void {
  if (customerId !== null && !CUSTOMER_ROLES.includes(role))
    throw new InvalidInputError("role", `a customer's people are ${CUSTOMER_ROLES.join(", ")}`);
  if (customerId === null && (role === "owner" || role === "member"))
    throw new InvalidInputError("customerId", `${role} is somebody of a customer: say of which`);
}

export interface Standing {
  readonly role: Role;
  readonly customerId: string | null;
  readonly disabled: boolean;
}

export interface Manager {
  readonly caller: Caller;
  readonly reach: Reach;
}

/** Throws unless this caller may give somebody this role and customer. */
export function requireMayPlace({ caller, reach }: Manager, role: Role, customerId: string | null) {
  requireFitting(role, customerId);
  if (!isWithin(reach, customerId))
    throw new InvalidInputError("customerId", "customerId must be a customer that you manage");
  if (caller.customerId !== null && !CUSTOMER_ROLES.includes(role))
    throw new NotAllowedError("only the operator gives its own roles");
}

/** Throws unless the caller may change somebody's standing: nobody changes their own. */
export function requireMayChange(
  manager: Manager,
  id: string,
  before: Standing,
  after: Standing | "gone",
): void {
  const isSame =
    after !== "gone" &&
    after.role === before.role &&
    after.customerId === before.customerId &&
    after.disabled === before.disabled;
  if (isSame) return;
  requireSomebodyElse(manager, id);
  if (after !== "gone") requireMayPlace(manager, after.role, after.customerId);
}

/** Throws where somebody would raise, reset or remove themselves. */
export function requireSomebodyElse({ caller }: Manager, id: string): void {
  if (caller.id === id)
    throw new NotAllowedError(
      "nobody changes their own role, customer or access: ask somebody else",
    );
}

export const isWorkingAdministrator = ({ role, disabled }: Standing): boolean =>
  role === "administrator" && !disabled;

/** Throws when after the change nobody could administrate any more. */
export function requireAdministratorLeft(
  before: Standing,
  after: Standing | "gone",
  others: number,
) {
  if (!isWorkingAdministrator(before) || others > 0) return;
  if (after !== "gone" && isWorkingAdministrator(after)) return;
  throw new ConflictError("this is the last administrator: make another one first");
}
