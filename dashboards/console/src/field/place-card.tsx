import { lazy, Suspense, useState } from "react";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import type { Told } from "./steps.ts";
import { doStep } from "./use-jobs.ts";

/** The map alone is larger than all else of this app: it comes when somebody wants it. */
const PlaceMap = lazy(async () => ({ default: (await import("./place-map.tsx")).PlaceMap }));

export function PlaceCard({ jobId, told, onNext }: CardProps) {
  const { t } = useSpeech();
  const [isMapOpen, setMapOpen] = useState(false);
  const { typed, take, place, accuracyM, find, finding } = usePlace(told);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (place === undefined) return;
        void doStep(jobId, "place", { ...place, ...(accuracyM && { accuracyM }) });
        onNext();
      }}
    >
      <button type="button" className="field-second" onClick={find}>
        {t("field.place.here")}
      </button>
      {finding === "looking" && <p className="soft">{t("field.place.finding")}</p>}
      {finding !== undefined && finding !== "looking" && (
        <p className="field-bad">{t("field.place.failed", { reason: t(finding) })}</p>
      )}
      {isMapOpen ? (
        <Suspense fallback={<p className="soft">{t("app.loading")}</p>}>
          <PlaceMap
            place={place}
            onPick={(picked) => {
              take(inDegrees(picked));
            }}
          />
        </Suspense>
      ) : (
        <button
          type="button"
          className="field-second"
          onClick={() => {
            setMapOpen(true);
          }}
        >
          {t("field.place.map")}
        </button>
      )}
      <div className="field-pair">
        <Degrees
          label={t("field.place.latitude")}
          value={typed.latitude}
          onChange={(latitude) => {
            take({ latitude });
          }}
        />
        <Degrees
          label={t("field.place.longitude")}
          value={typed.longitude}
          onChange={(longitude) => {
            take({ longitude });
          }}
        />
      </div>
      {accuracyM !== undefined && (
        <p className="soft">{t("field.place.accuracy", { metres: Math.round(accuracyM) })}</p>
      )}
      {place === undefined && typed.latitude !== "" && typed.longitude !== "" && (
        <p className="field-bad">{t("field.place.bad")}</p>
      )}
      <button type="submit" className="field-big" disabled={place === undefined}>
        {t("field.save")}
      </button>
    </form>
  );
}

/** The place as it is typed, told by the satellites or picked on the map; the last one counts. */
function usePlace(told: Told) {
  const [typed, setTyped] = useState({
    latitude: told.place ? String(told.place.latitude) : "",
    longitude: told.place ? String(told.place.longitude) : "",
  });
  const [accuracyM, setAccuracy] = useState<number>();
  const [finding, setFinding] = useState<"looking" | TextKey>();
  /** What the satellites say of their accuracy holds for their own place alone. */
  const take = (next: Partial<typeof typed>, metres?: number): void => {
    setTyped((before) => ({ ...before, ...next }));
    setAccuracy(metres);
  };
  const find = (): void => {
    setFinding("looking");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        take(inDegrees(coords), coords.accuracy);
        setFinding(undefined);
      },
      ({ code }) => {
        setFinding(FAULTS[code] ?? "field.place.fault.away");
      },
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  };
  const place = placeOf(typed.latitude, typed.longitude);
  return { typed, take, place, accuracyM, find, finding };
}

const inDegrees = ({ latitude, longitude }: NonNullable<Told["place"]>) => ({
  latitude: latitude.toFixed(6),
  longitude: longitude.toFixed(6),
});

/** By the code of a GeolocationPositionError: its message is in no language that one could choose. */
const FAULTS: Readonly<Record<number, TextKey>> = {
  1: "field.place.fault.denied",
  2: "field.place.fault.away",
  3: "field.place.fault.late",
};

interface DegreesProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const Degrees = ({ label, value, onChange }: DegreesProps) => (
  <label>
    {label}
    <input
      inputMode="decimal"
      value={value}
      onChange={(event) => {
        onChange(event.target.value);
      }}
    />
  </label>
);

function placeOf(
  latitude: string,
  longitude: string,
): { readonly latitude: number; readonly longitude: number } | undefined {
  const place = { latitude: Number(latitude), longitude: Number(longitude) };
  const isIn = Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180;
  return latitude.trim() !== "" && longitude.trim() !== "" && isIn ? place : undefined;
}
