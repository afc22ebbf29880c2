import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { createServer, type Pdu, type Session } from "smpp";
import { describe, expect, it } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { test } from "../../tests/fixtures.ts";
import { occasion, openWorker, seedCustomer, seedUser } from "../../tests/notifications-fixture.ts";
import type { Db } from "../db/database.ts";
import type { Channel } from "./channel.ts";
import { channelSmsSmpp } from "./channel-sms-smpp.ts";
import { createDeliveries } from "./deliveries-postgres.ts";
import { SILENT } from "./preferences.ts";
import { PARTS_MAX, splitSms } from "./sms-parts.ts";

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

describe("parts of a short message", () => {
  // worked by hand from 3GPP TS 23.038 and 23.040
  it.each([
    ["Hi @{€}", 0, ["486920001b281b651b29"]],
    ["烟雾", 8, ["70df96fe"]],
    ["😀", 8, ["d83dde00"]],
  ])("encodes %s", (text, dataCoding, parts) => {
    const split = splitSms(text, 7);
    expect(split.dataCoding).toBe(dataCoding);
    expect(split.parts.map(({ bytes }) => hex(bytes))).toEqual(parts);
  });

  it.each([
    ["a".repeat(160), [160]],
    ["a".repeat(161), [6 + 153, 6 + 8]],
    [`${"a".repeat(152)}€${"a".repeat(20)}`, [6 + 152, 6 + 22]], // the escape stays with its sign
    ["烟".repeat(70), [140]],
    ["烟".repeat(71), [6 + 134, 6 + 8]],
    [`${"烟".repeat(66)}😀烟烟烟烟`, [6 + 132, 6 + 12]], // a pair of surrogates stays together
  ])("cuts a long text where no sign is torn (%#)", (text, lengths) => {
    const { parts } = splitSms(text, 7);
    expect(parts.map(({ bytes }) => bytes.length)).toEqual(lengths);
    if (parts.length > 1)
      expect(hex(parts[1]?.bytes.subarray(0, 6) ?? new Uint8Array())).toBe("050003070202");
  });

  it("never makes a part longer than a message of 140 octets holds, nor too many", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 1_500 }), (text) => {
        const { parts, dataCoding } = splitSms(text, 300);
        expect(parts.length).toBeLessThanOrEqual(PARTS_MAX);
        for (const { bytes, hasHeader } of parts) {
          const septets = bytes.length - (hasHeader ? 6 : 0);
          const octets =
            dataCoding === 0 ? Math.ceil((septets * 7) / 8) + (hasHeader ? 7 : 0) : bytes.length;
          expect(octets).toBeLessThanOrEqual(hasHeader && dataCoding === 0 ? 141 : 140);
        }
      }),
    );
  });
});

type Behaviour = "take" | "die" | "throttle" | "no-such-number";

/** An SMSC that keeps what it takes; receipts are sent when the test says so. */
async function openSmsc(port = 0) {
  const messages: { id: string; to: string; text: string; udh: boolean }[] = [];
  const sessions = new Set<Session>();
  const state: { behave: Behaviour } = { behave: "take" };
  let ids = 0;
  const statusOf = { throttle: 0x58, "no-such-number": 0x0b } as const;
  const submitted = (session: Session, pdu: Pdu): void => {
    if (state.behave === "throttle" || state.behave === "no-such-number") {
      session.send(pdu.response({ command_status: statusOf[state.behave] }));
      return;
    }
    const id = `m${port}-${++ids}`;
    const { message, udh } = pdu.short_message ?? {};
    const text = typeof message === "string" ? message : "";
    messages.push({ id, to: pdu.destination_addr ?? "", text, udh: (udh?.length ?? 0) > 0 });
    if (state.behave === "die")
      session.destroy(); // taken, and dead before it says so
    else session.send(pdu.response({ message_id: id }));
  };
  const server = createServer((session) => {
    sessions.add(session);
    session.on("error", () => undefined);
    session.on("close", () => sessions.delete(session));
    session.on("bind_transceiver", (pdu: Pdu) => {
      const isRight = pdu.system_id === "hopline" && pdu.password === "a b";
      session.send(pdu.response({ command_status: isRight ? 0 : 0x0e }));
    });
    session.on("submit_sm", (pdu: Pdu) => {
      submitted(session, pdu);
    });
  });
  const listening = Promise.withResolvers<undefined>();
  server.listen(port, "127.0.0.1", () => {
    listening.resolve(undefined);
  });
  await listening.promise;
  const address = server.address() as AddressInfo; // it listens on TCP
  return {
    messages,
    state,
    port: address.port,
    url: `smpp://hopline:a%20b@127.0.0.1:${address.port}?source=Hopline`,
    /** Resolves when the other side has said that it has it. */
    async receipt(id: string, status: string): Promise<void> {
      const [session] = sessions;
      const answered = Promise.withResolvers<Pdu>();
      session?.deliver_sm(
        { esm_class: 4, short_message: `id:${id} sub:001 dlvrd:001 stat:${status} err:000 text:` },
        answered.resolve,
      );
      await answered.promise;
    },
    async close(): Promise<void> {
      const closed = Promise.withResolvers<undefined>();
      server.close(() => {
        closed.resolve(undefined);
      });
      for (const session of sessions) session.destroy();
      await closed.promise;
    },
  };
}

const BY_SMS = {
  ...SILENT,
  channels: { ...SILENT.channels, critical: ["sms"], major: ["sms"] },
  fallback: "email",
} as const;

async function open(db: Db, url: string) {
  const clock = fakeClock(Date.UTC(2026, 5, 1, 10));
  const deliveries = createDeliveries(db);
  const sms = channelSmsSmpp({
    url,
    unitCostMicros: 45_000,
    log: silentLog,
    receipt: (reference, state, detail) =>
      deliveries.receipt(reference, state, detail, clock.now()),
  });
  await seedCustomer(db, "c1");
  const person = { customerId: "c1", phone: "+86 138 0013 8000", preferences: BY_SMS };
  await seedUser(db, "ann", { ...person, language: "zh-CN" });
  return { ...openWorker(db, clock, { sms }), clock, sms };
}

const statesOf = (db: Db) =>
  db
    .selectFrom("delivery")
    .select(["channel", "state", "attempts", "units", "cost_micros"])
    .orderBy("seq")
    .execute();

describe("short messages", () => {
  test("go through an SMSC in parts, and are delivered when each part is", async ({
    emptied: db,
  }) => {
    const smsc = await openSmsc();
    const { worker, tell } = await open(db, smsc.url);
    await tell(occasion("n1", { title: { en: "Smoke", "zh-CN": "烟雾报警，".repeat(12) } }));
    await worker.run();
    expect(smsc.messages.length).toBeGreaterThan(1);
    expect(new Set(smsc.messages.map(({ to }) => to))).toEqual(new Set(["8613800138000"]));
    expect(smsc.messages.every(({ udh }) => udh)).toBe(true);
    expect(smsc.messages.map(({ text }) => text).join("")).toContain("烟雾报警，");
    const parts = smsc.messages.length;
    const cost = BigInt(parts * 45_000);
    expect(await statesOf(db)).toMatchObject([{ state: "sent", units: parts, cost_micros: cost }]);
    for (const { id } of smsc.messages.slice(1)) await smsc.receipt(id, "DELIVRD");
    expect(await statesOf(db)).toMatchObject([{ state: "sent" }]);
    await smsc.receipt(smsc.messages[0]?.id ?? "", "DELIVRD");
    expect(await statesOf(db)).toMatchObject([{ state: "delivered" }]);
    const usage = await db.selectFrom("message_usage").selectAll().execute();
    expect(usage).toMatchObject([{ channel: "sms", units: parts }]);
    await worker.stop();
    await smsc.close();
  });

  test("that an SMSC took and died over come again when it is back, and are billed once", async ({
    emptied: db,
  }) => {
    const smsc = await openSmsc();
    const { worker, tell, clock } = await open(db, smsc.url);
    smsc.state.behave = "die";
    await tell(occasion("n1", { severity: "major" }));
    await worker.run();
    expect(await statesOf(db)).toMatchObject([{ state: "waiting", attempts: 1 }]);
    await smsc.close();
    clock.advance(60_000);
    await worker.run();
    const again = await openSmsc(smsc.port);
    again.state.behave = "throttle";
    clock.advance(60_000);
    await worker.run();
    again.state.behave = "take";
    clock.advance(60_000);
    await worker.run();
    expect(await statesOf(db)).toMatchObject([{ state: "sent", attempts: 4 }]);
    expect(again.messages[0]?.text).toBe(smsc.messages[0]?.text); // its first part, from the beginning
    expect(await db.selectFrom("message_usage").selectAll().execute()).toHaveLength(1);
    await worker.stop();
    await again.close();
  });

  test("that cannot be delivered are dead letters, and the other channel takes over", async ({
    emptied: db,
  }) => {
    const smsc = await openSmsc();
    const { worker, tell, clock } = await open(db, smsc.url);
    await tell(occasion("n1", { severity: "major" }));
    await worker.run();
    await smsc.receipt(smsc.messages[0]?.id ?? "", "UNDELIV");
    expect(await statesOf(db)).toMatchObject([
      { channel: "sms", state: "dead" },
      { channel: "email", state: "waiting" },
    ]);
    smsc.state.behave = "no-such-number";
    clock.advance(60_000);
    await tell(occasion("n2", { severity: "major" }));
    await worker.run();
    expect((await statesOf(db)).map(({ channel, state }) => `${channel} ${state}`)).toEqual([
      "sms dead",
      "email waiting",
      "sms dead",
      "email waiting",
    ]);
    await worker.stop();
    await smsc.close();
  });

  test("are settled too when the receipt comes before the answer is written down", async ({
    emptied: db,
  }) => {
    const clock = fakeClock();
    const deliveries = createDeliveries(db);
    await seedCustomer(db, "c1");
    await seedUser(db, "ann", { customerId: "c1", phone: "1", preferences: BY_SMS });
    const never: Channel = {
      isSetUp: true,
      unitCostMicros: 0,
      send: async () => ({ outcome: "retry", why: "not yet" }),
      stop: async () => undefined,
    };
    const { worker, tell } = openWorker(db, clock, { sms: never });
    await tell(occasion("n1", { severity: "major" }));
    await worker.run();
    clock.advance(60_000);
    const [claimed] = await deliveries.claim("sms", clock.now(), 1);
    if (claimed === undefined) throw new Error("nothing is due");
    await deliveries.receipt("early", "delivered", "DELIVRD", clock.now());
    await deliveries.finish(claimed, {
      ...{ nowMs: clock.now(), nextAtMs: undefined, costMicros: 0 },
      result: { outcome: "sent", reference: "early", units: 1 },
    });
    expect(await statesOf(db)).toMatchObject([{ state: "delivered" }]);
    await worker.stop();
  });
});
