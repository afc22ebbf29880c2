import { Button, Checkbox, Input, InputNumber, Select } from "antd";
import type { Calendar, CalendarSwitch, GroupOutlook } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Arguments, firstGiven } from "./told-arguments.tsx";

interface CalendarFormProps {
  readonly calendar: Calendar;
  readonly outlook: GroupOutlook;
  readonly change: (calendar: Calendar) => void;
}

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7] as const;
const SWITCHES_MAX = 20;

export function CalendarForm({ calendar, outlook, change }: CalendarFormProps) {
  const { t } = useSpeech();
  const { switches, isActive } = calendar;
  const mayDo = outlook.commands.filter(({ mayBeInCalendar }) => mayBeInCalendar);
  const [first] = mayDo;
  const set = (at: number, next: CalendarSwitch | undefined): void => {
    const others = next === undefined ? switches.toSpliced(at, 1) : switches.with(at, next);
    change({ ...calendar, switches: others });
  };
  return (
    <div className="group-form">
      <Checkbox
        checked={isActive}
        onChange={(event) => {
          change({ ...calendar, isActive: event.target.checked });
        }}
      >
        {t("calendar.active")}
      </Checkbox>
      <PlaceFields calendar={calendar} change={change} />
      {switches.map((entry, at) => (
        <SwitchFields
          key={at} // its place in the calendar is what it is known by
          entry={entry}
          commands={mayDo}
          change={(next) => {
            set(at, next);
          }}
        />
      ))}
      {first === undefined ? undefined : (
        <Button
          disabled={switches.length >= SWITCHES_MAX}
          onClick={() => {
            const added: CalendarSwitch = {
              days: [...EVERY_DAY],
              at: { kind: "sunset", offsetMin: 0, notBefore: null, notAfter: null },
              ...{ name: first.name, arguments: firstGiven(first) },
            };
            change({ ...calendar, switches: [...switches, added] });
          }}
        >
          {t("calendar.add")}
        </Button>
      )}
    </div>
  );
}

function PlaceFields({ calendar, change }: Pick<CalendarFormProps, "calendar" | "change">) {
  const { t } = useSpeech();
  const { timeZone, latitude, longitude } = calendar;
  return (
    <div className="group-fields">
      <Field label={t("calendar.zone")}>
        <Input
          value={timeZone}
          maxLength={64}
          onChange={(event) => {
            change({ ...calendar, timeZone: event.target.value });
          }}
        />
      </Field>
      <Degrees
        label={t("calendar.latitude")}
        value={latitude}
        max={90}
        change={(next) => {
          change({ ...calendar, latitude: next });
        }}
      />
      <Degrees
        label={t("calendar.longitude")}
        value={longitude}
        max={180}
        change={(next) => {
          change({ ...calendar, longitude: next });
        }}
      />
    </div>
  );
}

interface DegreesProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly change: (value: number) => void;
}

function Degrees({ label, value, max, change }: DegreesProps) {
  return (
    <Field label={label}>
      <InputNumber<number>
        aria-label={label}
        value={value}
        {...{ min: -max, max, step: 0.1 }}
        onChange={(next) => {
          if (next !== null) change(next);
        }}
      />
    </Field>
  );
}

interface SwitchFieldsProps {
  readonly entry: CalendarSwitch;
  readonly commands: GroupOutlook["commands"];
  readonly change: (entry: CalendarSwitch | undefined) => void;
}

function SwitchFields({ entry, commands, change }: SwitchFieldsProps) {
  const { t, label } = useSpeech();
  const command = commands.find(({ name }) => name === entry.name);
  return (
    <fieldset className="calendar-switch">
      <Checkbox.Group
        aria-label={t("calendar.days")}
        value={entry.days}
        options={EVERY_DAY.map((day) => ({ value: day, label: t(`calendar.day.${day}`) }))}
        onChange={(days) => {
          if (days.length > 0) change({ ...entry, days: days.toSorted((a, b) => a - b) });
        }}
      />
      <div className="group-fields">
        <TimeFields entry={entry} change={change} />
        <Field label={t("tell.command")}>
          <Select
            aria-label={t("tell.command")}
            value={entry.name}
            options={commands.map((one) => ({ value: one.name, label: label(one.label) }))}
            onChange={(name) => {
              const next = commands.find((one) => one.name === name);
              if (next) change({ ...entry, name, arguments: firstGiven(next) });
            }}
          />
        </Field>
        {command === undefined ? undefined : (
          <Arguments
            command={command}
            given={entry.arguments}
            change={(given) => {
              change({ ...entry, arguments: given });
            }}
          />
        )}
      </div>
      <Button
        size="small"
        onClick={() => {
          change(undefined);
        }}
      >
        {t("calendar.remove")}
      </Button>
    </fieldset>
  );
}

const KINDS = ["sunset", "sunrise", "time"] as const;

function TimeFields({ entry, change }: Pick<SwitchFieldsProps, "entry" | "change">) {
  const { t } = useSpeech();
  const { at } = entry;
  const set = (next: CalendarSwitch["at"]): void => {
    change({ ...entry, at: next });
  };
  const kind = (
    <Field label={t("calendar.at")}>
      <Select
        aria-label={t("calendar.at")}
        value={at.kind}
        options={KINDS.map((one) => ({ value: one, label: t(`calendar.at.${one}`) }))}
        onChange={(next) => {
          set(
            next === "time"
              ? { kind: next, time: "18:00" }
              : { kind: next, offsetMin: 0, notBefore: null, notAfter: null },
          );
        }}
      />
    </Field>
  );
  if (at.kind === "time")
    return (
      <>
        {kind}
        <Clock
          label={t("calendar.time")}
          value={at.time}
          change={(time) => {
            if (time !== null) set({ ...at, time });
          }}
        />
      </>
    );
  return (
    <>
      {kind}
      <Field label={t("calendar.offset")} hint={t("calendar.offset.hint")}>
        <InputNumber<number>
          aria-label={t("calendar.offset")}
          value={at.offsetMin}
          {...{ min: -180, max: 180, step: 5, precision: 0 }}
          onChange={(offsetMin) => {
            if (offsetMin !== null) set({ ...at, offsetMin });
          }}
        />
      </Field>
      <Clock
        label={t("calendar.not-before")}
        value={at.notBefore}
        change={(notBefore) => {
          set({ ...at, notBefore });
        }}
      />
      <Clock
        label={t("calendar.not-after")}
        value={at.notAfter}
        change={(notAfter) => {
          set({ ...at, notAfter });
        }}
      />
    </>
  );
}

interface ClockProps {
  readonly label: string;
  readonly value: string | null;
  readonly change: (time: string | null) => void;
}

/** The browser's own: it knows twelve hours and twenty-four, the keyboard and the thumb. */
function Clock({ label, value, change }: ClockProps) {
  return (
    <Field label={label}>
      <Input
        type="time"
        aria-label={label}
        value={value ?? ""}
        onChange={(event) => {
          change(event.target.value === "" ? null : event.target.value);
        }}
      />
    </Field>
  );
}
