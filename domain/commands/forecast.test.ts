import fc from "fast-check";
import { expect, it } from "vitest";
import { type SimulatedForecast, simulateForecasts } from "./delivery-simulation.ts";
import { type DeliveryPast, forecastDelivery, queueS, usableOf } from "./forecast.ts";

const NOW = Date.UTC(2026, 0, 1);
const HEARD: DeliveryPast = {
  ...{
    gatewayId: "gw-1",
    pagesWaiting: 0,
    air: { transmissions: [], usableMs: null },
    heardAtMs: NOW - 30_000,
    everyS: 120,
  },
  ...{ sent: 0, answeredS: [] },
};

it("says four times of five what the terminal itself took, and counts what waits before", () => {
  const answeredS = [4, 5, 6, 7, 8, 9, 10, 11, 38, 200];
  const past = { ...HEARD, sent: 10, answeredS };
  expect(forecastDelivery(past, NOW)).toMatchObject({
    ...{ likelihood: "likely", withinS: 40, medianS: 9, answered: 10, everyS: 120 },
  });
  expect(forecastDelivery({ ...past, pagesWaiting: 40 }, NOW).withinS).toBe(50);
});

it("knows what a page and one retry take before there is a past", () => {
  expect(forecastDelivery(HEARD, NOW)).toMatchObject({ likelihood: "likely", withinS: 45 });
});

it("is not sure of a terminal that leaves more than one of five unanswered", () => {
  const answeredS = [5, 6, 7, 8, 30, 70];
  expect(forecastDelivery({ ...HEARD, sent: 8, answeredS }, NOW).likelihood).toBe("likely");
  expect(forecastDelivery({ ...HEARD, sent: 9, answeredS }, NOW)).toMatchObject({
    ...{ likelihood: "uncertain", withinS: 90, answered: 6, sent: 9 },
  });
});

const CASES = 4_000;
const PASTS = [
  [0, 0],
  [1, 4],
  [5, 9],
  [10, 20],
] as const;

it("is right four times of five, whether it knows much of the terminal or nothing yet", () => {
  const likely = simulateForecasts("forecast", CASES).filter((one) => one.likelihood === "likely");
  const rightShare = (of: readonly SimulatedForecast[], factor = 1): number =>
    of.filter(({ withinS, tookS }) => tookS <= factor * (withinS ?? 0)).length / of.length;
  expect(likely.length).toBeGreaterThan(CASES / 2);
  for (const [least, most] of PASTS) {
    const such = likely.filter(({ sent }) => sent >= least && sent <= most);
    expect(rightShare(such), `${least} to ${most} commands before`).toBeGreaterThan(0.75);
    // what is told is round, and answers come at the first page or much later at a retry: a little more than promised
    expect(rightShare(such), `${least} to ${most} commands before`).toBeLessThan(0.95);
  }
  expect(rightShare(likely)).toBeGreaterThan(0.78);
  expect(rightShare(likely)).toBeLessThan(0.88);
  expect(rightShare(likely, 0.5)).toBeLessThan(0.7); // one that promises too much would be seen
});

it("knows that airtime comes back an hour after it was used, and not before", () => {
  const usableMs = usableOf(360_000, 1); // the last tenth is kept for what is urgent
  expect([usableMs, usableOf(360_000, 2)]).toEqual([324_000, 360_000]);
  const free = { transmissions: [], usableMs };
  expect(queueS(1, free, NOW)).toBe(0);
  expect(queueS(30, free, NOW)).toBe(10);
  // the first is an hour old in ten minutes, and gives back far more than is needed
  const full = { transmissions: [before(50, 300_000), before(10, 24_000)], usableMs };
  expect(queueS(1, full, NOW)).toBe(600);
  expect(queueS(30, full, NOW)).toBe(610);
  // 0.1 s is free, which begins one transmission: the next waits for what is ten minutes old
  const nearly = { transmissions: [before(10, 323_900)], usableMs };
  expect(queueS(13, nearly, NOW)).toBe(0);
  expect(queueS(14, nearly, NOW)).toBe(3_000);
  // the older one gives back 1 s in 5 minutes, which is still too little
  const little = { transmissions: [before(55, 1_000), before(40, 330_000)], usableMs };
  expect(queueS(1, little, NOW)).toBe(1_200);
  expect(forecastDelivery({ ...HEARD, air: full }, NOW).withinS).toBe(660); // 600 s, and 45 s as ever
});

const before = (minutes: number, airMs: number): readonly [number, number] => [
  NOW - minutes * 60_000,
  airMs,
];

it("promises nothing where nobody hears it or no gateway is there", () => {
  expect(forecastDelivery({ ...HEARD, gatewayId: null }, NOW)).toMatchObject({
    ...{ likelihood: "no-gateway", withinS: null },
  });
  expect(forecastDelivery({ ...HEARD, heardAtMs: null }, NOW).likelihood).toBe("unlikely");
  expect(forecastDelivery({ ...HEARD, heardAtMs: NOW - 361_000 }, NOW).likelihood).toBe(
    "uncertain",
  );
  expect(forecastDelivery({ ...HEARD, sent: 20 }, NOW)).toMatchObject({
    ...{ likelihood: "unlikely", withinS: null },
  });
});

it("never promises less for a longer queue, nor for slower answers", () => {
  const seconds = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 20 });
  fc.assert(
    fc.property(seconds, fc.nat(500), fc.nat(100), (answeredS, pagesWaiting, more) => {
      const past = { ...HEARD, sent: answeredS.length, answeredS, pagesWaiting };
      const within = (one: DeliveryPast) => forecastDelivery(one, NOW).withinS ?? Infinity;
      expect(within({ ...past, pagesWaiting: pagesWaiting + more })).toBeGreaterThanOrEqual(
        within(past),
      );
      const slower = { ...past, answeredS: answeredS.map((one) => one + more) };
      expect(within(slower)).toBeGreaterThanOrEqual(within(past));
    }),
  );
});
