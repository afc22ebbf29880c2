import { type Static, Type } from "typebox";
import type { ApiKey } from "../domain/identity/api-keys.ts";
import { SCOPES } from "../domain/identity/api-keys.ts";
import type { AuditEntry } from "../domain/identity/audit.ts";
import { ACTIONS, ROLES } from "../domain/identity/roles.ts";
import type { Session } from "../domain/identity/sessions.ts";
import { LANGUAGES } from "../domain/identity/user-rules.ts";
import type { User } from "../domain/identity/users.ts";

const Time = Type.String({ description: "ISO 8601, UTC" });
const OptionalTime = Type.Union([Time, Type.Null()]);
export const Id = Type.String({ minLength: 1, maxLength: 64, pattern: "^[\\w.-]+$" });
export const CustomerId = Type.Union([Id, Type.Null()], {
  description: "a customer; null is the operator itself",
});
export const RoleName = Type.Enum([...ROLES]);
export const Scope = Type.Enum([...SCOPES]);

export const Email = Type.String({ minLength: 3, maxLength: 254 });
export const PersonName = Type.String({ minLength: 1, maxLength: 100, pattern: "\\S" });
export const LanguageName = Type.Enum([...LANGUAGES]);
export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "of the IANA database, such as Asia/Shanghai",
});
/** Long ones are refused by the rules in words; this bounds what is hashed. */
export const Password = Type.String({ minLength: 1, maxLength: 1_000 });

export const UserView = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: RoleName,
  customerId: Type.Union([Type.String(), Type.Null()]),
  language: LanguageName,
  timeZone: Type.String(),
  mustChangePassword: Type.Boolean(),
  secondFactor: Type.Boolean(),
  lockedUntil: OptionalTime,
  disabled: Type.Boolean(),
  createdAt: Time,
  lastSeenAt: OptionalTime,
  version: Type.Integer(),
});

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export const userView = (user: User): Static<typeof UserView> => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: user.role,
  customerId: user.customerId,
  language: user.language,
  timeZone: user.timeZone,
  mustChangePassword: user.mustChangePassword,
  secondFactor: user.hasSecondFactor,
  lockedUntil: isoOrNull(user.lockedUntilMs),
  disabled: user.disabled,
  createdAt: iso(user.createdAtMs),
  lastSeenAt: isoOrNull(user.lastSeenAtMs),
  version: user.version,
});

export const UserWithPassword = Type.Object({
  user: UserView,
  password: Type.Union([Type.String(), Type.Null()], {
    description: "shown this once; it must be changed at the first sign-in",
  }),
});

/** Whoever asks: a person, or a key. */
export const MeView = Type.Object({
  kind: Type.Enum(["user", "key"]),
  id: Type.String(),
  name: Type.String(),
  role: Type.Union([RoleName, Type.Null()]),
  customerId: Type.Union([Type.String(), Type.Null()]),
  actions: Type.Array(Type.Enum([...ACTIONS]), { description: "what the caller may do at all" }),
  demo: Type.Boolean(),
  user: Type.Union([
    Type.Intersect([UserView, Type.Object({ recoveryCodesLeft: Type.Integer() })]),
    Type.Null(),
  ]),
});

export const SessionView = Type.Object({
  id: Type.String(),
  createdAt: Time,
  lastSeenAt: Time,
  expiresAt: Time,
  ip: Type.String(),
  userAgent: Type.String(),
  current: Type.Boolean(),
});

export const sessionView = (
  session: Session,
  current: string | undefined,
): Static<typeof SessionView> => ({
  id: session.id,
  createdAt: iso(session.createdAtMs),
  lastSeenAt: iso(session.lastSeenAtMs),
  expiresAt: iso(session.expiresAtMs),
  ip: session.ip,
  userAgent: session.userAgent,
  current: session.id === current,
});

export const KeyView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  prefix: Type.String({ description: "its first characters, to recognise it by" }),
  customerId: Type.Union([Type.String(), Type.Null()]),
  scopes: Type.Array(Scope),
  createdBy: Type.String(),
  createdAt: Time,
  expiresAt: OptionalTime,
  lastUsedAt: OptionalTime,
  revokedAt: OptionalTime,
  replacedBy: Type.Union([Type.String(), Type.Null()]),
});

export const keyView = (key: ApiKey): Static<typeof KeyView> => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  customerId: key.customerId,
  scopes: [...key.scopes],
  createdBy: key.createdBy,
  createdAt: iso(key.createdAtMs),
  expiresAt: isoOrNull(key.expiresAtMs),
  lastUsedAt: isoOrNull(key.lastUsedAtMs),
  revokedAt: isoOrNull(key.revokedAtMs),
  replacedBy: key.replacedBy,
});

export const KeyWithSecret = Type.Object({
  key: KeyView,
  secret: Type.String({ description: "the key itself, shown this once" }),
});

export const AuditView = Type.Object({
  number: Type.String({ description: "place in the chain" }),
  at: Time,
  actor: Type.Object({
    kind: Type.Enum(["user", "key", "system"]),
    id: Type.String(),
    name: Type.String(),
  }),
  action: Type.String(),
  subject: Type.Object({ kind: Type.String(), id: Type.String() }),
  customerId: Type.Union([Type.String(), Type.Null()]),
  before: Type.Unknown(),
  after: Type.Unknown(),
  reason: Type.Union([Type.String(), Type.Null()]),
  requestId: Type.Union([Type.String(), Type.Null()]),
  ip: Type.Union([Type.String(), Type.Null()]),
  hash: Type.String({ description: "SHA-256, hexadecimal" }),
});

export const auditView = (entry: AuditEntry): Static<typeof AuditView> => ({
  number: String(entry.number),
  at: iso(entry.atMs),
  actor: { ...entry.actor },
  action: entry.action,
  subject: { ...entry.subject },
  customerId: entry.customerId ?? null,
  before: entry.before ?? null,
  after: entry.after ?? null,
  reason: entry.reason ?? null,
  requestId: entry.requestId ?? null,
  ip: entry.ip ?? null,
  hash: Array.from(entry.hash, (byte) => byte.toString(16).padStart(2, "0")).join(""),
});
