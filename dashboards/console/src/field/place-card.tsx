import { lazy, Suspense, useState } from "react";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { doStep } from "./use-jobs.ts";

/** The map alone is larger than all else of this app: it comes when somebody wants it. */
const PlaceMap = lazy(async () => ({ default: (await import("./place-map.tsx")).PlaceMap }));

export function PlaceCard({ jobId, told, onNext }: CardProps) {
  const { t } = useSpeech();
  const [isMapOpen, setMapOpen] = useState(false);
  const [latitude, setLatitude] = useState(told.place ? String(told.place.latitude) : "");
  const [longitude, setLongitude] = useState(told.place ? String(told.place.longitude) : "");
  const [accuracyM, setAccuracy] = useState<number>();
  const [looking, setLooking] = useState<{ readonly fault?: string }>();
  const place = placeOf(latitude, longitude);
  /** What the satellites say of their accuracy holds for their own place alone. */
  const take = (north: string, east: string, metres?: number): void => {
    setLatitude(north);
    setLongitude(east);
    setAccuracy(metres);
  };
  const find = (): void => {
    setLooking({});
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        take(coords.latitude.toFixed(6), coords.longitude.toFixed(6), coords.accuracy);
        setLooking(undefined);
      },
      (error) => {
        setLooking({ fault: t(FAULTS[error.code] ?? "field.place.fault.away") });
      },
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  };
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
      {looking !== undefined && looking.fault === undefined && (
        <p className="soft">{t("field.place.finding")}</p>
      )}
      {looking?.fault !== undefined && (
        <p className="field-bad">{t("field.place.failed", { reason: looking.fault })}</p>
      )}
      {isMapOpen ? (
        <Suspense fallback={<p className="soft">{t("app.loading")}</p>}>
          <PlaceMap
            place={place}
            onPick={(picked) => {
              take(picked.latitude.toFixed(6), picked.longitude.toFixed(6));
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
          value={latitude}
          onChange={(next) => {
            take(next, longitude);
          }}
        />
        <Degrees
          label={t("field.place.longitude")}
          value={longitude}
          onChange={(next) => {
            take(latitude, next);
          }}
        />
      </div>
      {accuracyM !== undefined && (
        <p className="soft">{t("field.place.accuracy", { metres: Math.round(accuracyM) })}</p>
      )}
      {place === undefined && latitude !== "" && longitude !== "" && (
        <p className="field-bad">{t("field.place.bad")}</p>
      )}
      <button type="submit" className="field-big" disabled={place === undefined}>
        {t("field.save")}
      </button>
    </form>
  );
}

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
