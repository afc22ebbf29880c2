import { useMemo, useState } from "react";
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
              <button
                key={state}
                type="button"
                className="chip"
                title={t(`state.${state}.explained`)}
                aria-pressed={choice.state === state}
                onClick={() => {
                  choose({ ...choice, state: choice.state === state ? undefined : state });
                }}
              >
                <i className={`dot dot-${state}`} />
                {t(`state.${state}`)}
                <b>{format.number(states.get(state) ?? 0)}</b>
              </button>
            ))}
          </div>
          {names.length === 0 ? undefined : (
            <div className="chips chips-types" role="group" aria-label={t("map.types")}>
              {names.map((name) => (
                <button
                  key={name}
                  type="button"
                  className="chip"
                  title={t("map.only", { name: profiles.label(name) })}
                  aria-pressed={choice.profile === name}
                  onClick={() => {
                    choose({ ...choice, profile: choice.profile === name ? undefined : name });
                  }}
                >
                  <Glyph name={profiles.glyph(name)} size={16} />
                  <span className="cut">{profiles.label(name)}</span>
                  <b>{format.number(types.get(name) ?? 0)}</b>
                </button>
              ))}
            </div>
          )}
        </>
      ) : undefined}
    </section>
  );
}
