import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PAGE_VALID_MS, SETTLE_AFTER_MS } from "../commands/command.ts";
import {
  createGroupCommand,
  type GroupCommand,
  type GroupInput,
  groupDueAtMs,
  stepGroupCommand,
} from "./group-command.ts";
import { isOver } from "./group-state.ts";
import { fullestSlot, groupZones, MEMBERS_PER_SLOT, slotsFor } from "./roll-call.ts";

const START_MS = Date.UTC(2026, 0, 1);
const ANN = { kind: "user", id: "ann" } as const;
const BOB = { kind: "user", id: "bob" } as const;
const GOOD = { ok: true, holdsUntilMs: Infinity } as const;
const BAD = { ok: false, refusal: "precondition-not-met", label: null, field: null } as const;
const NEW = {
  safetyClass: "operational",
  secondPerson: false,
  createdBy: ANN,
  expiryS: 900,
  catchUp: true,
} as const;

const QUEUE = { type: "queue", judgement: GOOD, passing: 2 } as const;
const SCHEDULE = {
  type: "schedule",
  ...{ judgement: GOOD, passing: 2 },
  slots: 1,
  pageSequence: 128,
  gateways: ["gw-1"],
} as const;

const HAND_OVER = { type: "hand-over", judgement: GOOD, passing: 2, gatewayId: "gw-1" } as const;
/** One of three may not be told, or nobody. */
const FOR_SOME = { judgement: BAD, passing: 2 } as const;
const FOR_NOBODY = { judgement: BAD, passing: 0 } as const;

const anyJudgement = fc.constantFrom(GOOD, GOOD, GOOD, BAD);
const anyPassing = fc.nat(2);
const anyGateway = fc.constantFrom("gw-1", "gw-2", "gw-3");
const anyInput: fc.Arbitrary<GroupInput> = fc.oneof(
  fc.record({
    type: fc.constantFrom("approve", "reject", "withdraw"),
    by: fc.constantFrom(ANN, BOB),
  }),
  fc.constant({ type: "supersede" as const }),
  fc.record({
    type: fc.constant("queue" as const),
    ...{ judgement: anyJudgement, passing: anyPassing },
  }),
  fc.record({
    type: fc.constant("schedule" as const),
    ...{ judgement: anyJudgement, passing: anyPassing },
    gateways: fc.uniqueArray(anyGateway),
    slots: fc.integer({ min: 1, max: 40 }),
    pageSequence: fc.integer({ min: 128, max: 255 }),
  }),
  fc.record({
    type: fc.constant("hand-over" as const),
    ...{ judgement: anyJudgement, passing: anyPassing },
    gatewayId: anyGateway,
  }),
  fc.record({
    type: fc.constant("paged" as const),
    gatewayId: anyGateway,
    page: fc.constantFrom("sent", "unsent", "unknown"),
    endsAtMs: fc.integer({ min: START_MS, max: START_MS + 3_600_000 }),
  }),
  fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(3)).map(([awaited, open, refused, missed]) => ({
    type: "count" as const,
    count: {
      ...{ awaited, open },
      missing: awaited + open + refused + missed,
      silent: awaited + open + missed,
    },
  })),
  fc.constant({ type: "tick" as const }),
);
const anyHistory = fc.array(fc.tuple(anyInput, fc.integer({ min: 0, max: 400_000 })), {
  maxLength: 60,
});

/** Plays a history; each step is shown with the command before it. */
function play(
  secondPerson: boolean,
  history: readonly (readonly [GroupInput, number])[],
  look: (before: GroupCommand, after: GroupCommand, input: GroupInput, nowMs: number) => void,
): void {
  let command = createGroupCommand({ ...NEW, secondPerson }, START_MS);
  let nowMs = START_MS;
  for (const [input, waitMs] of history) {
    nowMs += waitMs;
    const step = stepGroupCommand(command, input, nowMs);
    if (!step.ok) continue;
    look(command, step.command, input, nowMs);
    command = step.command;
  }
}

describe("a group command, whatever happens", () => {
  it("hands no page over late, unapproved, against its envelope or after it was stopped", () => {
    fc.assert(
      fc.property(fc.boolean(), anyHistory, (secondPerson, history) => {
        play(secondPerson, history, (before, after, input, nowMs) => {
          if (input.type !== "hand-over" || after.zones[input.gatewayId] !== "handed") return;
          expect(input.judgement.ok).toBe(true);
          expect(nowMs).toBeLessThan(after.expiresAtMs ?? 0);
          expect(before.stopping).toBeNull();
          expect(after.approvedAtMs).not.toBeNull();
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it("is approved by somebody else alone, and keeps slots and sequence once they are on the air", () => {
    fc.assert(
      fc.property(fc.boolean(), anyHistory, (secondPerson, history) => {
        play(secondPerson, history, (before, after, input) => {
          if (before.state === "drafted" && after.state === "approved")
            expect(input).toMatchObject({ type: "approve", by: BOB });
          if (before.slots !== null) expect(after.slots).toBe(before.slots);
          if (before.pageSequence !== null) expect(after.pageSequence).toBe(before.pageSequence);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it("is done only when every member has said so, and a page that was sent is never sent again", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        play(false, history, (before, after, input) => {
          if (after.state === "done") expect(input).toMatchObject({ count: { missing: 0 } });
          for (const [gatewayId, page] of Object.entries(before.zones))
            if (page === "sent" || page === "unknown") expect(after.zones[gatewayId]).toBe(page);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it("pages only while there is a page to send", () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        play(false, history, (_before, after, input) => {
          if (input.type === "schedule" && after.state === "paging")
            expect(Object.values(after.zones)).toContain("waiting");
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it("comes to an end", () => {
    fc.assert(
      fc.property(fc.boolean(), anyHistory, (secondPerson, history) => {
        let command = createGroupCommand({ ...NEW, secondPerson }, START_MS);
        let nowMs = START_MS;
        const take = (input: GroupInput): void => {
          const step = stepGroupCommand(command, input, nowMs);
          if (step.ok) command = step.command;
        };
        for (const [input, waitMs] of history) {
          nowMs += waitMs;
          take(input);
        }
        for (let round = 0; round < 12; round++) {
          nowMs += 3_600_000;
          take({ type: "tick" });
          take({ type: "count", count: { awaited: 0, open: 0, missing: 1, silent: 1 } });
        }
        expect(isOver(command.state)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** What becomes of a group command, with a second between the inputs. */
function told(...inputs: readonly GroupInput[]): GroupCommand {
  let command = createGroupCommand(NEW, START_MS);
  for (const [at, input] of [QUEUE, ...inputs].entries()) {
    const step = stepGroupCommand(command, input, START_MS + at * 1_000);
    if (!step.ok) throw new Error(step.denial);
    command = step.command;
  }
  return command;
}

describe("a group command", () => {
  it("is told to members one by one when nobody holds the key yet", () => {
    expect(told({ ...SCHEDULE, gateways: [] })).toMatchObject({ state: "catching-up", rounds: 1 });
  });

  it("is told one by one to whom the envelope allows it when one member forbids the page", () => {
    const onItsWay = { state: "catching-up", zones: {}, pageSequence: null };
    expect(told({ ...SCHEDULE, ...FOR_SOME })).toMatchObject(onItsWay);
    const late = told(SCHEDULE, { ...HAND_OVER, ...FOR_SOME });
    expect(late).toMatchObject({ state: "catching-up", zones: { "gw-1": "unsent" } });
    expect(told({ ...SCHEDULE, ...FOR_NOBODY })).toMatchObject({ state: "refused" });
    const alone = createGroupCommand({ ...NEW, catchUp: false }, START_MS);
    const refused = { command: { state: "refused" }, reason: "precondition-not-met" };
    expect(stepGroupCommand(alone, { ...QUEUE, ...FOR_SOME }, START_MS)).toMatchObject(refused);
  });

  it("is paged again after a page that could not be handed over any more", () => {
    const page = { type: "paged", page: "unsent", gatewayId: "gw-1", endsAtMs: START_MS } as const;
    expect(told(SCHEDULE, page)).toMatchObject({ state: "queued", zones: { "gw-1": "unsent" } });
    const sent = { ...page, page: "sent" } as const;
    expect(() => told(SCHEDULE, sent)).toThrow("not-in-this-state");
  });

  it("waits for a gateway's word no longer than its page may take, however far the expiry", () => {
    const handed = told(SCHEDULE, HAND_OVER);
    const settleByMs = START_MS + 2_000 + PAGE_VALID_MS + SETTLE_AFTER_MS;
    expect(groupDueAtMs(handed, START_MS + 2_000)).toBe(settleByMs);
    expect(stepGroupCommand(handed, { type: "tick" }, settleByMs)).toMatchObject({
      command: { state: "roll-call", zones: { "gw-1": "unknown" } },
    });
  });
});

const anyAddresses = fc.uniqueArray(fc.integer({ min: 1, max: 0xffff_ffff }), {
  minLength: 1,
  maxLength: 600,
});

describe("a roll call", () => {
  it("has few members share a slot, and few slots more than it must", () => {
    fc.assert(
      fc.property(anyAddresses, (addresses) => {
        const slots = slotsFor(addresses);
        const fewest = Math.ceil(addresses.length / MEMBERS_PER_SLOT);
        expect(slots).toBeGreaterThanOrEqual(fewest);
        expect(slots).toBeLessThanOrEqual(2 * fewest);
        expect(fullestSlot(addresses, slots)).toBeLessThanOrEqual(fullestSlot(addresses, fewest));
      }),
    );
    expect(slotsFor(Array.from({ length: 1_200 }, (_, at) => 5_000 + at))).toBe(100);
  });

  it("finds slots for addresses of which every hundredth is a member's", () => {
    const addresses = Array.from({ length: 1_200 }, (_, at) => 1_000 + 100 * at);
    expect(fullestSlot(addresses, 100)).toBe(1_200);
    expect(fullestSlot(addresses, slotsFor(addresses))).toBeLessThanOrEqual(2 * MEMBERS_PER_SLOT);
  });
});

describe("the zones of a group", () => {
  const heard = (address: number, ...gateways: string[]) => ({ address, gateways });

  it("are the best gateways of its members that are online, the fullest first", () => {
    const hearings = [
      heard(1, "a", "b"),
      heard(2, "b"),
      heard(3, "b", "a"),
      heard(4),
      heard(5, "c", "a"),
    ];
    expect(groupZones(hearings, new Set(["a", "b", "d"]))).toEqual([
      { gatewayId: "a", members: 2 },
      { gatewayId: "b", members: 2 },
    ]);
  });

  it("are all gateways when no member was heard by any", () => {
    expect(groupZones([heard(1), heard(2, "z")], new Set(["b", "a"]))).toEqual([
      { gatewayId: "a", members: 0 },
      { gatewayId: "b", members: 0 },
    ]);
    expect(groupZones([heard(1)], new Set())).toEqual([]);
  });
});
