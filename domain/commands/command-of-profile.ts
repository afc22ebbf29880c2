import { InvalidInputError } from "../../base/errors.ts";
import { type FieldValues, packFields, rawRange } from "../../protocol/report/report.ts";
import { type ConditionField, compileCondition } from "../alerting/condition.ts";
import type { Label, ProfileCommand, ProfileDisplay, ProfileField } from "../devices/profile.ts";
import type { Envelope, PlaceLimit, Precondition } from "./envelope.ts";

export type CommandArguments = Readonly<Record<string, number | boolean | string>>;

/** What commands need of a profile. */
export interface CommandProfile {
  readonly name: string;
  readonly reports: readonly { readonly fields: readonly ConditionField[] }[];
  readonly commands?: readonly ProfileCommand[] | undefined;
  readonly display?: ProfileDisplay | undefined;
}

export const commandOf = (
  profile: CommandProfile | undefined,
  name: string,
): ProfileCommand | undefined => profile?.commands?.find((command) => command.name === name);

/** What every terminal understands, and the network alone says: 0 and 1 of air-interface.md, section 3. */
export const JOIN_GROUP = networkCommand(0, "join-group", {
  en: "Join group",
  "zh-CN": "加入群组",
});
export const LEAVE_GROUP = networkCommand(1, "leave-group", {
  en: "Leave group",
  "zh-CN": "退出群组",
});

function networkCommand(number: number, name: string, label: Label): ProfileCommand {
  return {
    ...{ number, name, label, safetyClass: "operational", expiryS: 86_400, secondPerson: false },
    ...{ preconditions: [], replaces: [], arguments: [] },
  };
}

/** What is older than that, nobody is called by any more. */
export const SHOW_EXPIRY_S = 300;

const showCommand = (number: number): ProfileCommand => ({
  ...networkCommand(number, "show-text", { en: "Show a message", "zh-CN": "显示消息" }),
  expiryS: SHOW_EXPIRY_S,
});

/** A text on a terminal's display, in UTF-8 and cut to what it can show; undefined where the type has none. */
export function showText(profile: CommandProfile | undefined, text: string) {
  if (profile?.display === undefined) return undefined;
  const { number, bytes } = profile.display;
  return {
    command: showCommand(number),
    plaintext: Uint8Array.of(number, ...cutText(text, bytes)),
  };
}

function cutText(text: string, bytesMax: number): Uint8Array {
  const bytesOf = (said: string) => new TextEncoder().encode(said);
  if (bytesOf(text).length <= bytesMax) return bytesOf(text);
  let cut = "";
  for (const sign of text) {
    if (bytesOf(`${cut}${sign}…`).length > bytesMax) break;
    cut += sign;
  }
  return bytesOf(`${cut}…`);
}

/** Also the network's own. */
export const commandNamed = (
  profile: CommandProfile | undefined,
  name: string,
): ProfileCommand | undefined =>
  [
    JOIN_GROUP,
    LEAVE_GROUP,
    ...(profile?.display ? [showCommand(profile.display.number)] : []),
  ].find((command) => command.name === name) ?? commandOf(profile, name);

/** A terminal's command as an envelope: compiled once a profile. */
export function envelopeOf(
  profile: CommandProfile,
  command: ProfileCommand,
  place: PlaceLimit | null,
): Envelope {
  const { safetyClass } = command;
  return { safetyClass, preconditions: preconditionsOf(profile, command), place };
}

const compiled = new WeakMap<ProfileCommand, readonly Precondition[]>();

function preconditionsOf(
  profile: CommandProfile,
  command: ProfileCommand,
): readonly Precondition[] {
  const known = compiled.get(command);
  if (known) return known;
  const fields = new Map(
    profile.reports.flatMap(({ fields }) =>
      fields.map((field): [string, ConditionField] => [field.name, field]),
    ),
  );
  const preconditions = command.preconditions.map(({ condition, valuesAtMostOldS, label }) => {
    const result = compileCondition(condition, fields);
    // a profile with one that does not is refused when it is loaded
    if (!result.ok)
      throw new Error(`${profile.name}.${command.name}: ${condition} does not compile`);
    return { condition: result.condition, maxAgeS: valuesAtMostOldS, label };
  });
  compiled.set(command, preconditions);
  return preconditions;
}

/** The page's plaintext; throws an InvalidInputError that names the argument when one is missing, unknown or out of range. */
export function plaintextOf(command: ProfileCommand, given: CommandArguments): Uint8Array {
  const unknown = Object.keys(given).find(
    (name) => !command.arguments.some((argument) => argument.name === name),
  );
  if (unknown !== undefined)
    throw new InvalidInputError(`arguments.${unknown}`, `${command.name} has no ${unknown}`);
  const values: FieldValues = Object.fromEntries(
    command.arguments.map((argument) => [argument.name, valueOf(argument, given[argument.name])]),
  );
  return Uint8Array.of(command.number, ...packFields(command.arguments, values));
}

function valueOf(argument: ProfileField, given: CommandArguments[string] | undefined) {
  const { name, kind, values = [] } = argument;
  const refuse = (rule: string): never => {
    throw new InvalidInputError(`arguments.${name}`, `${name} must be ${rule}`);
  };
  if (kind === "bool") return typeof given === "boolean" ? given : refuse("true or false");
  if (kind === "enum") {
    const index = typeof given === "string" ? values.indexOf(given) : -1;
    return index >= 0 ? index : refuse(`one of ${values.join(", ")}`);
  }
  const [lowest, highest] = rangeOf(argument);
  const isWithin = typeof given === "number" && given >= lowest && given <= highest;
  return isWithin ? given : refuse(`a number from ${lowest} to ${highest}`);
}

/** The least and the greatest value that an argument can say. */
export function rangeOf(argument: ProfileField): readonly [number, number] {
  const [lowest, highest] = rawRange(argument);
  const valueAt = (raw: number): number => raw * argument.scale + argument.offset;
  return [valueAt(lowest), valueAt(highest)];
}
