import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ANSWER_WAIT_MS,
  APPROVAL_WAIT_MS,
  ATTEMPTS_MAX,
  type Command,
  type CommandInput,
  createCommand,
  isFinal,
  isPerhapsHeard,
  OTHERS_SINCE_MAX,
  type Person,
  type Reason,
  type TerminalResult,
} from "./command.ts";
import { mayBegin } from "./command-order.ts";
import { type Judgement, refused } from "./envelope.ts";
import { stepCommand } from "./step-command.ts";

const NOW = Date.UTC(2026, 0, 1);
const ANN: Person = { kind: "user", id: "ann" };
const BOB: Person = { kind: "user", id: "bob" };
const HOLDS: Judgement = { ok: true, holdsUntilMs: Infinity };
const dangerous = (): Command =>
  createCommand(
    { safetyClass: "dangerous", secondPerson: true, createdBy: ANN, expiryS: 120 },
    NOW,
  );
const plain = (): Command =>
  createCommand(
    { safetyClass: "operational", secondPerson: false, createdBy: ANN, expiryS: 3_600 },
    NOW,
  );
const page = (more: Partial<Extract<CommandInput, { type: "schedule" }>> = {}) => ({
  ...{ type: "schedule" as const, judgement: HOLDS, gateways: ["a", "b"], downCounter: 7 },
  ...{ session: 9, pageSequence: 3, othersSince: 0 },
  ...more,
});
const handed = (gatewayId: string, judgement: Judgement = HOLDS) =>
  ({ type: "hand-over", judgement, gatewayId }) as const;
const paged = (gatewayId: string, said: "sent" | "unsent", endsAtMs = NOW) =>
  ({ type: "paged", gatewayId, page: said, endsAtMs }) as const;

/** Each step must be allowed; answers the last one's reason, too. */
function after(command: Command, ...inputs: readonly (readonly [CommandInput, number?])[]) {
  let reason: Reason | null = null;
  for (const [input, atMs = NOW] of inputs) {
    const step = stepCommand(command, input, atMs);
    if (!step.ok) throw new Error(`${input.type}: ${step.denial}`);
    ({ command, reason } = step);
  }
  return { command, state: command.state, reason };
}
const denial = (command: Command, input: CommandInput, atMs = NOW) => {
  const step = stepCommand(command, input, atMs);
  return step.ok ? undefined : step.denial;
};
const QUEUE: readonly [CommandInput] = [{ type: "queue", judgement: HOLDS }];

describe("approval", () => {
  it("is a second person's, never the same one's and never a key's", () => {
    expect(denial(dangerous(), { type: "approve", by: ANN })).toBe("approval-by-same-person");
    expect(denial(dangerous(), { type: "approve", by: { kind: "key", id: "k" } })).toBe(
      "approval-by-key",
    );
    expect(after(dangerous(), [{ type: "approve", by: BOB }]).state).toBe("approved");
    expect(denial(dangerous(), QUEUE[0])).toBe("not-in-this-state");
  });

  it("starts the expiry, and comes in time or not at all", () => {
    const approved = after(dangerous(), [{ type: "approve", by: BOB }, NOW + 60_000]);
    expect(approved.command.expiresAtMs).toBe(NOW + 180_000);
    expect(
      after(dangerous(), [{ type: "approve", by: BOB }, NOW + APPROVAL_WAIT_MS]),
    ).toMatchObject({ state: "expired", reason: "nobody-approved" });
    expect(after(dangerous(), [{ type: "tick" }, NOW + APPROVAL_WAIT_MS]).state).toBe("expired");
  });

  it("is not asked for where nothing is dangerous", () => {
    expect(plain().state).toBe("approved");
    expect(denial(plain(), { type: "approve", by: BOB })).toBe("needs-no-approval");
    expect(after(dangerous(), [{ type: "reject", by: BOB }])).toMatchObject({
      ...{ state: "cancelled", reason: "rejected-by-person" },
    });
  });
});

describe("the way to the terminal", () => {
  it("goes over every state and ends with the terminal's own word", () => {
    const queued = after(plain(), QUEUE);
    const scheduled = after(queued.command, [page()]);
    const onAir = after(scheduled.command, [handed("a")]);
    const sent = after(onAir.command, [paged("a", "sent")]);
    const done = after(sent.command, [{ type: "answer", result: "done" }]);
    expect([queued, scheduled, onAir, sent, done].map(({ state }) => state)).toEqual([
      ...["queued", "scheduled", "on-air", "sent", "done"],
    ]);
  });

  it("is refused against the envelope, when queued, when scheduled and at the hand-over", () => {
    const no = refused("precondition-not-met");
    const told = { state: "refused", reason: "precondition-not-met" };
    expect(after(plain(), [{ type: "queue", judgement: no }])).toMatchObject(told);
    expect(after(plain(), QUEUE, [page({ judgement: no })])).toMatchObject(told);
    expect(after(plain(), QUEUE, [page()], [handed("a", no)])).toMatchObject(told);
    // once a page may have been heard nobody can say that it was refused
    const retried = after(
      ...([
        plain(),
        QUEUE,
        [page()],
        [handed("a")],
        [paged("a", "sent")],
        [handed("b", no)],
      ] as const),
    );
    expect(retried.state).toBe("sent");
  });

  it("takes one page sequence and a counter for each attempt", () => {
    const over = NOW + ANSWER_WAIT_MS;
    const first = after(plain(), QUEUE, [page({ gateways: ["a"] })], [handed("a")]);
    const again = after(first.command, [paged("a", "sent")], [{ type: "tick" }, over]);
    expect(again.state).toBe("queued");
    const at = again.command.nextAttemptAtMs;
    expect(at).toBe(over + 15_000);
    const second = after(again.command, [page({ downCounter: 8, pageSequence: 99 }), at]);
    expect(second.command).toMatchObject({ pageSequence: 3, attempt: { downCounter: 8 } });
    expect(denial(again.command, page(), at - 1)).toBe("not-in-this-state");
  });

  it("is not tried again when the terminal no longer keeps the result", () => {
    const first = after(plain(), QUEUE, [page({ gateways: ["a"] })], [handed("a")]);
    const again = after(
      ...([first.command, [paged("a", "sent")], [{ type: "tick" }, NOW + ANSWER_WAIT_MS]] as const),
    );
    const late = page({ othersSince: OTHERS_SINCE_MAX });
    expect(after(again.command, [late, again.command.nextAttemptAtMs])).toMatchObject({
      ...{ state: "failed", reason: "answer-forgotten" },
    });
  });

  it("is expired when nothing can have been heard, and failed when something can", () => {
    const late = NOW + 3_600_000;
    const unsent = after(...([plain(), QUEUE, [page()], [{ type: "tick" }, late]] as const));
    expect(unsent).toMatchObject({ state: "expired", reason: "too-late" });
    // a gateway that has forgotten its word may be asked again by the broker, and then send it
    const said = after(plain(), QUEUE, [page()], [handed("a")], [paged("a", "unsent")]);
    expect(after(said.command, [{ type: "tick" }, late])).toMatchObject({
      ...{ state: "failed", reason: "no-answer" },
    });
    expect(after(said.command, [{ type: "answer", result: "done" }]).state).toBe("done");
    const silent = after(
      plain(),
      QUEUE,
      [page()],
      [handed("a")],
      [{ type: "tick" }, late + 20_000],
    );
    expect(silent).toMatchObject({ state: "failed", reason: "no-answer" });
  });

  it("waits for a busy terminal's second word", () => {
    const out = after(plain(), QUEUE, [page()], [handed("a")]).command;
    const busy = after(out, [{ type: "answer", result: "busy" }]);
    expect(busy.state).toBe("acknowledged");
    expect(after(busy.command, [{ type: "answer", result: "unsafe-now" }])).toMatchObject({
      ...{ state: "refused", reason: "terminal-unsafe" },
    });
    expect(after(busy.command, [{ type: "tick" }, NOW + 4_200_000]).reason).toBe("still-busy");
  });

  it("stops at once before a page is out, and begins nothing further after it", () => {
    const withdraw = { type: "withdraw", by: ANN } as const;
    const queued = after(plain(), QUEUE, [page()]);
    expect(after(queued.command, [withdraw]).state).toBe("cancelled");
    const out = after(queued.command, [handed("a")], [withdraw]);
    expect(out.state).toBe("on-air");
    expect(denial(out.command, handed("b"))).toBe("on-its-way");
    const over = after(
      ...([out.command, [paged("a", "sent")], [{ type: "tick" }, NOW + ANSWER_WAIT_MS]] as const),
    );
    expect(over.state).toBe("cancelled");
  });
});

it("lets what is urgent go beside what is not, and all else in turn", () => {
  const underWay = after(plain(), QUEUE, [page()]).command;
  expect(mayBegin(plain(), [])).toBe(true);
  expect(mayBegin(plain(), [underWay])).toBe(false);
  expect(mayBegin(dangerous(), [underWay])).toBe(true);
  const urgent = { ...underWay, safetyClass: "life-safety" } as const;
  expect(mayBegin(dangerous(), [urgent])).toBe(false);
});

const anyJudgement = fc.constantFrom(HOLDS, refused("data-too-old"));
const anyGateway = fc.constantFrom("a", "b");
const anyResult = fc.constantFrom<TerminalResult>("done", "rejected", "busy", "unsafe-now");
const anyInput: fc.Arbitrary<CommandInput> = fc.oneof(
  fc.record({ type: fc.constant("approve" as const), by: fc.constantFrom(ANN, BOB) }),
  fc.record({
    type: fc.constantFrom("reject" as const, "withdraw" as const),
    by: fc.constant(BOB),
  }),
  fc.record({ type: fc.constantFrom("supersede" as const, "tick" as const) }),
  fc.record({ type: fc.constant("queue" as const), judgement: anyJudgement }),
  anyJudgement.map((judgement) => page({ judgement })),
  fc.tuple(anyGateway, anyJudgement).map(([gateway, judgement]) => handed(gateway, judgement)),
  fc
    .tuple(anyGateway, fc.constantFrom("sent" as const, "unsent" as const))
    .map(([gateway, said]) => paged(gateway, said)),
  fc.record({ type: fc.constant("answer" as const), result: anyResult }),
);

it("keeps its promises over any inputs at any times", () => {
  const anyLife = fc.array(fc.tuple(anyInput, fc.integer({ min: -10_000, max: 200_000 })), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(fc.boolean(), anyLife, (isDangerous, life) => {
      let command = isDangerous ? dangerous() : plain();
      let nowMs = NOW;
      for (const [input, byMs] of life) {
        nowMs += byMs;
        const step = stepCommand(command, input, nowMs);
        if (!step.ok) continue;
        expect(isFinal(command.state)).toBe(false);
        const next = step.command;
        if (command.expiresAtMs !== null) expect(next.expiresAtMs).toBe(command.expiresAtMs);
        if (command.pageSequence !== null) expect(next.pageSequence).toBe(command.pageSequence);
        if (next.pageSequence !== null) expect(next.approvedAtMs).not.toBeNull();
        if (next.state === "done") expect(isPerhapsHeard(command)).toBe(true);
        if (next.state === "expired" || next.state === "refused")
          expect(isPerhapsHeard(command) && input.type !== "answer").toBe(false);
        expect(next.attempts).toBeLessThanOrEqual(ATTEMPTS_MAX);
        if (input.type === "hand-over" && next.attempt?.gateways[input.gatewayId] === "handed")
          expect(nowMs).toBeLessThan(next.expiresAtMs ?? 0);
        command = next;
      }
    }),
    { numRuns: 500 },
  );
});
