import { sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import type { Random } from "../../base/random.ts";
import type { Db } from "../db/database.ts";
import { backoffMs, RETRIES } from "../notifications/backoff.ts";
import type { SendResult } from "../notifications/channel.ts";
import type { Mailer } from "../notifications/mailer.ts";
import { BILLING_ROLES } from "./billing-people-postgres.ts";
import { dayAt } from "./calendar.ts";
import { invoiceLetter } from "./invoice-letter.ts";
import { type InvoicePdf, invoiceFileName, invoiceLanguage } from "./invoice-pdf.ts";
import type { Invoice, InvoiceMail } from "./invoices.ts";

const AT_ONCE = 8;
const LEASE_MS = 120_000;
/** Where mail is set up only later, nobody gets a year of old invoices. */
const OLD_MS = 7 * 86_400_000;

/** In the transaction that issues: mailed once, unless somebody asks for it again. */
export async function queueMail(
  tx: Db,
  invoice: { readonly id: string; readonly customer_id: string },
  nowMs: number,
): Promise<void> {
  const now = sql`${new Date(nowMs)}::timestamptz`;
  await sql`
    with whom as (
      select c.id, coalesce(b.email, c.email) as target, b.id as contact_id,
        coalesce(b.language, c.language) as language
      from customer c left join lateral (
        select k.id, k.email, k.language from contact k where k.customer_id = c.id
          and k.email is not null
          and lower(k.role) = any (${BILLING_ROLES}::text[]) order by k.created_at, k.id limit 1) b on true
      where c.id = ${invoice.customer_id})
    insert into invoice_mail as m (invoice_id, target, language, state, reason, created_at, next_at)
    select ${invoice.id}, coalesce(w.target, ''), w.language,
      case when w.target is null or s.is_refused then 'suppressed' else 'waiting' end,
      case when w.target is null then 'no-address' when s.is_refused then 'consent-withdrawn' end,
      ${now}, ${now}
    from whom w cross join lateral (
      select coalesce((select not n.granted from consent n where n.customer_id = w.id
        and n.channel = 'email' and (n.contact_id is null or n.contact_id = w.contact_id)
        order by n.contact_id is null, n.at desc, n.id desc limit 1), false) as is_refused) s
    on conflict (invoice_id) do update set target = excluded.target, language = excluded.language,
      state = excluded.state, reason = excluded.reason, created_at = excluded.created_at,
      next_at = excluded.next_at, attempts = 0, sends = m.sends + 1, sent_at = null`.execute(tx);
}

export async function mailOf(db: Db, invoiceId: string): Promise<InvoiceMail | null> {
  const row = await db
    .selectFrom("invoice_mail")
    .select(["target", "state", "reason", "sent_at"])
    .where("invoice_id", "=", invoiceId)
    .executeTakeFirst();
  return row === undefined
    ? null
    : { target: row.target, state: row.state, reason: row.reason, sentAt: row.sent_at };
}

export interface InvoiceMailDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Random;
  readonly mailer: Mailer;
  readonly pdf: InvoicePdf;
  readonly find: (id: string, today: string) => Promise<Invoice | undefined>;
}

interface ClaimedMail {
  readonly invoice_id: string;
  readonly target: string;
  readonly language: string;
  readonly attempts: number;
  readonly sends: number;
  readonly created_at: Date;
}

/** Sends what waits, a few at a time; answers how many were tried. Several processes may do so side by side. */
export async function mailInvoices(deps: InvoiceMailDeps): Promise<number> {
  if (!deps.mailer.isSetUp) return 0;
  for (let tried = 0; tried < AT_ONCE; tried++) {
    const row = await claimOne(deps);
    if (row === undefined) return tried;
    await mailOne(deps, row);
  }
  return AT_ONCE;
}

/** The lease is for one alone: others would be sent again when it ends before their turn. */
async function claimOne({ db, clock }: InvoiceMailDeps): Promise<ClaimedMail | undefined> {
  const now = new Date(clock.now());
  // what a process that is gone has claimed comes back when its lease is over
  const { rows } = await sql<ClaimedMail>`
    update invoice_mail set attempts = attempts + 1,
      next_at = ${new Date(now.getTime() + LEASE_MS)}::timestamptz
    where invoice_id = (select invoice_id from invoice_mail
      where state = 'waiting' and next_at <= ${now}::timestamptz
      order by next_at limit 1 for update skip locked)
    returning invoice_id, target, language, attempts, sends, created_at`.execute(db);
  return rows[0];
}

async function mailOne(deps: InvoiceMailDeps, row: ClaimedMail): Promise<void> {
  const { db, clock, log, random } = deps;
  const result = await tryOne(deps, row);
  const nowMs = clock.now();
  const isOver =
    result.outcome === "refused" ||
    (result.outcome === "retry" && row.attempts >= RETRIES.email.attemptsMax);
  if ("why" in result)
    log.warn({ invoiceId: row.invoice_id, outcome: result.outcome }, "an invoice was not mailed");
  const isSent = !("why" in result);
  await db
    .updateTable("invoice_mail")
    .set({
      state: isSent ? "sent" : isOver ? "dead" : "waiting",
      reason: isSent ? null : result.why,
      sent_at: isSent ? new Date(nowMs) : null,
      next_at: new Date(nowMs + backoffMs(RETRIES.email, row.attempts, random)),
    })
    .where("invoice_id", "=", row.invoice_id)
    .where("sends", "=", row.sends) // asked for again meanwhile: that one goes out, too
    .execute();
}

async function tryOne(deps: InvoiceMailDeps, row: ClaimedMail): Promise<SendResult> {
  const { clock, mailer, pdf, find } = deps;
  if (clock.now() - row.created_at.getTime() > OLD_MS)
    return { outcome: "refused", why: "it waited for more than a week" };
  try {
    const invoice = await find(row.invoice_id, dayAt(clock.now(), "UTC"));
    if (invoice === undefined) return { outcome: "refused", why: "there is no such invoice" };
    const language = invoiceLanguage(row.language);
    const bytes = await pdf(invoice, language);
    return await mailer.send({
      ...{ id: `invoice-${row.invoice_id}-${row.sends}`, target: row.target, isUrgent: false },
      ...invoiceLetter(invoice, language),
      attachments: [
        { name: invoiceFileName(invoice, "pdf"), contentType: "application/pdf", bytes },
      ],
    });
  } catch (error) {
    return { outcome: "retry", why: error instanceof Error ? error.message : String(error) };
  }
}
