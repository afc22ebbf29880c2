import { useNavigate } from "@tanstack/react-router";
import { Modal } from "antd";
import { useEffect, useState } from "react";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { nowMs } from "../time/clock.ts";

const PLACES = {
  m: "/",
  t: "/terminals",
  p: "/packets",
  g: "/gateways",
} as const;
const CHORD_MS = 1500;

const isPlace = (key: string): key is keyof typeof PLACES => key in PLACES;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

interface ShortcutsProps {
  readonly onSearch: () => void;
}

/** Keys that work everywhere: `/`, `?`, and `g` followed by the place. */
export function Shortcuts({ onSearch }: ShortcutsProps) {
  const navigate = useNavigate();
  const [isHelpOpen, setHelpOpen] = useState(false);
  useEffect(() => {
    let goUntilMs = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (nowMs() < goUntilMs && isPlace(event.key)) {
        goUntilMs = 0;
        event.preventDefault();
        void navigate({ to: PLACES[event.key] });
        return;
      }
      goUntilMs = event.key === "g" ? nowMs() + CHORD_MS : 0;
      if (event.key === "?") setHelpOpen((open) => !open);
      if (event.key !== "/") return;
      event.preventDefault();
      onSearch();
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, [navigate, onSearch]);
  return (
    <ShortcutsHelp
      open={isHelpOpen}
      close={() => {
        setHelpOpen(false);
      }}
    />
  );
}

const HELP: readonly (readonly [readonly string[], TextKey])[] = [
  [["/"], "shortcuts.search"],
  [["g", "m"], "shortcuts.map"],
  [["g", "t"], "shortcuts.terminals"],
  [["g", "p"], "shortcuts.packets"],
  [["g", "g"], "shortcuts.gateways"],
  [["↑", "↓"], "shortcuts.list"],
  [["Enter"], "shortcuts.open"],
  [["Esc"], "shortcuts.close"],
  [["Space"], "shortcuts.pause"],
  [["?"], "shortcuts.help"],
];

function ShortcutsHelp({ open, close }: { readonly open: boolean; readonly close: () => void }) {
  const { t } = useSpeech();
  return (
    <Modal open={open} onCancel={close} footer={null} title={t("app.shortcuts")} width={420}>
      <dl className="shortcuts">
        {HELP.map(([keys, text]) => (
          <div key={text}>
            <dt>
              {keys.map((key) => (
                <kbd key={key + text}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
