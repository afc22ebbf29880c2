import { Select } from "antd";
import { TerminalChoice } from "../assets/choices.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { useCommandWords } from "./command-words.ts";
import { type CommandsFilter, SAFETY_CLASSES, SHOWN } from "./commands-search.ts";

type Change = { readonly [K in keyof CommandsFilter]?: CommandsFilter[K] | undefined };
export type ChangeCommands = (next: Change & { readonly command?: string | undefined }) => void;

interface CommandFiltersProps {
  readonly filter: CommandsFilter;
  readonly change: ChangeCommands;
}

export function CommandFilters({ filter, change }: CommandFiltersProps) {
  const { w } = useCommandWords();
  const { show, safetyClass, terminal } = filter;
  return (
    <div className="alarm-filters command-filters">
      <Select
        aria-label={w("filter.state")}
        value={show ?? "any"}
        onChange={(next) => {
          change({ show: SHOWN.find((each) => each === next) });
        }}
        options={[
          { value: "any" as const, label: w("filter.state.any") },
          ...SHOWN.map((value) => ({
            value,
            label: w(
              value === "open" || value === "over" ? `filter.state.${value}` : `state.${value}`,
            ),
          })),
        ]}
      />
      <Select
        aria-label={w("filter.class")}
        value={safetyClass ?? "any"}
        onChange={(next) => {
          change({ safetyClass: SAFETY_CLASSES.find((each) => each === next) });
        }}
        options={[
          { value: "any" as const, label: w("filter.class.any") },
          ...SAFETY_CLASSES.map((value) => ({ value, label: w(`class.${value}`) })),
        ]}
      />
      <span className="command-terminal">
        <TerminalChoice
          label={w("filter.terminal")}
          {...(terminal === undefined ? {} : { value: terminal })}
          onClear={() => {
            change({ terminal: undefined });
          }}
          onChange={(next) => {
            change({ terminal: next });
          }}
        />
      </span>
      <SearchField
        label={w("filter.who")}
        value={filter.who}
        search={(who) => {
          change({ who: who === "" ? undefined : who });
        }}
      />
    </div>
  );
}
