import { randomInteger } from "../../base/random.ts";
import {
  type Actor,
  busyness,
  randomWait,
  repeat,
  routine,
  type Stage,
  tellStoryOf,
  uniform,
} from "./behaviour.ts";

const REPORT_S = 150;
const QUIET_SALE_S = 600;
const BUSY_SALE_S = 45;
const ROLL_RECEIPTS = 400;
const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;

/** A sale goes into the total and not into the day's. */
const SALE_LOST = { seat: 0, firstS: 210 };
const LOST_FEN = 4_500;

const PRICES_FEN = [200, 300, 300, 500, 800, 1_000, 1_500, 2_000, 4_500];

/** Sells all day; its totals never go down, and the roll of paper is changed before it ends, mostly. */
export function playPayment(stage: Stage): Actor {
  const { random, terminal, memory } = stage;
  let count = memory["count"] ?? randomInteger(random, 200_000);
  let totalFen = memory["totalFen"] ?? count * 900;
  let receipts = memory["receipts"] ?? randomInteger(random, ROLL_RECEIPTS);
  let today = dayOf(stage.nowMs());
  let countAtMidnight = count;
  let fenAtMidnight = totalFen;

  const values = () => ({
    transactions: count,
    total: totalFen / 100,
    paper: 100 * (1 - receipts / ROLL_RECEIPTS),
    tamper: false,
    dayTransactions: count - countAtMidnight,
    dayTotal: (totalFen - fenAtMidnight) / 100,
  });
  const closing = () => ({ businessDay: today, refunds: 0, refundTotal: 0, batch: today % 65_000 });
  const now = () => ({ name: "status", values: values() });
  repeat(stage, uniform(random, 0, BUSY_SALE_S), () => {
    count += 1;
    totalFen += PRICES_FEN[randomInteger(random, PRICES_FEN.length)] ?? 0;
    receipts = receipts >= ROLL_RECEIPTS - 1 ? 0 : receipts + 1;
    const quiet = 1 - busyness(stage.nowMs());
    return randomWait(random, BUSY_SALE_S + quiet * (QUIET_SALE_S - BUSY_SALE_S));
  });
  const reportEvery = routine(stage, REPORT_S, now);
  repeat(stage, 60, () => {
    const day = dayOf(stage.nowMs());
    if (day !== today) {
      stage.report({ name: "day-totals", values: { ...values(), ...closing() }, confirm: true });
      today = day;
      countAtMidnight = count;
      fenAtMidnight = totalFen;
    }
    return 60;
  });
  tellStoryOf(stage, SALE_LOST, () => {
    fenAtMidnight += LOST_FEN;
    totalFen += LOST_FEN;
    count += 1;
    stage.report(now());
  });
  return {
    now,
    place: () => terminal,
    reportEvery,
    memory: () => ({ count, totalFen, receipts }),
    decide: () => "unsupported",
  };
}

const dayOf = (ms: number): number => Math.floor((ms + SHANGHAI_MS) / DAY_MS);
