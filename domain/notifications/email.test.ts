import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { describe, expect } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { test } from "../../tests/fixtures.ts";
import { occasion, openWorker, seedCustomer, seedUser } from "../../tests/notifications-fixture.ts";
import type { Db } from "../db/database.ts";
import { channelEmailNodemailer } from "./channel-email-nodemailer.ts";
import { SILENT } from "./preferences.ts";

interface Mail {
  readonly to: string;
  readonly text: string;
}
type Behaviour = "take" | "drop" | "later" | "refuse";

/** A mail server that keeps what it takes; `behave` says what it does with the next message. */
async function openMailServer(port = 0) {
  const mails: Mail[] = [];
  const state: { behave: Behaviour } = { behave: "take" };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo(_address, _session, done) {
      const error = new Error("no such mailbox");
      if (state.behave === "refuse") done(Object.assign(error, { responseCode: 550 }));
      else if (state.behave === "later") done(Object.assign(error, { responseCode: 451 }));
      else done();
    },
    onData(stream, session, done) {
      const chunks: Uint8Array[] = [];
      stream.on("data", (chunk: Uint8Array) => chunks.push(chunk));
      stream.on("end", () => {
        const text = new TextDecoder().decode(
          new Uint8Array(chunks.flatMap((chunk) => [...chunk])),
        );
        mails.push({ to: session.envelope.rcptTo[0]?.address ?? "", text });
        if (state.behave !== "drop") done();
        else for (const { _socket: socket } of connectionsOf(server)) socket.destroy(); // taken, and dead before it says so
      });
    },
  });
  server.on("error", () => undefined); // connections that the test cuts
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(port, "127.0.0.1", () => {
    resolve(undefined);
  });
  await promise;
  const address = server.server.address() as AddressInfo; // it listens on TCP
  return {
    mails,
    state,
    port: address.port,
    url: `smtp://127.0.0.1:${address.port}`,
    async close() {
      const closed = Promise.withResolvers<undefined>();
      server.close(() => {
        closed.resolve(undefined);
      });
      for (const { _socket: socket } of connectionsOf(server)) socket.destroy();
      await closed.promise;
    },
  };
}

/** Its typing leaves them out. */
const connectionsOf = (server: SMTPServer) =>
  (server as unknown as { connections: Set<{ _socket: { destroy(): void } }> }).connections;

const BY_EMAIL = {
  ...SILENT,
  channels: { ...SILENT.channels, critical: ["email"], major: ["email"] },
} as const;

async function open(db: Db, url: string) {
  const clock = fakeClock(Date.UTC(2026, 5, 1, 10));
  const email = channelEmailNodemailer({ url, from: "Hopline <alarms@hopline.test>" });
  await seedCustomer(db, "c1");
  await seedUser(db, "ann", { customerId: "c1", preferences: BY_EMAIL });
  return { ...openWorker(db, clock, { email }), clock };
}

const idsOf = (mails: readonly Mail[]) =>
  new Set(mails.map(({ text }) => /^Message-ID: (.*)$/im.exec(text)?.[1]));

const statesOf = (db: Db) =>
  db.selectFrom("delivery").select(["state", "attempts", "reason"]).orderBy("seq").execute();

describe("mail", () => {
  test("goes to a real server, in the person's language, with the link to acknowledge", async ({
    emptied: db,
  }) => {
    const server = await openMailServer();
    const { worker, tell } = await open(db, server.url);
    await tell(occasion("n1", { severity: "critical" }));
    await worker.run();
    expect(server.mails).toMatchObject([{ to: "ann@example.org" }]);
    expect(server.mails[0]?.text).toContain("Smoke");
    expect(server.mails[0]?.text).toContain("https://hopline.test/acknowledge/alarm-n1");
    expect(await statesOf(db)).toMatchObject([{ state: "sent", attempts: 1 }]);
    const usage = await db.selectFrom("message_usage").selectAll().execute();
    expect(usage).toMatchObject([{ customer_id: "c1", channel: "email", units: 1 }]);
    await worker.stop();
    await server.close();
  });

  test("is sent again under the same id when the server dies before it answers, and billed once", async ({
    emptied: db,
  }) => {
    const server = await openMailServer();
    const { worker, tell, clock } = await open(db, server.url);
    server.state.behave = "drop";
    await tell(occasion("n1"));
    await worker.run();
    expect(await statesOf(db)).toMatchObject([{ state: "waiting", attempts: 1 }]);
    await server.close(); // and now it is away altogether
    clock.advance(60_000);
    await worker.run();
    const again = await openMailServer(server.port);
    clock.advance(60_000);
    await worker.run();
    expect(await statesOf(db)).toMatchObject([{ state: "sent", attempts: 3 }]);
    expect([...server.mails, ...again.mails]).toHaveLength(2);
    expect(idsOf([...server.mails, ...again.mails]).size).toBe(1);
    expect(await db.selectFrom("message_usage").selectAll().execute()).toHaveLength(1);
    await worker.stop();
    await again.close();
  });

  test("to an address that there is not is a dead letter at once, one that is full is tried again", async ({
    emptied: db,
  }) => {
    const server = await openMailServer();
    const { worker, tell, clock } = await open(db, server.url);
    server.state.behave = "later";
    await tell(occasion("n1"));
    await worker.run();
    expect(await statesOf(db)).toMatchObject([{ state: "waiting" }]);
    server.state.behave = "refuse";
    clock.advance(60_000);
    await worker.run();
    const [dead] = await statesOf(db);
    expect(dead).toMatchObject({ state: "dead", attempts: 2 });
    expect(dead?.reason).toContain("no such mailbox");
    await worker.stop();
    await server.close();
  });

  test("that a killed process was sending is taken up by another, under the same id", async ({
    emptied: db,
  }) => {
    const server = await openMailServer();
    const { worker, tell, clock, deliveries } = await open(db, server.url);
    await tell(occasion("n1", { severity: "major" }), occasion("n2", { severity: "major" }));
    const isPlanned = { ...channelEmailNodemailer({ url: server.url, from: "a@b.test" }) };
    isPlanned.send = async () => ({ outcome: "retry", why: "not yet" });
    const planned = openWorker(db, clock, { email: isPlanned });
    await planned.worker.run();
    clock.advance(3_600_000);
    const taken = await deliveries.claim("email", clock.now(), 10);
    expect(taken).toHaveLength(2); // and then it is killed
    await worker.run();
    expect(server.mails).toHaveLength(0); // not before its lease is over
    clock.advance(3_600_000);
    await worker.run();
    expect(server.mails).toHaveLength(2);
    expect(new Set((await statesOf(db)).map(({ state }) => state))).toEqual(new Set(["sent"]));
    await planned.worker.stop();
    await worker.stop();
    await server.close();
  });
});
