import { sql } from "kysely";
import { expect } from "vitest";
import { silentLog } from "../../base/log.ts";
import { test } from "../../tests/fixtures.ts";
import type { SendResult } from "../notifications/channel.ts";
import type { Mail, Mailer } from "../notifications/mailer.ts";
import { billingRounds } from "./start-billing.ts";
import { billingWorld } from "./test-billing.ts";

const SENT: SendResult = { outcome: "sent", reference: "r", units: 1 };

/** Keeps what it is given and answers as it is told. */
function keptMail() {
  const mails: Mail[] = [];
  const answers: SendResult[] = [];
  const mailer: Mailer = {
    isSetUp: true,
    send: async (mail) => {
      mails.push(mail);
      return answers.shift() ?? SENT;
    },
    stop: async () => undefined,
  };
  return { mails, answers, mailer };
}

test("an issued invoice is mailed once with its PDF, and again only when it is asked for", async ({
  emptied: db,
  clock,
}) => {
  clock.set(Date.parse("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock, 2);
  const { desk, act } = world;
  await sql`update customer set email = 'boss@example.org' where id = 'c0001'`.execute(db);
  await sql`
    insert into contact (id, customer_id, name, role, email, language, created_at, version)
    values ('k1', 'c0001', 'Li', 'Billing', 'books@example.org', 'zh-CN', now(), 1)`.execute(db);
  await world.subscribeAll("2026-01-01");
  clock.set(Date.parse("2026-02-03T00:00:00Z"));
  const run = await world.close("2026-01");
  const { mails, answers, mailer } = keptMail();
  const printed = { ...desk, pdf: async () => new Uint8Array([37, 80, 68, 70]) };
  const { mail } = billingRounds(printed, { db, clock, log: silentLog, mailer });
  expect(await mail()).toBe(0); // a draft is nobody's business
  await desk.invoices.approve({ runId: run?.id ?? "" }, act());
  await desk.invoices.issue({ runId: run?.id ?? "" }, act());

  answers.push({ outcome: "retry", why: "the server is full" });
  expect(await mail()).toBe(1);
  clock.advance(60_000);
  expect(await mail()).toBe(1);
  clock.advance(86_400_000);
  expect(await mail()).toBe(0);
  expect(mails.map(({ id, target }) => [id, target])).toEqual([
    ["invoice-2026-01.c0001-1", "books@example.org"],
    ["invoice-2026-01.c0001-1", "books@example.org"], // the same to a mail programme
  ]);
  expect(mails[0]?.subject).toBe("Hopline Ltd · 账单 HL-000001（2026-01）");
  expect(mails[0]?.attachments).toMatchObject([
    {
      ...{ name: "HL-000001.pdf", contentType: "application/pdf" },
      bytes: new Uint8Array([37, 80, 68, 70]),
    },
  ]);
  const found = async (id: string) => desk.invoices.find(id, "all", "2026-02-03");
  expect((await found("2026-01.c0001"))?.mail).toMatchObject({ state: "sent", reason: null });
  expect((await found("2026-01.c0002"))?.mail).toMatchObject({
    ...{ target: "", state: "suppressed", reason: "no-address" },
  });

  await desk.invoices.mailAgain("2026-01.c0001", act());
  answers.push({ outcome: "refused", why: "no such mailbox" });
  expect(await mail()).toBe(1);
  expect(mails.at(-1)?.id).toBe("invoice-2026-01.c0001-2");
  expect((await found("2026-01.c0001"))?.mail).toMatchObject({ state: "dead" });

  // what waits for its turn is not claimed yet: its lease would be over before
  await sql`update invoice_mail set state = 'waiting', attempts = 0, target = 'a@example.org',
    next_at = ${new Date(clock.now())}::timestamptz`.execute(db);
  const claimed: number[] = [];
  const slow: Mailer = {
    ...mailer,
    async send() {
      const rows = await db.selectFrom("invoice_mail").select("attempts").execute();
      claimed.push(rows.filter(({ attempts }) => attempts > 0).length);
      return SENT;
    },
  };
  const rounds = billingRounds(printed, { db, clock, log: silentLog, mailer: slow });
  expect(await rounds.mail()).toBe(2);
  expect(claimed).toEqual([1, 2]);
});
