import fc from "fast-check";
import { expect, it } from "vitest";
import { type DeliveryPast, forecastDelivery } from "./forecast.ts";

const NOW = Date.UTC(2026, 0, 1);
const HEARD: DeliveryPast = {
  ...{ gatewayId: "gw-1", pagesWaiting: 0, heardAtMs: NOW - 30_000, everyS: 120 },
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

it("knows what a page takes before there is a past", () => {
  expect(forecastDelivery(HEARD, NOW)).toMatchObject({ likelihood: "likely", withinS: 15 });
});

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
