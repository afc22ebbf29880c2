import { useQuery } from "@tanstack/react-query";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { type KeyboardEvent, type Ref, useState } from "react";
import { terminalSearchQuery } from "../api/queries.ts";
import type { TerminalSummary } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { Glyph, Icon } from "../parts/icon.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useSettled } from "../time/use-now.ts";

const SETTLE_MS = 150;
const NONE: readonly TerminalSummary[] = [];

/** Finds a terminal from anywhere: on the map it flies there, elsewhere it opens its page. */
export function Search({ inputRef }: { readonly inputRef: Ref<HTMLInputElement> }) {
  const { t } = useSpeech();
  const [text, setText] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const asked = useSettled(text.trim(), SETTLE_MS);
  const found = useQuery(terminalSearchQuery(asked));
  const items = asked === "" ? NONE : (found.data?.items ?? NONE);
  const go = useGoTo(() => {
    setText("");
    setOpen(false);
  });

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const item = items[active];
    if (event.key === "ArrowDown") setActive((old) => Math.min(items.length - 1, old + 1));
    else if (event.key === "ArrowUp") setActive((old) => Math.max(0, old - 1));
    else if (event.key === "Enter" && item) {
      go(item);
      event.currentTarget.blur();
    } else if (event.key === "Escape") event.currentTarget.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="search" role="search">
      <Icon name="search" size={16} />
      <input
        ref={inputRef}
        type="text"
        role="combobox"
        aria-expanded={isOpen && items.length > 0}
        aria-controls="search-found"
        aria-activedescendant={items[active] ? `found-${items[active].address}` : undefined}
        aria-label={t("search.label")}
        placeholder={t("search.placeholder")}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
          setOpen(true);
        }}
        onFocus={() => {
          setOpen(true);
        }}
        onBlur={() => {
          setOpen(false);
        }}
        onKeyDown={onKeyDown}
      />
      <kbd aria-hidden="true">/</kbd>
      {isOpen && asked !== "" && found.data ? (
        <Found items={items} active={active} text={asked} go={go} />
      ) : undefined}
    </div>
  );
}

function useGoTo(done: () => void): (terminal: TerminalSummary) => void {
  const navigate = useNavigate();
  const isOnMap = useRouterState({ select: (state) => state.location.pathname === "/" });
  return (terminal) => {
    done();
    if (isOnMap) void navigate({ to: "/", search: { terminal: terminal.address } });
    else
      void navigate({ to: "/terminals/$address", params: { address: String(terminal.address) } });
  };
}

interface FoundProps {
  readonly items: readonly TerminalSummary[];
  readonly active: number;
  readonly text: string;
  readonly go: (terminal: TerminalSummary) => void;
}

function Found({ items, active, text, go }: FoundProps) {
  const { t } = useSpeech();
  const profiles = useProfiles();
  if (items.length === 0) return <p className="found found-none">{t("search.none", { text })}</p>;
  return (
    <ul className="found" id="search-found" role="listbox" aria-label={t("search.label")}>
      {items.map((item, index) => (
        <li
          key={item.address}
          id={`found-${item.address}`}
          role="option"
          aria-selected={index === active}
          className={index === active ? "active" : ""}
          onMouseDown={(event) => {
            event.preventDefault(); // the focus stays until the click is through
            go(item);
          }}
        >
          <Glyph name={profiles.glyph(item.profile)} />
          <span className="cut">
            <strong>{item.name}</strong>
            <span className="soft mono">{item.serial}</span>
          </span>
          <span className="soft">
            {item.receivedAt === null ? t("terminals.never") : <Age at={item.receivedAt} />}
          </span>
        </li>
      ))}
    </ul>
  );
}
