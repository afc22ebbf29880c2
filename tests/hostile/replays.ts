import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import type { Db } from "../../domain/db/database.ts";
import type { Uplink } from "../../protocol/messages.ts";
import { hex } from "../hex.ts";
import { sealed, sealedAttach, uplinkBench } from "../uplink-bench.ts";
import { createReplayModel, type Heard, type ModelSession, type Truth } from "./replay-model.ts";

const ACTIVE = 3_478_009_551;
const SUSPENDED = 4_711;
const STRANGER = 99;
const FIRST_NONCE = 1_000; // as the bench counts them
const GATEWAYS = 5;
const DAY_MS = 86_400_000;
const SESSIONS_MAX = 8; // the head end tries a bounded number of former ones

interface Sent {
  readonly truth: Truth;
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

/** What an attacker can do who hears all, and holds a gateway or none: any order, any session, any time, forged or not. */
export async function playReplays(db: Db, seed: string, batches: number) {
  const random = seededRandom(`replays ${seed}`);
  const bench = uplinkBench(db);
  const model = createReplayModel(FIRST_NONCE);
  await bench.enrol(ACTIVE, "active");
  await bench.enrol(SUSPENDED, "suspended");
  model.enrol(ACTIVE, false);
  model.enrol(SUSPENDED, true);
  const player = createPlayer(random, model);
  const expected = new Map<bigint, string>();
  const published: Uplink[] = [];
  let { uplinks } = bench;

  for (let n = 0; n < batches; n++) {
    bench.clock.advance(pauseMs(random));
    const nowMs = bench.clock.now();
    if (random.next() < 0.1) uplinks = bench.restart();
    const batch = Array.from({ length: 1 + randomInteger(random, 12) }, (): Uplink => {
      const old = published[randomInteger(random, published.length)];
      if (old && random.next() < 0.08) return old; // the broker brings it again
      const heard = player.next(nowMs);
      const uplink = bench.uplink(heard.bytes, {
        gatewayId: `gateway-${randomInteger(random, GATEWAYS)}`,
        receivedAtNs: BigInt(heard.atMs) * 1_000_000n + BigInt(randomInteger(random, 1_000_000)),
        backfilled: heard.backfilled,
      });
      const { truth, atMs, backfilled } = heard;
      const known = { truth, bytes: hex(heard.bytes), atMs, backfilled };
      expected.set(uplink.sequence, model.judge(known, nowMs));
      published.push(uplink);
      return uplink;
    });
    await uplinks.store(batch);
    await nextTurn();
  }

  const receptions = await db
    .selectFrom("reception as r")
    .innerJoin("packet as p", "p.id", "r.packet_id")
    .select(["r.sequence", "r.verdict", "p.below_window"])
    .execute();
  const judged = new Map(
    receptions.map(({ sequence, verdict, below_window: isBelow }) => {
      const isBelowWindow = verdict === "late" && isBelow;
      return [sequence, isBelowWindow ? "below the window" : verdict];
    }),
  );
  const wrong = published.flatMap(({ sequence, phyPayload }) => {
    const [is, must] = [judged.get(sequence), expected.get(sequence)];
    return is === must ? [] : [`${sequence} ${hex(phyPayload)}: must be ${must}, is ${is}`];
  });
  assert.deepEqual(wrong, [], `SEED=${seed}`);
  assert.equal(receptions.length, published.length, `SEED=${seed}`);
  const usages = await db.selectFrom("usage_record").select("packet_id").execute();
  const packets = await db.selectFrom("packet").select("id").where("accepted", "=", true).execute();
  assert.equal(usages.length, model.counts.billed, `SEED=${seed}`);
  assert.equal(packets.length, model.counts.accepted, `SEED=${seed}`);
  return { uplinks: published.length, verdicts: Map.groupBy(expected.values(), (each) => each) };
}

/** Mostly seconds, now and then long enough to outlive a session. Never just as long as a terminal may send again: a reception has its own part of a millisecond. */
function pauseMs(random: Random): number {
  const chance = random.next();
  if (chance < 0.01) return 31 * DAY_MS;
  if (chance < 0.05) return DAY_MS;
  return 1_001 * (1 + randomInteger(random, 40));
}

type Model = ReturnType<typeof createReplayModel>;

function createPlayer(random: Random, model: Model) {
  const sent: Sent[] = [];
  const pick = <T>(list: readonly T[]): T | undefined => list[randomInteger(random, list.length)];
  const terminal = () => pick([ACTIVE, ACTIVE, SUSPENDED]) ?? ACTIVE;
  const stateOf = (address: number) => {
    const state = model.terminals.get(address);
    if (!state) throw new Error(`${address} is not enrolled`);
    return state;
  };

  function attach(nowMs: number): Sent {
    const address = terminal();
    const { attachNonce: last, sessions } = stateOf(address);
    const steps = sessions.length < SESSIONS_MAX ? [1, 1, 2, 65_536, 0, -1] : [0, 0, -1];
    const attachNonce = Math.max(1, last + (pick(steps) ?? 1));
    if (attachNonce > last && sessions.length >= SESSIONS_MAX) return packet(nowMs);
    const bytes = sealedAttach(address, attachNonce, randomInteger(random, 3));
    return keep({ truth: { what: "attach", address, attachNonce }, bytes, atMs: nowMs });
  }

  function packet(nowMs: number): Sent {
    const address = terminal();
    const { sessions } = stateOf(address);
    // the newest mostly, a former one now and then
    const session = random.next() < 0.7 ? sessions.at(-1) : pick(sessions);
    if (!session) return stranger(nowMs);
    return keep(sealIn(address, session, counterIn(session), nowMs));
  }

  function counterIn({ highest }: ModelSession): number {
    const step = pick([1, 1, 1, 2, 5, 80, 60_000, 0, -1, -3, -63, -64, -65, -700, -65_535, 65_537]);
    return Math.max(0, highest + (step ?? 1));
  }

  function sealIn(address: number, session: ModelSession, counter: number, atMs: number): Sent {
    const { networkNonce } = session;
    const attachNonce = attachNonceOf(address, session);
    const type = pick(["report", "report", "emergency", "link-test"] as const) ?? "report";
    const isReport = type === "report";
    const isReadable = !isReport || stateOf(address).isSuspended || random.next() < 0.9;
    const plaintext = isReadable ? undefined : Uint8Array.of(1, 2, 3);
    const more = plaintext && { plaintext };
    const drill = random.next() < 0.3; // other bytes under the same counter
    const bytes = sealed(address, counter, { type, drill, networkNonce, attachNonce, ...more });
    const truth: Truth = {
      what: "packet",
      ...{ address, session: networkNonce, counter, isReport, isReadable },
    };
    return { truth, bytes, atMs };
  }

  /** Sessions begin in the order of the accepted attach nonces. */
  function attachNonceOf(address: number, session: ModelSession): number {
    const { sessions, attaches } = stateOf(address);
    return [...attaches.keys()].sort((a, b) => a - b)[sessions.indexOf(session)] ?? 0;
  }

  /** The same bytes again, at the same time or another. */
  function again(nowMs: number): Sent {
    const old = pick(sent.slice(-60)) ?? pick(sent);
    if (!old || isLost(old, nowMs)) return packet(nowMs);
    return { ...old, atMs: pick([old.atMs, old.atMs, nowMs]) ?? nowMs };
  }

  /** A packet whose key is gone or whose counter is a turn away: the head end may still know its bytes, or not. */
  function isLost({ truth }: Sent, nowMs: number): boolean {
    if (truth.what !== "packet") return false;
    const of = (each: ModelSession) => each.networkNonce === truth.session;
    const session = stateOf(truth.address).sessions.find(of);
    return !session || !model.canOpen(session, truth.counter, nowMs);
  }

  function forged(nowMs: number): Sent {
    const old = pick(sent);
    if (!old || old.truth.what === "broken") return stranger(nowMs);
    const bytes = old.bytes.slice();
    const at = bytes.length - 1 - randomInteger(random, 4); // one of the tag's bytes
    bytes[at] = (bytes[at] ?? 0) ^ (1 << randomInteger(random, 8));
    const address = old.truth.address;
    return { truth: { what: "forged", address }, bytes, atMs: nowMs };
  }

  function stranger(nowMs: number): Sent {
    const bytes = sealed(STRANGER, randomInteger(random, 70_000));
    return { truth: { what: "forged", address: STRANGER }, bytes, atMs: nowMs };
  }

  function broken(nowMs: number): Sent {
    const bytes = sealed(ACTIVE, randomInteger(random, 70_000));
    bytes[0] = (bytes[0] ?? 0) | (0x40 << randomInteger(random, 2)); // another version
    return { truth: { what: "broken" }, bytes, atMs: nowMs };
  }

  function keep(one: Sent): Sent {
    sent.push(one);
    return one;
  }

  return {
    next(nowMs: number): Sent & Pick<Heard, "backfilled"> {
      const chance = random.next();
      const one = (() => {
        if (chance < 0.06) return attach(nowMs);
        if (chance < 0.5) return packet(nowMs);
        if (chance < 0.86) return again(nowMs);
        if (chance < 0.93) return forged(nowMs);
        return chance < 0.96 ? stranger(nowMs) : broken(nowMs);
      })();
      return { ...one, backfilled: random.next() < 0.1 };
    },
  };
}
