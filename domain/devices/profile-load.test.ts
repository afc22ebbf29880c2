import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { decodeReport, encodeReport } from "../../protocol/report/report.ts";
import { layoutOf } from "./profile.ts";
import { loadProfiles, parseProfile } from "./profile-load.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../profiles");

type Draft = Record<string, unknown>;

const LABEL = { en: "x", "zh-CN": "某" };
const speed = (over: Draft = {}): Draft => ({
  name: "speed",
  label: LABEL,
  bits: 9,
  kind: "uint",
  unit: "km/h",
  ...over,
});
const report = (over: Draft = {}): Draft => ({
  number: 1,
  name: "status",
  label: LABEL,
  fields: [speed()],
  ...over,
});
const command = (over: Draft = {}): Draft => ({
  number: 2,
  name: "go",
  label: LABEL,
  safetyClass: "operational",
  expiryS: 60,
  arguments: [],
  ...over,
});
const rule = (over: Draft = {}): Draft => ({
  key: "fast",
  label: LABEL,
  severity: "minor",
  holdS: 0,
  kind: "condition",
  condition: "speed > 1.0",
  ...over,
});
const draft = (over: Draft = {}): Draft => ({
  number: 100,
  name: "scooter",
  label: LABEL,
  icon: "scooter",
  reports: [report()],
  events: [],
  commands: [],
  settings: [],
  alertRules: [],
  panels: [],
  ...over,
});
const mode = (over: Draft = {}): Draft => ({
  name: "mode",
  label: LABEL,
  bits: 1,
  kind: "enum",
  values: [
    { name: "eco", label: LABEL },
    { name: "sport", label: LABEL },
  ],
  ...over,
});
const withField = (over: Draft): Draft => draft({ reports: [report({ fields: [speed(over)] })] });
const withFields = (...fields: Draft[]): Draft => draft({ reports: [report({ fields })] });

const setting = { name: "limit", label: LABEL, command: "go", argument: "limit", default: 1 };
const event = { name: "e", label: LABEL, report: "status", field: "mode", equals: "eco" };
const bad: readonly (readonly [problem: string, file: Draft])[] = [
  ["number: must be >= 1", draft({ number: 0 })],
  ["name: must be the file's name, scooter", draft({ name: "moped" })],
  ["name: must be lower-case words joined by hyphens", draft({ name: "Scooter" })],
  ["label.zh-CN: is missing", draft({ label: { en: "x" } })],
  ["label.en: must be some text", draft({ label: { en: " ", "zh-CN": "某" } })],
  ["colour: is not known here", draft({ colour: "red" })],
  ["reports: must not have fewer than 1 items", draft({ reports: [] })],
  ["reports[0].fields[0].bits: must be <= 32", withField({ bits: 33 })],
  ["reports[0].fields[0].bits: must be >= 1", withField({ bits: 0 })],
  ["reports[0].fields[0].kind: must be one of uint, int, bool, enum", withField({ kind: "real" })],
  ["reports[0].fields[0].name: must be one word in camel case", withField({ name: "top speed" })],
  ['reports[0].fields[0].name: "time" is reserved', withField({ name: "time" })],
  ["reports[0].fields[0].scale: must not be 0", withField({ scale: 0 })],
  [
    "reports[0].fields[0].scale: a field of kind bool has none",
    withField({ kind: "bool", scale: 2 }),
  ],
  ["reports[0].fields[0].values: an enum needs them", withField({ kind: "enum" })],
  ["reports[0].fields[0].values: only an enum has them", withFields(mode({ kind: "uint" }))],
  [
    "reports[0].fields[0].notAvailable: 512 is not in 0..511, the raw values of 9 bits",
    withField({ notAvailable: 512 }),
  ],
  [
    "reports[0].fields[0].notAvailable: 128 is not in -128..127, the raw values of 8 bits",
    withField({ kind: "int", bits: 8, notAvailable: 128 }),
  ],
  [
    "reports[0].fields[0].notAvailable: 1 already means something",
    withFields(mode({ notAvailable: 1 })),
  ],
  [
    "reports[0].fields[0].values: 3 values do not fit into 1 bits",
    withFields(mode({ values: ["a", "b", "c"].map((name) => ({ name, label: LABEL })) })),
  ],
  [
    "reports[0].fields[1].name: speed is already that of reports[0].fields[0]",
    withFields(speed(), speed()),
  ],
  [
    "reports[1].number: 1 is already that of reports[0]",
    draft({ reports: [report(), report({ name: "other" })] }),
  ],
  [
    'reports[1].fields[0].unit: is "km/h" in report status',
    draft({
      reports: [report(), report({ number: 2, name: "b", fields: [speed({ unit: "m/s" })] })],
    }),
  ],
  [
    "reports[1].fields[0].kind: is uint in report status",
    draft({
      reports: [report(), report({ number: 2, name: "b", fields: [speed({ kind: "int" })] })],
    }),
  ],
  [
    "reports[0].fields: with its number and age it takes 55 bytes of 54",
    withFields(...Array.from({ length: 13 }, (_, n) => speed({ name: `f${n}`, bits: 32 }))),
  ],
  ["commands[0].number: must be >= 2", draft({ commands: [command({ number: 1 })] })],
  ["commands[0].expiryS: is missing", draft({ commands: [command({ expiryS: undefined })] })],
  [
    "commands[0].safetyClass: must be one of information, convenience, operational, dangerous, life-safety",
    draft({ commands: [command({ safetyClass: "harmless" })] }),
  ],
  [
    "commands[1].number: 2 is already that of commands[0]",
    draft({ commands: [command(), command({ name: "stop" })] }),
  ],
  [
    "commands[0].arguments: with its number it takes 49 bytes of 46",
    draft({
      commands: [
        command({
          arguments: Array.from({ length: 12 }, (_, n) => speed({ name: `f${n}`, bits: 32 })),
        }),
      ],
    }),
  ],
  [
    "commands[0].preconditions[0].condition: no report has height",
    draft({
      commands: [
        command({
          preconditions: [{ condition: "height < 1.0", valuesAtMostOldS: 1, label: LABEL }],
        }),
      ],
    }),
  ],
  ["settings[0].command: there is no command go", draft({ settings: [setting] })],
  [
    "settings[0].argument: command go has no argument limit",
    draft({ commands: [command()], settings: [setting] }),
  ],
  [
    "settings[0].default: is no value of limit",
    draft({
      commands: [command({ arguments: [speed({ name: "limit" })] })],
      settings: [{ ...setting, default: true }],
    }),
  ],
  [
    "events[0].report: there is no report trip",
    draft({ events: [{ ...event, severity: "minor", report: "trip" }] }),
  ],
  [
    "events[0].equals: is no value of mode",
    { ...withFields(mode()), events: [{ ...event, severity: "minor", equals: "off" }] },
  ],
  [
    "alertRules[0].condition: no report has height",
    draft({ alertRules: [rule({ condition: "speed > 1.0 && previous.height < 2.0" })] }),
  ],
  [
    'alertRules[0].condition: "off" is no value of mode',
    { ...withFields(mode()), alertRules: [rule({ condition: 'mode == "off"' })] },
  ],
  [
    "alertRules[0].condition: a condition rule needs it",
    draft({ alertRules: [rule({ condition: undefined })] }),
  ],
  [
    "alertRules[0].condition: a silence rule has none",
    draft({ alertRules: [rule({ kind: "silence" })] }),
  ],
  [
    "alertRules[0].field: no report has height",
    draft({
      alertRules: [
        {
          ...rule({ kind: "rate-of-change", condition: undefined }),
          field: "height",
          change: 1,
          withinS: 1,
        },
      ],
    }),
  ],
  [
    "alertRules[1].key: fast is already that of alertRules[0]",
    draft({ alertRules: [rule(), rule()] }),
  ],
  [
    "panels[0].fields[0]: no report has height",
    draft({ panels: [{ title: LABEL, kind: "line", fields: ["height"] }] }),
  ],
  [
    "positionFields.latitude: no report has lat",
    draft({ positionFields: { latitude: "lat", longitude: "speed" } }),
  ],
  [
    "reports[1].fields: has only half of a position",
    draft({
      reports: [
        report({ fields: [speed({ name: "lat" }), speed({ name: "lon" })] }),
        report({ number: 2, name: "b", fields: [speed({ name: "lat" })] }),
      ],
      positionFields: { latitude: "lat", longitude: "lon" },
    }),
  ],
];

describe("a bad profile", () => {
  it("is not the one that the others are made from", () => {
    const parsed = parseProfile("scooter.json", JSON.stringify(draft()));
    expect(parsed).toMatchObject({ ok: true });
  });

  it.each(bad)("is told: %s", (problem, file) => {
    const parsed = parseProfile("scooter.json", JSON.stringify(file));
    expect(parsed.ok ? [] : parsed.problems).toContain(`scooter.json: ${problem}`);
  });

  it("is told all its problems at once", () => {
    const text = JSON.stringify(draft({ number: 0, icon: 7, reports: [report({ number: 200 })] }));
    const parsed = parseProfile("scooter.json", text);
    expect(parsed).toEqual({
      ok: false,
      problems: [
        "scooter.json: number: must be >= 1",
        "scooter.json: icon: must be string",
        "scooter.json: reports[0].number: must be <= 127",
      ],
    });
  });

  it("is told when it is no JSON", () => {
    const parsed = parseProfile("scooter.json", "{");
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      expect.stringMatching(/^scooter\.json: is no JSON: /),
    ]);
  });
});

describe("a folder of profiles", () => {
  function folderWith(files: Readonly<Record<string, Draft>>): string {
    const folder = mkdtempSync(path.join(tmpdir(), "profiles-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    cpSync(FOLDER, folder, { recursive: true });
    for (const [name, file] of Object.entries(files)) {
      writeFileSync(path.join(folder, name), JSON.stringify(file));
    }
    return folder;
  }

  it("takes a new device type as one new file", () => {
    const profiles = loadProfiles(folderWith({ "scooter.json": draft() }));
    const scooter = profiles.byNumber.get(100);
    if (scooter === undefined) throw new Error("the scooter is not there");
    const bytes = encodeReport(1, null, layoutOf(scooter, 1) ?? [], { speed: 25 });
    const decoded = decodeReport(bytes, (number) => layoutOf(scooter, number));
    expect(decoded).toMatchObject({ ok: true, values: { speed: 25 } });
    expect(profiles.byName.size).toBe(10);
  });

  it("tells the problems of all its files at once", () => {
    const folder = folderWith({
      "scooter.json": draft({ number: 1 }),
      "moped.json": draft({ name: "moped", icon: 7 }),
    });
    expect(() => loadProfiles(folder)).toThrow(
      expect.objectContaining({
        code: "invalid_config",
        details: {
          problems: [
            "moped.json: icon: must be string",
            "vehicle.json: number: 1 is already that of scooter.json",
          ],
        },
      }),
    );
  });

  it("is not empty", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "profiles-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    expect(() => loadProfiles(folder)).toThrow("no profile is there");
  });
});
