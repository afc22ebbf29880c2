import { describe, expect, it } from "vitest";
import { type LocalStep, missing, serialIn, tell, wireData } from "./steps.ts";

const step = (kind: LocalStep["kind"], second: number, data = {}, rest = {}): LocalStep => ({
  id: `${kind}-${second}`,
  kind,
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
  data,
  sent: false,
  ...rest,
});

describe("a job on the phone", () => {
  it("tells what holds: the later of a kind, none that was refused", () => {
    const told = tell([
      step("claim", 2, { serial: "HL-2" }),
      step("claim", 1, { serial: "HL-1" }),
      step("claim", 3, { serial: "HL-3" }, { outcome: "refused" }),
      step("bind", 4, { customerId: "c1", customerName: "Li Wei", assetName: "沪A·1" }),
    ]);
    expect(told).toMatchObject({ serial: "HL-2", customerName: "Li Wei", assetName: "沪A·1" });
    expect(missing(told)).toEqual(["place", "attach", "result"]);
  });

  it("keeps names for people out of what it sends", () => {
    const bind = step("bind", 1, { customerId: "c1", customerName: "Li", asset: { id: "a1" } });
    expect(wireData(bind)).toEqual({ customerId: "c1", asset: { id: "a1" } });
  });
});

describe("a label", () => {
  it.each([
    ["HL-000123", "HL-000123"],
    ["  HL-000123\n", "HL-000123"],
    ["https://hopline.example/t/HL-000123", "HL-000123"],
    ["https://hopline.example/scan?serial=HL-000123", "HL-000123"],
    ["two words", undefined],
    ["", undefined],
  ])("%j gives %j", (label, serial) => {
    expect(serialIn(label)).toBe(serial);
  });
});
