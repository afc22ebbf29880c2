import { type ReactNode, useMemo, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { Glyph, Icon } from "../parts/icon.tsx";
import type { Profiles } from "../parts/use-profiles.ts";
import type { Marker } from "./fleet-map.ts";

const STATES = ["alert", "fresh", "stale", "silent"] as const;

export interface FleetChoice {
  readonly profile: string | undefined;
  readonly state: Marker["state"] | undefined;
}

interface Filtered extends Marker {
  readonly profile: string;
}

export const isChosen = (choice: FleetChoice, { profile, state }: Filtered): boolean =>
  (choice.profile === undefined || choice.profile === profile) &&
  (choice.state === undefined || choice.state === state);

interface FleetFilterProps {
  readonly markers: readonly Filtered[];
  readonly profiles: Profiles;
  readonly choice: FleetChoice;
  readonly choose: (choice: FleetChoice) => void;
}

function countBy<K extends string>(markers: readonly Filtered[], key: (marker: Filtered) => K) {
  const counts = new Map<K, number>();
  for (const marker of markers) counts.set(key(marker), (counts.get(key(marker)) ?? 0) + 1);
  return counts;
}

/** Legend and filter in one: each state and each type with its count. */
export function FleetFilter({ markers, profiles, choice, choose }: FleetFilterProps) {
  const { t, format } = useSpeech();
  const [isOpen, setOpen] = useState(true);
  const states = useMemo(() => countBy(markers, ({ state }) => state), [markers]);
  const types = useMemo(() => countBy(markers, ({ profile }) => profile), [markers]);
  const shown = markers.filter((marker) => isChosen(choice, marker)).length;
  const names = profiles.all.map(({ name }) => name).filter((name) => types.has(name));
  return (
    <section className="fleet-filter card" aria-label={t("map.filter")}>
      <h2>
        {t("map.fleet")}
        <span className="soft">
          {t("map.shown", { shown: format.number(shown), total: format.number(markers.length) })}
        </span>
        <button
          type="button"
          className="plain"
          aria-expanded={isOpen}
          aria-label={t("map.filter")}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          <Icon name={isOpen ? "up" : "down"} size={15} />
        </button>
      </h2>
      {isOpen ? (
        <>
          <div className="chips" role="group" aria-label={t("map.fleet")}>
            {STATES.filter((state) => state !== "alert" || states.has(state)).map((state) => (
              <Chip
                key={state}
                title={t(`state.${state}.explained`)}
                isPressed={choice.state === state}
                count={states.get(state) ?? 0}
                press={() => {
                  choose({ ...choice, state: choice.state === state ? undefined : state });
                }}
              >
                <i className={`dot dot-${state}`} />
                {t(`state.${state}`)}
              </Chip>
            ))}
          </div>
          {names.length === 0 ? undefined : (
            <div className="chips chips-types" role="group" aria-label={t("map.types")}>
              {names.map((name) => (
                <Chip
                  key={name}
                  title={t("map.only", { name: profiles.label(name) })}
                  isPressed={choice.profile === name}
                  count={types.get(name) ?? 0}
                  press={() => {
                    choose({ ...choice, profile: choice.profile === name ? undefined : name });
                  }}
                >
                  <Glyph name={profiles.glyph(name)} size={16} />
                  <span className="cut">{profiles.label(name)}</span>
                </Chip>
              ))}
            </div>
          )}
        </>
      ) : undefined}
    </section>
  );
}

interface ChipProps {
  readonly title: string;
  readonly isPressed: boolean;
  readonly count: number;
  readonly press: () => void;
  readonly children: ReactNode;
}

function Chip({ title, isPressed, count, press, children }: ChipProps) {
  const { format } = useSpeech();
  return (
    <button type="button" className="chip" title={title} aria-pressed={isPressed} onClick={press}>
      {children}
      <b>{format.number(count)}</b>
    </button>
  );
}
