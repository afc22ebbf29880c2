import { hkdfSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseHex } from "../protocol/hex.ts";
import { individualRic } from "../protocol/packet/page.ts";
import { TERMINALS_MAX } from "./arguments.ts";
import { enrolmentCsv, enrolmentJson } from "./enrolment-file.ts";
import { createBench, createCity, createFleet, fleetMix, PROFILE_SHARES } from "./fleet.ts";
import { CITY_BOUNDS } from "./streets/plane.ts";

const city = createCity("test", 200);
const fleet = createFleet("test", 200, city);

describe("createFleet", () => {
  it("has two hundred terminals of all nine types, and what moves is most of it", () => {
    expect(fleetMix(200)).toEqual(new Map(Object.entries(PROFILE_SHARES)));
    for (const count of [1, 9, 27, 500, 1_001]) {
      expect([...fleetMix(count).values()].reduce((sum, share) => sum + share, 0)).toBe(count);
    }
  });

  it("is the same for the same seed; another seed has other keys", () => {
    expect(createFleet("test", 200, city)).toEqual(fleet);
    const other = createFleet("other", 27);
    expect(other.map(({ rootKey }) => rootKey)).not.toEqual(
      fleet.slice(0, 27).map((t) => t.rootKey),
    );
  });

  it("gives each its own address, serial, name, key and page address, inside the city", () => {
    const [west, south, east, north] = CITY_BOUNDS;
    for (const what of ["address", "serial", "rootKey"] as const) {
      expect(new Set(fleet.map((terminal) => String(terminal[what]))).size).toBe(200);
    }
    expect(new Set(fleet.map(({ address }) => individualRic(address))).size).toBe(200);
    expect(new Set(fleet.map(({ name }) => name)).size).toBeGreaterThan(195);
    for (const { latitude, longitude } of fleet) {
      expect(longitude > west && longitude < east && latitude > south && latitude < north).toBe(
        true,
      );
    }
  });

  it("derives a root key by HKDF", () => {
    const first = fleet[0];
    const expected = hkdfSync("sha256", "test", "hopline simulator", "root key 100001", 16);
    expect(first?.address).toBe(100_001);
    expect(first?.rootKey).toEqual(new Uint8Array(expected));
  });
});

describe("createBench", () => {
  const bench = createBench("test", city);

  it("has one nameless terminal of each type, none of which is in a fleet", () => {
    expect(bench.map(({ profile }) => profile)).toEqual(Object.keys(PROFILE_SHARES));
    expect(bench.every(({ seat }) => seat > TERMINALS_MAX)).toBe(true);
    expect(bench.every(({ name, serial }) => name === serial)).toBe(true);
  });

  it("is the same beside any fleet", () => {
    const keyOf = ({ serial, rootKey }: (typeof bench)[number]) => [serial, rootKey];
    expect(createBench("test", createCity("test", 0)).map(keyOf)).toEqual(bench.map(keyOf));
  });
});

describe("an enrolment file", () => {
  it("says the same as JSON and as CSV", () => {
    const rows = JSON.parse(enrolmentJson(fleet)) as Record<string, unknown>[];
    const [head, ...lines] = enrolmentCsv(fleet).trimEnd().split("\r\n");
    expect(rows.length).toBe(200);
    // the columns that the import of a factory's file asks for
    expect(head).toBe(
      "address,serial,root_key,profile,name,hardware_version,firmware_version,latitude,longitude,batch",
    );
    expect(lines.map((line) => line.split(",")[1])).toEqual(rows.map((row) => row["serial"]));
    expect(parseHex(String(rows[7]?.["rootKey"]))).toEqual(fleet[7]?.rootKey);
  });

  it("leaves empty where a new terminal is", () => {
    const fresh = fleet.slice(0, 1).map((one) => ({ ...one, latitude: null, longitude: null }));
    expect(enrolmentCsv(fresh)).toContain(",,,simulated\r\n");
  });

  it("quotes what would break a line", () => {
    const odd = fleet.slice(0, 1).map((terminal) => ({ ...terminal, name: 'A "b", c' }));
    expect(enrolmentCsv(odd)).toContain('"A ""b"", c"');
  });
});
