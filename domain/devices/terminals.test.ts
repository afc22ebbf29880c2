import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ConflictError, InvalidConfigError } from "../../base/errors.ts";
import { test as base } from "../../tests/fixtures.ts";
import { formatDeviceCursor, parseDeviceCursor } from "./devices.ts";
import { createDevices } from "./devices-postgres.ts";
import { createKeySeal } from "./key-seal.ts";
import { openKeySeal } from "./key-seal-file.ts";
import type { Enrolment } from "./terminals.ts";
import { createTerminals } from "./terminals-postgres.ts";

const seal = createKeySeal(new Uint8Array(32).fill(7));
const terminal = (address: number, rest: Partial<Enrolment> = {}): Enrolment => ({
  address,
  serial: `HL-${address}`,
  rootKey: new Uint8Array(16).fill(address),
  profile: "vehicle",
  name: `Car ${address}`,
  latitude: 31.2,
  longitude: 121.5,
  ...rest,
});

const test = base.extend("folder", ({}, { onCleanup }) => {
  const path = mkdtempSync(join(tmpdir(), "hopline-key-"));
  onCleanup(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
});

it("opens what it sealed for that address and no other", () => {
  const rootKey = Uint8Array.from({ length: 16 }, (_, at) => at);
  const sealed = seal.seal(5, rootKey);
  expect(seal.open(5, sealed)).toEqual(rootKey);
  expect(() => seal.open(6, sealed)).toThrow(InvalidConfigError);
  expect(() => createKeySeal(new Uint8Array(32)).open(5, sealed)).toThrow(/another key/);
  expect(sealed.join()).not.toContain(rootKey.join());
});

test("makes a key for the owner's eyes only, and takes it again", async ({ db, folder }) => {
  const first = await openKeySeal({ DATA_DIR: folder }, db);
  expect(statSync(join(folder, "key-encryption.key")).mode & 0o777).toBe(0o600);
  await createTerminals({ db, seal: first }).enrol([terminal(1)]);
  const second = await openKeySeal({ DATA_DIR: folder }, db);
  expect(second.open(1, first.seal(1, new Uint8Array(16)))).toEqual(new Uint8Array(16));
});

test("names a lost or a wrong key instead of making another", async ({ db, folder }) => {
  await createTerminals({ db, seal }).enrol([terminal(1)]);
  await expect(openKeySeal({ DATA_DIR: folder }, db)).rejects.toThrow(/put back/);
  const wrong = { DATA_DIR: folder, KEY_ENCRYPTION_KEY: "00".repeat(32) };
  await expect(openKeySeal(wrong, db)).rejects.toThrow(/terminal 1 was sealed under another/);
  writeFileSync(join(folder, "key-encryption.key"), "rubbish");
  await expect(openKeySeal({ DATA_DIR: folder }, db)).rejects.toThrow(/64 hexadecimal digits/);
  expect(readFileSync(join(folder, "key-encryption.key"), "utf8")).toBe("rubbish");
});

test("enrols each terminal once and refuses another one of the same address", async ({ db }) => {
  const terminals = createTerminals({ db, seal });
  expect(await terminals.enrol([terminal(1), terminal(2)])).toBe(2);
  expect(await terminals.enrol([terminal(1), terminal(2), terminal(3)])).toBe(1);
  await expect(terminals.enrol([terminal(3, { serial: "X" })])).rejects.toThrow(ConflictError);
  await expect(terminals.enrol([terminal(3, { rootKey: new Uint8Array(16) })])).rejects.toThrow(
    ConflictError,
  );
});

test("lists terminals by search, profile and page", async ({ db }) => {
  const fleet = Array.from({ length: 25 }, (_, at) =>
    terminal(100 + at, {
      name: at % 2 ? `Bus ${at}, 100%` : `车 ${at}`,
      profile: at % 2 ? "bus" : "vehicle",
    }),
  );
  await createTerminals({ db, seal }).enrol(fleet);
  const devices = createDevices(db);

  const all: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await devices.list({
      reach: "all",
      limit: 7,
      cursor: cursor ? parseDeviceCursor(cursor) : undefined,
    });
    expect(page.total).toBe(25);
    all.push(...page.items.map(({ address }) => address));
    cursor = page.next && formatDeviceCursor(page.next);
  } while (cursor !== undefined);
  expect(all.toSorted((a, b) => a - b)).toEqual(fleet.map(({ address }) => address));
  expect(
    (await devices.list({ reach: "all", limit: 5, profile: "bus", search: "100%" })).total,
  ).toBe(12);
  expect((await devices.list({ reach: "all", limit: 5, search: "hl-12" })).total).toBe(5);
  expect((await devices.list({ reach: "all", limit: 5, search: "124" })).items).toMatchObject([
    { address: 124 },
  ]);
  expect(await devices.positionsOf([101])).toMatchObject([{ address: 101, source: "installed" }]);
});

test("lists those heard last first and those never heard last, through all pages", async ({
  db,
}) => {
  const addresses = Array.from({ length: 9 }, (_, at) => at + 1);
  await createTerminals({ db, seal }).enrol(addresses.map((address) => terminal(address)));
  const heard = new Map([
    [3, 30n],
    [7, 70n],
    [5, 70n],
    [1, 0n],
  ]);
  for (const [address, ns] of heard)
    await db
      .insertInto("device_state")
      .values({
        ...{ address, values: "{}", latitude: null, longitude: null, position_source: null },
        ...{ measured_at_ns: 100n - ns, received_at_ns: ns, packet_id: address },
      })
      .execute();
  const devices = createDevices(db);
  const paged = async (sort: "received" | "measured", limit: number) => {
    const seen: number[] = [];
    let page = await devices.list({ reach: "all", sort, limit });
    seen.push(...page.items.map(({ address }) => address));
    while (page.next !== undefined) {
      const cursor = parseDeviceCursor(formatDeviceCursor(page.next));
      page = await devices.list({ reach: "all", sort, limit, cursor });
      seen.push(...page.items.map(({ address }) => address));
    }
    return seen;
  };
  for (const limit of [1, 2, 3, 4, 5, 8, 9]) {
    expect(await paged("received", limit)).toEqual([5, 7, 3, 1, 2, 4, 6, 8, 9]);
    expect(await paged("measured", limit)).toEqual([1, 3, 5, 7, 2, 4, 6, 8, 9]);
  }
});

it.each(["", "x", "12", "1.%", "99999999999.a", "1.;"])("refuses %j as a cursor", (text) => {
  expect(parseDeviceCursor(text)).toBeUndefined();
});
