import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DeviceState,
  type EngineInput,
  type EngineStep,
  isInOrder,
  type JudgedReport,
  judgeAgain,
  NEW_DEVICE,
  type RuleEffect,
  stepAcknowledgement,
  stepReport,
  stepTime,
} from "./engine.ts";
import { type Card, replay } from "./explanation.ts";
import { DEVICE, EVERY_KIND, report, T0 } from "./test-rules.ts";

const known = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 6 });
const anyReadings = fc.record(
  {
    speed: known(fc.constantFrom(0, 30, 60, 69, 75, 81, 100, 120)),
    ignition: known(fc.boolean()),
    panic: known(fc.boolean()),
  },
  { requiredKeys: [] },
);
const anyFix = fc.option(
  fc.record({
    latitude: fc.constantFrom(31.19, 31.2, 31.201, 31.21),
    longitude: fc.constantFrom(121.39, 121.4, 121.41),
  }),
);
/** Reports at different moments, in the order in which they were measured. */
const anyLife = fc
  .uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 25 })
  .map((seconds) => seconds.sort((a, b) => a - b))
  .chain((seconds) =>
    fc.tuple(
      ...seconds.map((second) =>
        fc
          .tuple(anyReadings, anyFix)
          .map(([readings, fix]) => report(second, readings, fix ?? undefined)),
      ),
    ),
  );
const END_MS = T0 + 900_000;

const inOrder = (life: readonly JudgedReport[]): EngineStep => {
  const inputs = life.map((one): EngineInput => ({ kind: "report", report: one }));
  return judgeAgain(EVERY_KIND, DEVICE, NEW_DEVICE, { inputs, horizonMs: END_MS });
};

const told = (effects: readonly RuleEffect[]) =>
  effects
    .map(({ kind, atMs, rule, alarm }) => ({ kind, atMs, rule: rule.id, alarm }))
    .sort((a, b) => a.atMs - b.atMs || (a.rule < b.rule ? -1 : 1));

/** As the network process does it: in order where it can, all again from the start where it must. */
function live() {
  let state: DeviceState = NEW_DEVICE;
  const inputs: EngineInput[] = [];
  const again = (): void => {
    const { horizonMs } = state;
    state = judgeAgain(EVERY_KIND, DEVICE, NEW_DEVICE, { inputs, horizonMs }).state;
  };
  return {
    arrive(one: JudgedReport): void {
      const fits = isInOrder(state, one);
      inputs.push({ kind: "report", report: one });
      if (fits) state = stepReport(EVERY_KIND, DEVICE, state, one).state;
      else again();
    },
    acknowledge(ruleId: string, atMs: number): void {
      const acknowledgement = { ruleId, atMs };
      inputs.push({ kind: "acknowledgement", acknowledgement });
      state = stepAcknowledgement(EVERY_KIND, DEVICE, state, acknowledgement).state;
    },
    tick(toMs: number): void {
      if (toMs > state.horizonMs) state = stepTime(EVERY_KIND, DEVICE, state, toMs).state;
    },
    restart(): void {
      state = JSON.parse(JSON.stringify(state)) as DeviceState;
    },
    get state() {
      return state;
    },
  };
}

describe("the engine", () => {
  it("does the same however often time is looked at, and after a restart between any two packets", () => {
    fc.assert(
      fc.property(anyLife, fc.array(fc.integer({ min: 0, max: 900 })), (life, looks) => {
        let state: DeviceState = NEW_DEVICE;
        const effects: RuleEffect[] = [];
        const take = (step: EngineStep): void => {
          state = JSON.parse(JSON.stringify(step.state)) as DeviceState;
          effects.push(...step.effects);
        };
        const ticks = looks.map((seconds) => T0 + seconds * 1_000).sort((a, b) => a - b);
        for (const one of life) {
          while ((ticks[0] ?? Infinity) <= one.atMs)
            take(stepTime(EVERY_KIND, DEVICE, state, ticks.shift() ?? 0));
          take(stepReport(EVERY_KIND, DEVICE, state, one));
        }
        for (const tick of ticks) take(stepTime(EVERY_KIND, DEVICE, state, tick));
        take(stepTime(EVERY_KIND, DEVICE, state, END_MS));
        const expected = inOrder(life);
        expect(state).toEqual(expected.state);
        expect(told(effects)).toEqual(told(expected.effects));
      }),
    );
  });

  it("ends the same in whatever order reports arrive", () => {
    const arrivals = anyLife.chain((life) =>
      fc.tuple(
        fc.constant(life),
        fc.shuffledSubarray(life, { minLength: life.length }),
        fc.array(fc.integer({ min: 0, max: 900 })),
      ),
    );
    fc.assert(
      fc.property(arrivals, ([life, arriving, looks]) => {
        const engine = live();
        for (const [at, one] of arriving.entries()) {
          engine.arrive(one);
          engine.restart();
          const look = looks[at];
          if (look !== undefined) engine.tick(T0 + look * 1_000);
        }
        engine.tick(END_MS);
        expect(engine.state).toEqual(inOrder(life).state);
      }),
    );
  });

  it("ends the same when people acknowledge in between", () => {
    const anyAck = fc.record({
      seconds: fc.integer({ min: 1, max: 400 }),
      ruleId: fc.constantFrom("panic", "fast", "silent", "yard"),
    });
    fc.assert(
      fc.property(anyLife, fc.array(anyAck, { maxLength: 4 }), fc.nat(3), (life, acks, lag) => {
        const seen = acks.map(({ seconds, ruleId }) => ({
          ruleId,
          atMs: T0 + seconds * 1_000 + 500,
        }));
        const timely = live();
        const lagging = live();
        const moments = [
          ...life.map((one) => ({ atMs: one.atMs, one })),
          ...seen.map((ack) => ({ atMs: ack.atMs, ack })),
        ].sort((a, b) => a.atMs - b.atMs);
        const late: JudgedReport[] = [];
        for (const moment of moments) {
          if ("one" in moment) {
            timely.arrive(moment.one);
            late.push(moment.one);
            if (late.length > lag) lagging.arrive(late.shift() ?? moment.one);
          } else {
            // nobody acknowledges what they do not see, and nobody a second time
            const alarm = lagging.state.rules[moment.ack.ruleId]?.alarm;
            if (!alarm || alarm.isAcknowledged) continue;
            timely.acknowledge(moment.ack.ruleId, moment.ack.atMs);
            lagging.acknowledge(moment.ack.ruleId, moment.ack.atMs);
          }
        }
        for (const one of late) lagging.arrive(one);
        timely.tick(END_MS);
        lagging.tick(END_MS);
        expect(lagging.state.rules).toEqual(timely.state.rules);
      }),
    );
  });

  it("decides again from each stored card alone", () => {
    fc.assert(
      fc.property(anyLife, (life) => {
        for (const { card } of inOrder(life).effects) {
          const kept = JSON.parse(JSON.stringify(card)) as Card;
          expect(replay(kept)).toMatchObject({ ok: true, isSame: true });
        }
      }),
    );
  });

  it("decides again from each stored card in a process that knows nothing else", () => {
    const lives = fc.sample(anyLife, 50);
    const cards = lives.flatMap((life) => inOrder(life).effects.map(({ card }) => card));
    const anew = `import { text } from "node:stream/consumers";
      import { replay } from ${JSON.stringify(new URL("explanation.ts", import.meta.url).href)};
      const answers = JSON.parse(await text(process.stdin)).map(replay);
      console.log(answers.filter(({ ok, isSame }) => ok && isSame).length);`;
    const answered = execFileSync(process.execPath, ["--input-type=module", "--eval", anew], {
      input: JSON.stringify(cards),
      encoding: "utf8",
    });
    expect(cards.length).toBeGreaterThan(20);
    expect(Number(answered)).toBe(cards.length);
  });
});
