import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { doStep } from "./use-jobs.ts";

export function PlaceCard({ jobId, told }: CardProps) {
  const { t } = useSpeech();
  const [latitude, setLatitude] = useState(told.place ? String(told.place.latitude) : "");
  const [longitude, setLongitude] = useState(told.place ? String(told.place.longitude) : "");
  const [accuracyM, setAccuracy] = useState<number>();
  const [looking, setLooking] = useState<{ readonly fault?: string }>();
  const place = placeOf(latitude, longitude);
  const find = (): void => {
    setLooking({});
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setLatitude(coords.latitude.toFixed(6));
        setLongitude(coords.longitude.toFixed(6));
        setAccuracy(coords.accuracy);
        setLooking(undefined);
      },
      (error) => {
        setLooking({ fault: error.message || String(error.code) });
      },
      { enableHighAccuracy: true, timeout: 20_000 },
    );
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (place) void doStep(jobId, "place", { ...place, ...(accuracyM && { accuracyM }) });
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
      <div className="field-pair">
        <Degrees label={t("field.place.latitude")} value={latitude} onChange={setLatitude} />
        <Degrees label={t("field.place.longitude")} value={longitude} onChange={setLongitude} />
      </div>
      {place === undefined && latitude !== "" && longitude !== "" && (
        <p className="field-bad">{t("field.place.bad")}</p>
      )}
      <button type="submit" className="field-big" disabled={place === undefined}>
        {t("field.save")}
      </button>
    </form>
  );
}

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
