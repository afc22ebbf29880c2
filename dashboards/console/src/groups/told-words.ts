import type { GroupCommand, GroupOutlook, GroupTellable } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";

type Given = GroupCommand["arguments"];

/** What a group is told, as people say it: the command's own label and its arguments in their order. */
export function useToldWords(commands: GroupOutlook["commands"] = []) {
  const { t, label, format } = useSpeech();
  const valueOf = (
    { kind, unit, values }: GroupTellable["arguments"][number],
    value: Given[string],
  ) => {
    if (typeof value === "boolean") return t(value ? "tell.yes" : "tell.no");
    const named = kind === "enum" ? values.find(({ name }) => name === value) : undefined;
    return named ? label(named.label) : format.value(value, unit);
  };
  return {
    commandName(name: string): string {
      const found = commands.find((one) => one.name === name);
      return found ? label(found.label) : name.replaceAll("-", " ");
    },
    argumentsOf(name: string, given: Given): string {
      const known = commands.find((one) => one.name === name)?.arguments;
      if (known === undefined)
        return Object.entries(given)
          .map(([key, value]) => `${key}: ${String(value)}`)
          .join(" · ");
      return known
        .flatMap((argument) => {
          const value = given[argument.name];
          return value === undefined
            ? []
            : [`${label(argument.label)}: ${valueOf(argument, value)}`];
        })
        .join(" · ");
    },
  };
}
