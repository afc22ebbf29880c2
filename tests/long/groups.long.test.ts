import { expect } from "vitest";
import { seededRandom } from "../../base/random.ts";
import { test } from "../fixtures.ts";
import { by, groupStand, keyedAtOnce, playUntil, switchOn } from "../group-stand.ts";

const LAMPS = 10_000;
const GATEWAYS = ["gateway-1", "gateway-2", "gateway-3", "gateway-4"];
const SILENT_SHARE = 0.05;

test("10,000 lamps are switched with one page per zone, and the roll call accounts for each with 5 % silent", async ({
  emptied,
}) => {
  const random = seededRandom("ten thousand lamps");
  const stand = await groupStand(emptied, { lamps: LAMPS, gateways: GATEWAYS, random });
  const head = stand.headEnd();
  const ann = by(stand, "ann");
  const group = await keyedAtOnce(stand);
  for (const address of stand.addresses)
    if (random.next() < SILENT_SHARE) stand.radio.deaf.add(address);
  const silent = stand.radio.deaf.size;

  const { id } = await stand.groupCommands.create(switchOn(group, { catchUp: false }), ann);
  const approved = await stand.groupCommands.does(id, "approve", by(stand, "bob"));
  expect(approved.state).toBe("queued");
  const startMs = stand.clock.now();
  let switchedMs = 0;
  const told = async () => {
    const detail = await stand.groupCommands.find(id);
    if (switchedMs === 0 && detail?.state === "roll-call") switchedMs = stand.clock.now() - startMs;
    return detail?.endedAt !== null;
  };
  const played = await playUntil(stand, head, told, { steps: 4_000 });
  const detail = await stand.groupCommands.find(id);
  expect(played.groupPages).toBe(GATEWAYS.length);
  expect(detail?.roll).toMatchObject({ answered: LAMPS - silent, silent, members: LAMPS });
  expect(stand.radio.acted.size).toBe(LAMPS - silent);
  const report = {
    ...{ lamps: LAMPS, silent, zones: GATEWAYS.length, slots: detail?.slots },
    ...{ switchedS: switchedMs / 1000, accountedS: (stand.clock.now() - startMs) / 1000 },
    ...{ airS: played.groupAirMs / 1000 },
  };
  // figures of the simulation's own clock, for whoever runs it
  process.stdout.write(`${JSON.stringify(report)}\n`);
});
