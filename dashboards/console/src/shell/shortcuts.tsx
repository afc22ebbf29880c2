import { useNavigate } from "@tanstack/react-router";
import { Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { nowMs } from "../time/clock.ts";
import { usePlaces } from "./navigation.tsx";
import { CHORD_MS, type Place } from "./places.ts";

/** The second of a place's keys; the first is `g`. */
const keyOf = ({ keys }: Place): string => keys.slice(-1);

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
  const places = usePlaces();
  const latest = useRef(places);
  useEffect(() => {
    latest.current = places;
  });
  const [isHelpOpen, setHelpOpen] = useState(false);
  useEffect(() => {
    let goUntilMs = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const place = latest.current.find((each) => keyOf(each) === event.key);
      if (nowMs() < goUntilMs && place !== undefined) {
        goUntilMs = 0;
        event.preventDefault();
        if (place.isApart === true) window.location.assign(place.to);
        else void navigate({ to: place.to });
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
  [["↑", "↓"], "shortcuts.list"],
  [["Enter"], "shortcuts.open"],
  [["Esc"], "shortcuts.close"],
  [["Space"], "shortcuts.pause"],
  [["?"], "shortcuts.help"],
];

const ALARM_HELP: typeof HELP = [
  [["j", "k"], "shortcuts.alarm.move"],
  [["a"], "shortcuts.alarm.acknowledge"],
  [["s"], "shortcuts.alarm.shelve"],
  [["m"], "shortcuts.alarm.assign"],
  [["c"], "shortcuts.alarm.comment"],
  [["x"], "shortcuts.alarm.select"],
];

function ShortcutsHelp({ open, close }: { readonly open: boolean; readonly close: () => void }) {
  const { t } = useSpeech();
  const may = useMay();
  const alarms = may("alarms:work") ? ALARM_HELP : [];
  const going = usePlaces().map((place) => [place.keys.split(" "), place.text] as const);
  return (
    <Modal open={open} onCancel={close} footer={null} title={t("app.shortcuts")} width={420}>
      <dl className="shortcuts">
        {[...HELP, ...alarms, ...going].map(([keys, text]) => (
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
