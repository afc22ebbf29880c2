import type { Scalar } from "../api/types.ts";
import type { TextKey } from "./en.ts";

type Say = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

export interface Format {
  /** Hours, minutes, seconds in the user's zone; with the day when it is not today. */
  readonly time: (iso: string, nowMs: number) => string;
  /** The whole time with its zone, for a tooltip. */
  readonly fullTime: (iso: string) => string;
  /** A length of time in one or two units: `45 s`, `3 min`, `2 h 5 min`. */
  readonly duration: (ms: number) => string;
  readonly age: (iso: string, nowMs: number) => string;
  readonly number: (value: number, digits?: number) => string;
  /** Always with as many digits, for columns. */
  readonly decimal: (value: number, digits: number) => string;
  readonly value: (value: Scalar, unit: string) => string;
  readonly coordinates: (latitude: number, longitude: number) => string;
  readonly clockError: (nanoseconds: number) => string;
  /** Whole minor units, such as fen, with their currency. */
  readonly money: (minor: number, currency: string) => string;
  /** A day of a calendar, `2026-02-28`; it has no zone. */
  readonly day: (day: string) => string;
  /** A month of it, `2026-02`. */
  readonly month: (month: string) => string;
}

/** The unit of a field that is a diagnostic trouble code. */
const FAULT_CODE = "DTC";
const FAULT_SYSTEMS = "PCBU"; // powertrain, chassis, body, network

/** As a garage writes it (ISO 15031-6, SAE J2012): 0x0217 is P0217; 0 is no fault. */
const faultCode = (code: number): string =>
  code === 0
    ? "—"
    : `${FAULT_SYSTEMS[(code >> 14) & 3] ?? ""}${(code & 0x3fff).toString(16).toUpperCase().padStart(4, "0")}`;

/** A place to a metre, as in coordinates. */
const DEGREE_DIGITS = 5;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  ["day", DAY, "hour", HOUR],
  ["hour", HOUR, "minute", MINUTE],
] as const;

function durationFormat(language: string): (ms: number) => string {
  const unit = (name: string) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" });
  const formats = {
    day: unit("day"),
    hour: unit("hour"),
    minute: unit("minute"),
    second: unit("second"),
  };
  return (ms) => {
    for (const [big, bigMs, small, smallMs] of UNITS) {
      if (ms < bigMs) continue;
      const whole = Math.floor(ms / bigMs);
      const rest = Math.floor((ms - whole * bigMs) / smallMs);
      const text = formats[big].format(whole);
      return rest === 0 || whole >= 10 ? text : `${text} ${formats[small].format(rest)}`;
    }
    if (ms >= MINUTE) return formats.minute.format(Math.floor(ms / MINUTE));
    return formats.second.format(Math.floor(ms / SECOND));
  };
}

function timeFormat(language: string, timeZone: string): Format["time"] {
  const clock = {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone,
  } as const;
  const day = new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone });
  const ofToday = new Intl.DateTimeFormat(language, clock);
  const ofOtherDay = new Intl.DateTimeFormat(language, {
    month: "short",
    day: "numeric",
    ...clock,
  });
  return (iso, nowMs) => {
    const date = new Date(iso);
    const isToday = day.format(date) === day.format(new Date(nowMs));
    return (isToday ? ofToday : ofOtherDay).format(date);
  };
}

/** Money and days of a calendar. */
function billingFormat(language: string): Pick<Format, "money" | "day" | "month"> {
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" });
  const month = new Intl.DateTimeFormat(language, {
    ...{ year: "numeric", month: "long", timeZone: "UTC" },
  });
  return {
    money(minor, currency) {
      const format = new Intl.NumberFormat(language, { style: "currency", currency });
      return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
    },
    day: (text) => day.format(new Date(text)),
    month: (text) => month.format(new Date(`${text}-01`)),
  };
}

export function createFormat(language: string, t: Say, timeZone: string): Format {
  const duration = durationFormat(language);
  const full = new Intl.DateTimeFormat(language, {
    dateStyle: "medium",
    timeStyle: "long",
    hourCycle: "h23",
    timeZone,
  });
  const number = (value: number, digits = 3) =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return {
    ...billingFormat(language),
    time: timeFormat(language, timeZone),
    fullTime: (iso) => full.format(new Date(iso)),
    duration,
    age(iso, nowMs) {
      const ms = nowMs - Date.parse(iso);
      return ms < SECOND ? t("age.now") : t("age.ago", { age: duration(ms) });
    },
    number,
    decimal: (value, digits) =>
      new Intl.NumberFormat(language, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(value),
    value(value, unit) {
      if (value === null) return t("value.none");
      if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
      if (unit === FAULT_CODE && typeof value === "number") return faultCode(value);
      if (unit === "°" && typeof value === "number") return `${number(value, DEGREE_DIGITS)}°`;
      const text = typeof value === "number" ? number(value) : value.replaceAll(/[-_]/g, " ");
      return unit === "" ? text : `${text} ${unit}`;
    },
    coordinates: (latitude, longitude) => `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`,
    clockError(nanoseconds) {
      if (nanoseconds < 1000) return `${number(nanoseconds, 0)} ns`;
      if (nanoseconds < 1e6) return `${number(nanoseconds / 1000, 1)} µs`;
      return `${number(nanoseconds / 1e6, 1)} ms`;
    },
  };
}
