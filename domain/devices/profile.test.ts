import path from "node:path";
import { describe, expect, it } from "vitest";
import { decodeReport, encodeReport, packedBytes } from "../../protocol/report/report.ts";
import { describeReport, layoutOf, type Profile, telemetryFields } from "./profile.ts";
import { loadProfiles } from "./profile-load.ts";

const FOLDER = path.resolve(import.meta.dirname, "../../profiles");
const shipped = loadProfiles(FOLDER);
const each = [...shipped.byName.values()].map((profile) => [profile.name, profile] as const);

function shippedProfile(name: string): Profile {
  const profile = shipped.byName.get(name);
  if (profile === undefined) throw new Error(`${name} is not shipped`);
  return profile;
}

describe("the nine that ship", () => {
  it("are there, by name and by number", () => {
    expect([...shipped.byNumber].sort(([a], [b]) => a - b).map(([, { name }]) => name)).toEqual([
      "vehicle",
      "bus",
      "streetlight",
      "elevator",
      "groundwater",
      "billboard",
      "siren",
      "home-alarm",
      "payment",
    ]);
  });

  it.each(each)("%s: every report fits a packet at the robust rate, aged too", (_name, profile) => {
    for (const { fields } of profile.reports) expect(3 + packedBytes(fields)).toBeLessThan(54);
  });

  it.each(each)("%s: every report can say that it knows nothing", (_name, profile) => {
    for (const { number, fields } of profile.reports) {
      const values = Object.fromEntries(
        fields.map((field) => [field.name, field.notAvailable === null ? false : null]),
      );
      const decoded = decodeReport(encodeReport(number, 20, fields, values), (asked) =>
        layoutOf(profile, asked),
      );
      expect(decoded).toEqual({ ok: true, reportNumber: number, aged: true, ageS: 20, values });
    }
  });

  it.each(each)("%s: has alarms, panels, and commands that expire", (_name, profile) => {
    expect(profile.alertRules.length).toBeGreaterThan(3);
    expect(profile.panels.length).toBeGreaterThan(3);
    expect(profile.reports.length).toBeGreaterThan(2);
    expect(profile.commands.every(({ expiryS }) => expiryS > 0)).toBe(true);
  });

  it("ask for a second person where it may hurt someone", () => {
    const guarded = each.flatMap(([name, { commands }]) =>
      commands
        .filter((command) => command.secondPerson)
        .map((command) => `${name} ${command.name}`),
    );
    expect(guarded).toEqual(expect.arrayContaining(["vehicle immobilise", "siren sound"]));
    const immobilise = shippedProfile("vehicle").commands.find(({ name }) => name === "immobilise");
    expect(immobilise?.preconditions).toMatchObject([{ condition: "speed < 5.0" }]);
  });

  it("place Shanghai within one step of a position", () => {
    const vehicle = shippedProfile("vehicle");
    const fields = layoutOf(vehicle, 1) ?? [];
    const nothing = Object.fromEntries(
      fields.map((field) => [field.name, field.notAvailable === null ? true : null]),
    );
    const values = { ...nothing, latitude: 31.2304, longitude: 121.4737 };
    const decoded = decodeReport(encodeReport(1, null, fields, values), () => fields);
    const said = decoded.ok ? decoded.values : {};
    expect(said["latitude"]).toBeCloseTo(31.2304, 4);
    expect(said["longitude"]).toBeCloseTo(121.4737, 4);
  });
});

describe("what a report says", () => {
  const elevator = shippedProfile("elevator");
  const values = { floor: -1, direction: 1, door: 2, trapped: false, faultCode: null, mode: 6 };

  it("to people: labels, units and enum names", () => {
    expect(describeReport(elevator, 1, values)).toEqual([
      {
        name: "floor",
        label: { en: "Floor", "zh-CN": "楼层" },
        value: -1,
        valueLabel: null,
        unit: "",
      },
      {
        name: "direction",
        label: { en: "Direction", "zh-CN": "方向" },
        value: "up",
        valueLabel: { en: "Up", "zh-CN": "上行" },
        unit: "",
      },
      {
        name: "door",
        label: { en: "Door", "zh-CN": "轿门" },
        value: "moving",
        valueLabel: { en: "Moving", "zh-CN": "动作中" },
        unit: "",
      },
      {
        name: "trapped",
        label: { en: "Passenger trapped", "zh-CN": "困人" },
        value: false,
        valueLabel: null,
        unit: "",
      },
      {
        name: "faultCode",
        label: { en: "Controller fault code", "zh-CN": "控制器故障码" },
        value: null,
        valueLabel: null,
        unit: "",
      },
      {
        name: "mode",
        label: { en: "Mode", "zh-CN": "运行模式" },
        value: "6",
        valueLabel: null,
        unit: "",
      },
    ]);
  });

  it("to the telemetry store: what is known, enums by name", () => {
    expect(telemetryFields(elevator, 1, values)).toEqual({
      floor: -1,
      direction: "up",
      door: "moving",
      trapped: false,
      mode: "6",
    });
  });

  it("is nothing for a report that the profile does not have", () => {
    expect(layoutOf(elevator, 99)).toBeUndefined();
    expect(describeReport(elevator, 99, values)).toEqual([]);
    expect(telemetryFields(elevator, 99, values)).toEqual({});
  });
});
