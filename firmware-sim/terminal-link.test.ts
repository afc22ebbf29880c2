import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../protocol/hex.ts";
import { usedUpTo } from "../protocol/packet/counters.ts";
import { attachKey } from "../protocol/packet/keys.ts";
import { openPacket, parsePacket } from "../protocol/packet/packet.ts";
import {
  encodeAttachAccept,
  groupRic,
  individualRic,
  type PageToSeal,
  sealPage,
} from "../protocol/packet/page.ts";
import {
  createTerminalLink,
  keyBytes,
  mustAttach,
  mustSave,
  restoreAfterPowerLoss,
  sealAcknowledgement,
  sealEmergency,
  sealLinkTest,
  sealReport,
  startAttach,
  type TerminalLink,
} from "./terminal-link.ts";
import { answerWindow } from "./terminal-link-answers.ts";
import { GROUPS_MAX } from "./terminal-link-groups.ts";
import { changeResult, hearPage, type PageOnAir, RESULTS_KEPT } from "./terminal-link-pages.ts";

const ROOT = new Uint8Array(16).fill(9);
const ADDRESS = 3_271_216_511;
const GROUP = 1_565_286_320;
const GROUP_KEY = new Uint8Array(16).fill(5);
const ATTACH = { profileNumber: 3, hardwareVersion: 1, firmwareVersion: 258, batteryPercent: 255 };
const DONE = 0;
const UNSUPPORTED = 2;
const UNSAFE_NOW = 4;
const BUSY = 3;

function acceptPage(attachNonce: number, networkNonce: number): PageOnAir {
  const bytes = sealPage({
    ...individual,
    type: "attach-accept",
    counter: attachNonce,
    session: 0,
    key: attachKey(ROOT, ADDRESS),
    plaintext: encodeAttachAccept({ networkNonce, reportIntervalS: 300, flags: 0 }),
  });
  return { ric: individualRic(ADDRESS), bytes };
}

const individual = {
  to: "individual",
  id: ADDRESS,
  ackWanted: true,
  rollCall: false,
  drill: false,
  pageSequence: 7,
} as const;

function attached(networkNonce = 77): TerminalLink {
  const { next } = startAttach(createTerminalLink(ADDRESS, ROOT), ATTACH);
  return hearPage(next, acceptPage(1, networkNonce), () => DONE).next;
}

function command(link: TerminalLink, more: Partial<PageToSeal> = {}): PageOnAir {
  const { session } = link;
  if (!session) throw new Error("not attached");
  const bytes = sealPage({
    ...individual,
    type: "command",
    counter: 0,
    session: session.networkNonce,
    key: keyBytes(session.downKey),
    plaintext: Uint8Array.of(9, 1),
    ...more,
  });
  return { ric: individualRic(ADDRESS), bytes };
}

function groupCommand(counter: number, more: Partial<PageToSeal> = {}): PageOnAir {
  const bytes = sealPage({
    type: "group-command",
    to: "group",
    id: GROUP,
    ackWanted: false,
    rollCall: false,
    drill: false,
    pageSequence: 131,
    counter,
    session: 0,
    key: GROUP_KEY,
    plaintext: Uint8Array.of(9),
    ...more,
  });
  return { ric: groupRic(GROUP), bytes };
}

function joinArguments(id: number, nextCounter: number): Uint8Array {
  const bytes = new Uint8Array(25);
  const view = new DataView(bytes.buffer);
  view.setUint32(1, id);
  bytes.set(GROUP_KEY, 5);
  view.setUint32(21, nextCounter);
  return bytes;
}

const member = (nextCounter: number): TerminalLink => ({
  ...attached(),
  groups: [{ id: GROUP, key: toHex(GROUP_KEY), heard: usedUpTo(nextCounter - 1) }],
});

describe("attach", () => {
  it("takes the answer to its latest attempt and proves the session by counter 0", () => {
    const link = attached();
    expect(link).toMatchObject({ isAttaching: false, reportIntervalS: 300 });
    expect(mustAttach(link)).toBe(false);
    const test = sealLinkTest(link);
    const parsed = test && parsePacket(test.bytes);
    if (!parsed?.ok || !link.session) throw new Error("no link test");
    expect(parsed.packet).toMatchObject({ type: "link-test", confirm: false, counterLow16: 0 });
    const { upKey, networkNonce } = link.session;
    expect(openPacket(parsed.packet, keyBytes(upKey), 0, networkNonce)).toHaveLength(0);
  });

  it("ignores the answer when it comes again: counters would start over", () => {
    const sent = sealReport(attached(), Uint8Array.of(1));
    if (!sent) throw new Error("not attached");
    const again = hearPage(sent.next, acceptPage(1, 77), () => DONE);
    expect(again).toEqual({ effect: "ignored", next: sent.next });
  });

  it("ignores the answer to an earlier attempt", () => {
    const first = startAttach(createTerminalLink(ADDRESS, ROOT), ATTACH);
    const second = startAttach(first.next, ATTACH);
    expect(hearPage(second.next, acceptPage(1, 77), () => DONE).effect).toBe("ignored");
    expect(hearPage(second.next, acceptPage(2, 78), () => DONE).effect).toBe("attached");
  });

  it("sends nothing under a session that it does not have", () => {
    const link = createTerminalLink(ADDRESS, ROOT);
    expect(mustAttach(link)).toBe(true);
    expect(sealReport(link, Uint8Array.of(1))).toBeUndefined();
    expect(sealAcknowledgement(link, { pageSequence: 1, result: DONE })).toBeUndefined();
  });

  it("must attach again before the counters run out", () => {
    const link = attached();
    if (!link.session) throw new Error("not attached");
    const session = { ...link.session, nextCounter: 2 ** 32 - 1, reservedEnd: 2 ** 32 };
    const last = sealEmergency({ ...link, session }, Uint8Array.of(1));
    if (!last) throw new Error("the last counter is still good");
    expect(mustAttach(last.next)).toBe(true);
    expect(sealEmergency(last.next, Uint8Array.of(1))).toBeUndefined();
  });
});

describe("power loss", () => {
  it("never lets a counter or an attach nonce be used twice", () => {
    const event = fc.constantFrom("send", "send", "send", "loss", "attach");
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), (events) => {
        let link = createTerminalLink(ADDRESS, ROOT);
        let saved = JSON.stringify(link);
        const used = new Set<string>();
        const use = (what: string, next: TerminalLink) => {
          expect(used.has(what)).toBe(false);
          used.add(what);
          if (mustSave(JSON.parse(saved) as TerminalLink, next)) saved = JSON.stringify(next);
          link = next;
        };
        for (const each of events) {
          if (each === "loss") link = restoreAfterPowerLoss(JSON.parse(saved) as TerminalLink);
          if (each === "attach") {
            const { next } = startAttach(link, ATTACH);
            use(`attach ${next.attachNonce}`, next);
            const answer = acceptPage(next.attachNonce, 1000 + next.attachNonce);
            use(`answer ${next.attachNonce}`, hearPage(link, answer, () => DONE).next);
          }
          const sent = each === "send" ? sealReport(link, Uint8Array.of(1)) : undefined;
          if (sent) use(`${String(link.session?.networkNonce)} ${sent.counter}`, sent.next);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("counts every page up to the highest as heard, and keeps the results", () => {
    const heard = hearPage(attached(), command(attached(), { counter: 20 }), () => UNSAFE_NOW);
    const link = restoreAfterPowerLoss(JSON.parse(JSON.stringify(heard.next)) as TerminalLink);
    const decide = () => DONE;
    expect(hearPage(link, command(link, { counter: 19 }), decide).effect).toBe("ignored");
    expect(hearPage(link, command(link, { counter: 21 }), decide)).toMatchObject({
      effect: "repeats-result",
      answer: { result: UNSAFE_NOW },
    });
  });
});

describe("pages", () => {
  it("acts once on each, however often and in whatever order they are heard", () => {
    const link = attached();
    const counters = Array.from({ length: 12 }, (_, counter) => counter);
    const order = fc.array(fc.constantFrom(...counters), { maxLength: 60 });
    fc.assert(
      fc.property(order, (heardCounters) => {
        let now = link;
        const acted: number[] = [];
        for (const counter of heardCounters) {
          const page = command(link, { counter, pageSequence: counter });
          const heard = hearPage(now, page, () => DONE);
          if (heard.effect === "acts") acted.push(heard.counter);
          else expect(heard).toEqual({ effect: "ignored", next: now });
          now = heard.next;
        }
        expect(acted.sort()).toEqual([...new Set(heardCounters)].sort());
      }),
      { numRuns: 50 },
    );
  });

  it("gives the command to the profile with its arguments", () => {
    const link = attached();
    const heard = hearPage(link, command(link, { drill: true }), () => UNSAFE_NOW);
    expect(heard).toMatchObject({
      effect: "acts",
      counter: 0,
      command: { number: 9, arguments: Uint8Array.of(1), to: "individual", drill: true },
      answer: { pageSequence: 7, result: UNSAFE_NOW },
    });
  });

  it("answers nothing unless it was asked to", () => {
    const link = attached();
    expect(hearPage(link, command(link, { ackWanted: false }), () => DONE)).not.toHaveProperty(
      "answer",
    );
  });

  it("acts on a known sequence with another plaintext", () => {
    const link = attached();
    const first = hearPage(link, command(link), () => DONE).next;
    const other = command(link, { counter: 1, plaintext: Uint8Array.of(9, 2) });
    expect(hearPage(first, other, () => DONE).effect).toBe("acts");
  });

  it("repeats the later result of a command that was busy at first", () => {
    const link = attached();
    const busy = hearPage(link, command(link), () => BUSY).next;
    const done = changeResult(busy, 7, DONE);
    expect(hearPage(done, command(link, { counter: 1 }), () => UNSAFE_NOW)).toMatchObject({
      effect: "repeats-result",
      answer: { result: DONE },
    });
  });

  it("keeps 16 results", () => {
    let link = attached();
    for (let counter = 0; counter <= RESULTS_KEPT; counter++) {
      link = hearPage(link, command(link, { counter, pageSequence: counter }), () => DONE).next;
    }
    expect(link.results).toHaveLength(RESULTS_KEPT);
    const again = (pageSequence: number) =>
      hearPage(link, command(link, { counter: 30, pageSequence }), () => DONE).effect;
    expect(again(0)).toBe("acts");
    expect(again(1)).toBe("repeats-result");
  });

  it("takes acknowledgements and the time", () => {
    const link = attached();
    const plaintext = Uint8Array.of(0, 1, 0, 2);
    const quiet = { ackWanted: false, plaintext };
    const acknowledgement = command(link, { ...quiet, type: "acknowledgement" });
    expect(hearPage(link, acknowledgement, () => DONE)).toMatchObject({
      effect: "takes-acknowledgement",
      acknowledgedCounter: 65_538,
    });
    const time = command(link, { ...quiet, type: "time" });
    expect(hearPage(link, time, () => DONE)).toMatchObject({ effect: "sets-clock", unixS: 65_538 });
    const short = command(link, { ...quiet, type: "time", plaintext: Uint8Array.of(1) });
    expect(hearPage(link, short, () => DONE)).toEqual({ effect: "ignored", next: link });
  });

  it("ignores a page with any flipped bit, or on another's RIC", () => {
    const link = attached();
    const page = command(link);
    fc.assert(
      fc.property(fc.nat(page.bytes.length * 8 - 1), (bit) => {
        const bytes = page.bytes.slice();
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        expect(hearPage(link, { ...page, bytes }, () => DONE)).toEqual({
          effect: "ignored",
          next: link,
        });
      }),
    );
    expect(hearPage(link, { ...page, ric: page.ric + 1 }, () => DONE).effect).toBe("ignored");
  });

  it("never throws on noise", () => {
    const link = member(5);
    const rics = [individualRic(ADDRESS), groupRic(GROUP), 0, 2_000_000];
    fc.assert(
      fc.property(fc.constantFrom(...rics), fc.uint8Array({ maxLength: 60 }), (ric, bytes) => {
        expect(hearPage(link, { ric, bytes }, () => DONE).effect).toBe("ignored");
      }),
    );
  });
});

describe("groups", () => {
  it("joins by command 0, acts on group pages from the counter given, and leaves by command 1", () => {
    let link = attached();
    const decide = () => UNSAFE_NOW;
    const join = command(link, { plaintext: joinArguments(GROUP, 70_000) });
    const joined = hearPage(link, join, decide);
    expect(joined).toMatchObject({ effect: "acts", answer: { result: DONE } });
    link = joined.next;
    expect(hearPage(link, groupCommand(69_999), decide).effect).toBe("ignored");
    const acted = hearPage(link, groupCommand(70_000), decide);
    expect(acted).toMatchObject({ effect: "acts", counter: 70_000, command: { to: "group" } });
    expect(acted).not.toHaveProperty("answer");

    const id = joinArguments(GROUP, 0).slice(1, 5);
    const leave = command(link, {
      counter: 1,
      pageSequence: 8,
      plaintext: Uint8Array.of(1, ...id),
    });
    link = hearPage(acted.next, leave, decide).next;
    expect(link.groups).toEqual([]);
    expect(hearPage(link, groupCommand(70_001), decide).effect).toBe("ignored");
  });

  it("refuses a counter below its own for a group that it holds", () => {
    const link = member(100);
    const join = (nextCounter: number) =>
      hearPage(link, command(link, { plaintext: joinArguments(GROUP, nextCounter) }), () => DONE);
    expect(join(99)).toMatchObject({ answer: { result: 1 }, next: { groups: link.groups } });
    expect(join(100)).toMatchObject({ answer: { result: DONE } });
  });

  it("refuses one group more than it can hold, and arguments of another length", () => {
    const link = attached();
    const groups = Array.from({ length: GROUPS_MAX }, (_, id) => ({
      id,
      key: toHex(GROUP_KEY),
      heard: usedUpTo(-1),
    }));
    const join = command(link, { plaintext: joinArguments(GROUP, 0) });
    expect(hearPage({ ...link, groups }, join, () => DONE)).toMatchObject({
      answer: { result: 1 },
    });
    const short = command(link, { plaintext: joinArguments(GROUP, 0).slice(0, 24) });
    expect(hearPage(link, short, () => DONE)).toMatchObject({ answer: { result: 1 } });
  });

  it("takes no group key from a group page", () => {
    const link = member(0);
    const page = groupCommand(0, {
      ackWanted: true,
      rollCall: true,
      plaintext: Uint8Array.of(0, 9, ...joinArguments(GROUP + 1, 0)),
    });
    const heard = hearPage(link, page, () => DONE);
    expect(heard).toMatchObject({ effect: "acts", answer: { result: UNSUPPORTED, slots: 9 } });
    expect(heard.next.groups).toHaveLength(1);
  });

  it("keeps groups and results over an attach", () => {
    const link = hearPage(member(0), groupCommand(0), () => DONE).next;
    const { next } = startAttach(link, ATTACH);
    const again = hearPage(next, acceptPage(2, 78), () => DONE).next;
    expect(again.session?.networkNonce).toBe(78);
    expect(hearPage(again, groupCommand(1), () => DONE).effect).toBe("repeats-result");
  });
});

it("answers a roll call in the slot of the address, an individual page within 2 s", () => {
  expect(answerWindow(5n, 2_981_265_575, 50)).toEqual({
    earliestNs: 75_000_000_005n,
    latestNs: 76_000_000_005n,
  });
  expect(answerWindow(5n, 2_981_265_575, undefined)).toEqual({
    earliestNs: 5n,
    latestNs: 2_000_000_005n,
  });
});
