import { expect, it } from "vitest";
import { foldJob } from "../../../../domain/provisioning/job.ts";
import { parseStep, type Step } from "../../../../domain/provisioning/steps.ts";
import { standingOf, type World } from "../../../../domain/provisioning/world.ts";
import { speechOf } from "../i18n/speech.ts";
import { reasonText } from "./reasons.ts";

const CHINESE = speechOf("zh-CN", "Asia/Shanghai");

const step = (kind: string, atMs: number, data: object): Step => {
  const parsed = parseStep(`${kind}-${atMs}`, kind, atMs, data);
  if (!parsed.ok) throw new Error(parsed.fault);
  return parsed.step;
};

const claim = step("claim", 1, { serial: "HL-7" });
const bind = step("bind", 2, { customerId: "c1", asset: { id: "a1" } });
const attach = step("attach", 3, {});
const accept = step("accept", 4, { serviceFrom: "2026-11-01" });
const result = step("result", 3, { verdict: "pass" });
const place = step("place", 3, { latitude: 31, longitude: 121 });
const undo = step("undo", 5, { reason: "x" });
const late = step("attach", 9, {});

const FINE: World = {
  terminal: {
    ...{ address: 7, serial: "HL-7", lifeCycle: "stocked", quarantineReason: null },
    ...{ heldByAnother: false, attachedAtMs: 3 },
  },
  customerExists: true,
  asset: { customerId: "c1", isRetired: false },
};
const terminal = { ...FINE.terminal, ...{ address: 7, serial: "HL-7", attachedAtMs: 3 } };
const stocked = { lifeCycle: "stocked", quarantineReason: null, heldByAnother: false } as const;

const WORLDS: readonly World[] = [
  FINE,
  { ...FINE, terminal: undefined },
  { ...FINE, terminal: { ...terminal, ...stocked, heldByAnother: true } },
  { ...FINE, terminal: { ...terminal, ...stocked, quarantineReason: "进水" } },
  { ...FINE, terminal: { ...terminal, ...stocked, lifeCycle: "active" } },
  { ...FINE, terminal: { ...terminal, ...stocked, attachedAtMs: undefined } },
  { ...FINE, customerExists: false },
  { ...FINE, asset: undefined },
  { ...FINE, asset: { customerId: "c1", isRetired: true } },
];
const JOBS: readonly (readonly Step[])[] = [
  [claim, bind, attach, accept],
  [claim, bind, place, attach, result, accept, late],
  [claim, undo, late],
  [accept],
];

it("has Chinese words for every reason that the server gives", () => {
  const reasons = JOBS.flatMap((steps) =>
    WORLDS.flatMap((world) =>
      [...standingOf(foldJob(steps), steps, world, false).outcomes.values()].flatMap((outcome) =>
        "reason" in outcome ? [outcome.reason] : [],
      ),
    ),
  );
  expect(new Set(reasons).size).toBeGreaterThan(10);
  for (const reason of reasons)
    expect(reasonText(CHINESE, reason), reason).not.toMatch(/[a-z]{2}/i);
});
