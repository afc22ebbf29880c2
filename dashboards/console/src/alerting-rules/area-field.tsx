import { Input, InputNumber, Select } from "antd";
import { lazy, Suspense, useState } from "react";
import { Field } from "../customers/field.tsx";
import { Loading } from "../parts/states.tsx";
import { readPoints, writePoints } from "./coordinates.ts";
import { type Draft, POINTS_MAX } from "./draft.ts";
import type { GeoPoint } from "./rule-queries.ts";
import { useWords } from "./rule-words.ts";

const AreaMap = lazy(() => import("./area-map.tsx").then(({ AreaMap }) => ({ default: AreaMap })));

interface AreaFieldProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
}

/** An area drawn on the map or typed as coordinates: the one follows the other. */
export function AreaField({ draft, set }: AreaFieldProps) {
  const { w } = useWords();
  return (
    <>
      <Field label={w("area.shape")}>
        <Select
          aria-label={w("area.shape")}
          value={draft.shape}
          onChange={(shape) => {
            set({ shape, points: [], centre: null });
          }}
          options={(["polygon", "circle", "corridor"] as const).map((value) => ({
            value,
            label: w(`shape.${value}`),
          }))}
        />
      </Field>
      <Field label={w("area.when")}>
        <Select
          aria-label={w("area.when")}
          value={draft.alarmWhen}
          onChange={(alarmWhen) => {
            set({ alarmWhen });
          }}
          options={(["inside", "outside", "crossing"] as const).map((value) => ({
            value,
            label: w(`when.${value}`),
          }))}
        />
      </Field>
      <div className="field-wide">
        <Suspense fallback={<Loading rows={6} />}>
          <AreaMap area={drawable(draft)} set={set} />
        </Suspense>
      </div>
      {draft.shape === "circle" ? (
        <CircleFields draft={draft} set={set} />
      ) : (
        <>
          {draft.shape === "corridor" ? (
            <Metres
              label={w("area.width")}
              value={draft.widthM}
              {...{ min: 20, max: 100_000 }}
              onChange={(widthM) => {
                set({ widthM });
              }}
            />
          ) : undefined}
          <PointsField draft={draft} set={set} />
        </>
      )}
    </>
  );
}

const NO_POINTS: readonly GeoPoint[] = [];

/** More corners than a rule may have are not drawn: whoever pasted them reads why. */
const drawable = (draft: Draft): Draft =>
  draft.points.length > POINTS_MAX ? { ...draft, points: NO_POINTS } : draft;

interface MetresProps {
  readonly label: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly onChange: (metres: number | null) => void;
}

export function Metres({ label, value, min, max, onChange }: MetresProps) {
  return (
    <Field label={label}>
      <InputNumber<number>
        aria-label={label}
        value={value}
        min={min}
        max={max}
        suffix="m"
        onChange={onChange}
      />
    </Field>
  );
}

function CircleFields({ draft, set }: AreaFieldProps) {
  const { w } = useWords();
  const { centre } = draft;
  return (
    <>
      {(["latitude", "longitude"] as const).map((name) => (
        <Field key={name} label={w(`area.${name}`)}>
          <InputNumber<number>
            value={centre?.[name] ?? null}
            min={name === "latitude" ? -90 : -180}
            max={name === "latitude" ? 90 : 180}
            step={0.001}
            onChange={(value) => {
              const next = { latitude: 0, longitude: 0, ...centre, [name]: value ?? 0 };
              set({ centre: value === null ? null : next });
            }}
          />
        </Field>
      ))}
      <Metres
        label={w("area.radius")}
        value={draft.radiusM}
        {...{ min: 10, max: 500_000 }}
        onChange={(radiusM) => {
          set({ radiusM });
        }}
      />
    </>
  );
}

/** What is typed stays as it is typed, until something else changes the corners. */
function PointsField({ draft, set }: AreaFieldProps) {
  const { w, format } = useWords();
  const { points } = draft;
  const [typed, setTyped] = useState({ text: "", points: NO_POINTS });
  const text = typed.points === points ? typed.text : writePoints(points);
  const read = readPoints(text);
  const take = (next: string): void => {
    const now = readPoints(next);
    const kept = now.ok ? now.points : points;
    setTyped({ text: next, points: kept });
    if (now.ok) set({ points: kept });
  };
  return (
    <Field
      label={w("area.points")}
      hint={w("area.points.hint", {
        max: POINTS_MAX,
        count: format.number(points.length),
      })}
      wide
    >
      <Input.TextArea
        className="mono"
        spellCheck={false}
        autoSize={{ minRows: 3, maxRows: 10 }}
        value={text}
        status={read.ok && points.length <= POINTS_MAX ? "" : "error"}
        onChange={(event) => {
          take(event.target.value);
        }}
      />
      {read.ok ? undefined : (
        <small className="alert-text" role="alert">
          {w("area.points.bad", { line: read.line })}
        </small>
      )}
    </Field>
  );
}
