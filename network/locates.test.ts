import { expect } from "vitest";
import type { Db } from "../domain/db/database.ts";
import { distanceM } from "../domain/devices/position.ts";
import { locationsPostgres } from "../domain/location/locations-postgres.ts";
import { planeAround } from "../domain/location/plane.ts";
import { PARTITIONS } from "../protocol/topics.ts";
import { test as base } from "../tests/fixtures.ts";
import { positionReport, sealed, uplinkBench } from "../tests/uplink-bench.ts";
import { CAR } from "../tests/uplink-cases.ts";

const CITY = { latitude: 31.23, longitude: 121.47 };
const plane = planeAround(CITY);
const GATEWAYS = [
  [-3_000, -3_000],
  [3_000, -3_000],
  [3_000, 3_000],
  [-3_000, 3_000],
] as const;
const TRUE_PLACE = { east: 800, north: -500 };
const LIGHT_M_PER_NS = 0.299_792_458;
const ALL = new Set(Array.from({ length: PARTITIONS }, (_, partition) => partition));

const test = base.extend("network", async ({ emptied }) => {
  const network = uplinkBench(emptied);
  await network.enrol(CAR);
  await network.attached(CAR);
  for (const [index, [east, north]] of GATEWAYS.entries())
    await emptied
      .insertInto("gateway")
      .values({
        ...{ id: `tower-${index}`, name: `Tower ${index}`, ...plane.toPlace({ east, north }) },
        ...{ online: true, modems: "[]", counters: "{}" },
      })
      .execute();
  return network;
});

type Network = ReturnType<typeof uplinkBench>;

/** As four gateways hear it, each when the light has reached it. */
function hearings(network: Network, bytes: Uint8Array) {
  return GATEWAYS.map(([east, north], index) => {
    const m = Math.hypot(TRUE_PLACE.east - east, TRUE_PLACE.north - north);
    return network.uplink(bytes, {
      gatewayId: `tower-${index}`,
      receivedAtNs: network.nowNs() + BigInt(Math.round(m / LIGHT_M_PER_NS)),
      clockErrorNs: 60,
      rssiDbm: -107 - 35 * Math.log10(m / 1000),
      snrDb: 35,
    });
  });
}

const state = (db: Db) =>
  db
    .selectFrom("device_state")
    .select(["latitude", "longitude", "position_source"])
    .executeTakeFirst();
const asked = (db: Db) => db.selectFrom("locate_request").selectAll().execute();

test("a vehicle whose receiver says 0, 0 is located by the network, once all have said when they heard it", async ({
  emptied: db,
  network,
}) => {
  await network.uplinks.store(
    hearings(network, sealed(CAR, 0, { plaintext: positionReport(0, 0, 40) })),
  );
  const locations = locationsPostgres(db);
  await locations.locateDue(ALL, network.clock.now());
  expect(await state(db)).toMatchObject({ latitude: null, position_source: null }); // too early
  await locations.locateDue(ALL, network.clock.now() + 60_000);
  const found = await state(db);
  expect(found?.position_source).toBe("network");
  const place = { latitude: found?.latitude ?? 0, longitude: found?.longitude ?? 0 };
  expect(distanceM(place, plane.toPlace(TRUE_PLACE))).toBeLessThan(200);
  expect(await asked(db)).toEqual([]);
  expect(await db.selectFrom("network_position").select("gateways").execute()).toEqual([
    { gateways: 4 },
  ]);
});

test("its own last fix stays while nothing heard speaks against it", async ({
  emptied: db,
  network,
}) => {
  const { latitude, longitude } = plane.toPlace(TRUE_PLACE);
  await network.uplinks.store(
    hearings(network, sealed(CAR, 0, { plaintext: positionReport(latitude, longitude, 0) })),
  );
  await network.uplinks.store(
    hearings(network, sealed(CAR, 1, { plaintext: positionReport(0, 0, 0) })),
  );
  await locationsPostgres(db).locateDue(ALL, network.clock.now() + 60_000);
  expect(await state(db)).toMatchObject({
    latitude: expect.closeTo(latitude, 4) as number,
    position_source: "terminal",
  });
  expect(await asked(db)).toEqual([]);
});

test("what was measured long before it was sent is not located", async ({
  emptied: db,
  network,
}) => {
  await network.uplinks.store(
    hearings(network, sealed(CAR, 0, { plaintext: positionReport(0, 0, 40, 600) })),
  );
  expect(await asked(db)).toEqual([]);
});
