import type { Command } from "../api/types.ts";
import type { Profiles } from "../parts/use-profiles.ts";
import { type CommandWords, useCommandWords } from "./command-words.ts";

/** What a command is called: by its device type, or as one of the network's own. */
export function commandName(
  profiles: Profiles,
  { label, worded }: Pick<CommandWords, "label" | "worded">,
  { profile, name }: Pick<Command, "profile" | "name">,
): string {
  const found = profiles.find(profile)?.commands.find((each) => each.name === name);
  return found ? label(found.label) : worded("name", name);
}

/** Its arguments as people read them, in the device type's order. */
export function argumentTexts(
  profiles: Profiles,
  { label, format }: Pick<CommandWords, "label" | "format">,
  { profile, name, arguments: given }: Pick<Command, "profile" | "name" | "arguments">,
): readonly string[] {
  const fields = profiles.find(profile)?.commands.find((each) => each.name === name)?.arguments;
  return (fields ?? []).flatMap((field) => {
    const value = given[field.name];
    if (value === undefined) return [];
    const at = typeof value === "string" ? (field.values?.indexOf(value) ?? -1) : -1;
    const named = field.valueLabels?.[at];
    return [`${label(field.label)} ${named ? label(named) : format.value(value, field.unit)}`];
  });
}

export function ClassMark({ of }: { readonly of: Command["safetyClass"] }) {
  const { w } = useCommandWords();
  return <span className={`tag class-${of}`}>{w(`class.${of}`)}</span>;
}

export function StateMark({ of }: { readonly of: Command["state"] }) {
  const { w } = useCommandWords();
  return <span className={`command-state command-is-${of}`}>{w(`state.${of}`)}</span>;
}
