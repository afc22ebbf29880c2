import { type Kysely, sql } from "kysely";
import type { AlertJudge, AlertWrites } from "../alerting/alert-judge.ts";
import { recordAnswers } from "../commands/command-answers-postgres.ts";
import type { Database } from "../db/database.ts";
import { hexOf, jsonRows, nestedRows } from "../db/json-rows.ts";
import { upsertStates } from "../devices/device-state-postgres.ts";
import { recordGroupAnswers } from "../groups/group-answers-postgres.ts";
import type { TelemetryWriter } from "../telemetry/telemetry.ts";
import type { PacketToStore, UplinkChanges } from "./uplink-changes.ts";
import type { CommitStep, UplinkWriter } from "./uplink-store.ts";

export interface UplinkWriterDeps {
  readonly db: Kysely<Database>;
  readonly telemetry: TelemetryWriter;
  readonly faultPoint: (step: CommitStep) => void;
  /** None: nothing is judged. */
  readonly alerts?: AlertJudge | undefined;
}

/** Newest refused packets kept of each gateway; the rest are only counted. */
export const REFUSED_KEPT_PER_GATEWAY = 10_000;
const TRIM_EVERY = 500;

export function uplinkWriterPostgres({
  db,
  telemetry,
  faultPoint,
  alerts = NO_ALERTS,
}: UplinkWriterDeps): UplinkWriter {
  const sinceTrim = new Map<string, number>();
  return {
    async commit(changes) {
      await db.transaction().execute(async (tx) => {
        faultPoint("transaction-begun");
        const alarms = await alerts.judge(tx, changes.judged, changes.nowMs);
        faultPoint("alerts-judged");
        await insertPackets(tx, changes, alarms.triggered);
        faultPoint("packets-stored");
        await insertReceptions(tx, changes);
        faultPoint("receptions-stored");
        await writeAttaches(tx, changes);
        await writeSessions(tx, changes);
        faultPoint("sessions-stored");
        await upsertStates(tx, changes.states);
        faultPoint("states-stored");
        await insertUsage(tx, changes);
        faultPoint("usage-stored");
        await telemetry.record(tx, changes.points);
        faultPoint("telemetry-stored");
        await insertPages(tx, changes);
        await supersedePages(tx, changes);
        await insertEvents(tx, changes);
        await insertLocates(tx, changes);
        await countRefusals(tx, changes);
        await trimRefused(tx, changes);
        await recordAnswers(tx, changes.answers, changes.nowMs);
        await recordGroupAnswers(tx, changes.answers, changes.nowMs);
        faultPoint("pages-stored");
        await alarms.write(tx);
        faultPoint("alerts-stored");
      });
      faultPoint("committed");
    },
  };

  async function trimRefused(tx: Kysely<Database>, { refusals }: UplinkChanges): Promise<void> {
    for (const { gatewayId, count } of refusals) {
      const sum = (sinceTrim.get(gatewayId) ?? TRIM_EVERY) + count;
      sinceTrim.set(gatewayId, sum < TRIM_EVERY ? sum : 0);
      if (sum < TRIM_EVERY) continue;
      await sql`
        with gone as (delete from packet where id in (
          select id from packet where gateway_id = ${gatewayId} and not accepted
          order by id desc offset ${REFUSED_KEPT_PER_GATEWAY}::int) returning id)
        delete from reception where packet_id in (select id from gone)`.execute(tx);
    }
  }
}

const NO_ALERTS: AlertJudge = {
  judge: async () => ({ triggered: new Map(), write: async () => undefined }),
};

async function insertPackets(
  tx: Kysely<Database>,
  changes: UplinkChanges,
  alarms: AlertWrites["triggered"],
): Promise<void> {
  if (changes.packets.length === 0) return;
  const triggeredBy = ({ id, triggered }: PacketToStore) => {
    const all = [...triggered, ...(alarms.get(id) ?? [])];
    return all.length > 0 ? all : undefined;
  };
  const rows = changes.packets.map((packet) => ({
    id: String(packet.id),
    address: packet.address,
    session: packet.identity?.session,
    counter: packet.identity?.counter,
    verdict: packet.verdict,
    accepted: packet.accepted,
    below_window: packet.belowWindow,
    type: packet.type,
    drill: packet.drill,
    confirm: packet.confirm,
    ack_page_sequence: packet.acknowledges?.pageSequence,
    ack_result: packet.acknowledges?.result,
    report_number: packet.reportNumber,
    report: packet.report,
    measured_at_ns: String(packet.measuredAtNs),
    received_at_ns: String(packet.receivedAtNs),
    gateway_id: packet.gatewayId,
    bytes: packet.payload.length,
    payload: hexOf(packet.payload),
    plaintext: packet.plaintext && hexOf(packet.plaintext),
    fields: packet.fields,
    triggered: triggeredBy(packet),
    fault: packet.fault,
  }));
  await sql`
    insert into packet (id, address, session, counter, verdict, accepted, below_window, type, drill,
      confirm, ack_page_sequence, ack_result, report_number, report, measured_at_ns, received_at_ns,
      stored_at, gateway_id, bytes, payload, plaintext, fields, triggered, fault)
    select id, address, session, counter, verdict, accepted, below_window, type, drill, confirm,
      ack_page_sequence, ack_result, report_number, report, measured_at_ns, received_at_ns,
      ${new Date(changes.nowMs)}::timestamptz, gateway_id, bytes, decode(payload, 'hex'),
      decode(plaintext, 'hex'), fields, triggered, fault
    from ${nestedRows(rows)} as row (id bigint, address bigint, session bigint, counter bigint,
      verdict text, accepted boolean, below_window boolean, type text, drill boolean, confirm boolean,
      ack_page_sequence integer, ack_result integer, report_number integer, report text,
      measured_at_ns bigint, received_at_ns bigint, gateway_id text, bytes integer, payload text,
      plaintext text, fields jsonb, triggered jsonb, fault text)`.execute(tx);
}

async function insertReceptions(
  tx: Kysely<Database>,
  { receptions }: UplinkChanges,
): Promise<void> {
  if (receptions.length === 0) return;
  const rows = receptions.map((reception) => ({
    outbox_id: reception.outboxId,
    sequence: String(reception.sequence),
    packet_id: String(reception.packetId),
    gateway_id: reception.gatewayId,
    modem_id: reception.modemId,
    verdict: reception.verdict,
    received_at_ns: String(reception.receivedAtNs),
    rssi_dbm: reception.rssiDbm,
    snr_db: reception.snrDb,
    carrier_hz: reception.carrierHz,
    fragments_total: reception.fragmentsTotal,
    fragments_lost: reception.fragmentsLost,
    clock_state: reception.clockState,
    clock_error_ns: reception.clockErrorNs,
    backfilled: reception.backfilled,
  }));
  await sql`
    insert into reception (outbox_id, sequence, packet_id, gateway_id, modem_id, verdict,
      received_at_ns, rssi_dbm, snr_db, carrier_hz, fragments_total, fragments_lost, clock_state,
      clock_error_ns, backfilled)
    select * from ${jsonRows(rows)} as row (outbox_id text, sequence bigint, packet_id bigint,
      gateway_id text, modem_id text, verdict text, received_at_ns bigint, rssi_dbm float8,
      snr_db float8, carrier_hz float8, fragments_total integer, fragments_lost integer,
      clock_state integer, clock_error_ns bigint, backfilled boolean)`.execute(tx);
}

async function writeAttaches(tx: Kysely<Database>, changes: UplinkChanges): Promise<void> {
  if (changes.attaches.length === 0) return;
  const rows = changes.attaches.map((attach) => ({
    address: attach.address,
    attach_nonce: attach.attachNonce,
    network_nonce: attach.networkNonce,
    page: hexOf(attach.page),
  }));
  await sql`
    insert into attach_answer (address, attach_nonce, network_nonce, page, made_at)
    select address, attach_nonce, network_nonce, decode(page, 'hex'),
      ${new Date(changes.nowMs)}::timestamptz
    from ${jsonRows(rows)} as row (address bigint, attach_nonce bigint, network_nonce bigint,
      page text)`.execute(tx);
  const latest = new Map(changes.attaches.map((attach) => [attach.address, attach]));
  const terminals = [...latest.values()].map((attach) => ({
    address: attach.address,
    attach_nonce: attach.attachNonce,
    hardware_version: attach.hardwareVersion,
    firmware_version: attach.firmwareVersion,
    battery_percent: attach.batteryPercent,
  }));
  await sql`
    update terminal t set last_attach_nonce = row.attach_nonce,
      hardware_version = row.hardware_version, firmware_version = row.firmware_version,
      battery_percent = row.battery_percent
    from ${jsonRows(terminals)} as row (address bigint, attach_nonce bigint,
      hardware_version integer, firmware_version integer, battery_percent integer)
    where t.address = row.address`.execute(tx);
}

async function writeSessions(tx: Kysely<Database>, changes: UplinkChanges): Promise<void> {
  const changed = changes.sessions;
  // Former ones first: a terminal has one proven and one pending session at every moment.
  const old = changed.filter(({ session }) => !session.isNew);
  await updateSessions(
    tx,
    changes.nowMs,
    old.filter(({ session }) => session.state === "former"),
  );
  await updateSessions(
    tx,
    changes.nowMs,
    old.filter(({ session }) => session.state !== "former"),
  );
  const fresh = changed.filter(({ session }) => session.isNew).map(sessionRow);
  if (fresh.length > 0) {
    const now = sql`${new Date(changes.nowMs)}::timestamptz`;
    await sql`
      insert into session (address, network_nonce, attach_nonce, state, highest_counter,
        next_down_counter, next_page_sequence, created_at, proven_at, former_at)
      select address, network_nonce, attach_nonce, state, highest, next_down_counter,
        next_page_sequence, ${now}, case when state = 'proven' then ${now} end,
        case when state = 'former' then ${now} end
      from ${jsonRows(fresh)} as row (address bigint, network_nonce bigint, attach_nonce bigint,
        state text, highest bigint, next_down_counter bigint, next_page_sequence integer)`.execute(
      tx,
    );
  }
}

type ChangedSession = UplinkChanges["sessions"][number];

const sessionRow = ({ address, session }: ChangedSession) => ({
  address,
  network_nonce: session.networkNonce,
  attach_nonce: session.attachNonce,
  state: session.state,
  highest: session.highest,
  next_down_counter: session.nextDownCounter,
  next_page_sequence: session.nextPageSequence,
});

async function updateSessions(
  tx: Kysely<Database>,
  nowMs: number,
  sessions: readonly ChangedSession[],
): Promise<void> {
  if (sessions.length === 0) return;
  const now = sql`${new Date(nowMs)}::timestamptz`;
  await sql`
    update session s set state = row.state,
      highest_counter = greatest(s.highest_counter, row.highest),
      next_down_counter = greatest(s.next_down_counter, row.next_down_counter),
      next_page_sequence = row.next_page_sequence,
      proven_at = case when row.state = 'proven' then coalesce(s.proven_at, ${now}) else s.proven_at end,
      former_at = case when row.state = 'former' then coalesce(s.former_at, ${now}) end
    from ${jsonRows(sessions.map(sessionRow))} as row (address bigint, network_nonce bigint,
      state text, highest bigint, next_down_counter bigint, next_page_sequence integer)
    where s.address = row.address and s.network_nonce = row.network_nonce`.execute(tx);
}

async function insertUsage(tx: Kysely<Database>, { usage }: UplinkChanges): Promise<void> {
  if (usage.length === 0) return;
  const rows = usage.map((record) => ({
    packet_id: String(record.packetId),
    address: record.address,
    kind: record.kind,
    bytes: record.bytes,
    measured_at_ns: String(record.measuredAtNs),
    received_at_ns: String(record.receivedAtNs),
    late: record.late,
  }));
  await sql`
    insert into usage_record (packet_id, address, kind, bytes, measured_at_ns, received_at_ns, late)
    select * from ${jsonRows(rows)} as row (packet_id bigint, address bigint, kind text,
      bytes integer, measured_at_ns bigint, received_at_ns bigint, late boolean)`.execute(tx);
}

async function insertPages(tx: Kysely<Database>, { pages }: UplinkChanges): Promise<void> {
  if (pages.length === 0) return;
  const rows = pages.map((page) => ({
    id: page.id,
    partition: page.partition,
    address: page.address,
    kind: page.kind,
    packet_id: String(page.packetId),
    session: page.session,
    down_counter: page.downCounter,
    page_sequence: page.pageSequence,
    priority: page.kind === "acknowledgement" ? 2 : 1,
    words: [...page.words].map((word) => word.toString(16).padStart(8, "0")).join(""),
    due_at: new Date(page.dueAtMs),
    expires_at: new Date(page.expiresAtMs),
  }));
  await sql`
    insert into page_request (id, partition, address, kind, packet_id, session, down_counter, page_sequence,
      words, status, attempts, due_at, expires_at, priority)
    select id, partition, address, kind, packet_id, session, down_counter, page_sequence, decode(words, 'hex'),
      'waiting', 0, due_at, expires_at, priority
    from ${jsonRows(rows)} as row (id text, partition integer, address bigint, kind text, packet_id bigint,
      session bigint, down_counter bigint, page_sequence integer, words text, due_at timestamptz,
      expires_at timestamptz, priority integer)`.execute(tx);
}

/** After the pages: an attach and the packet that proves its session may be in one batch. */
async function supersedePages(tx: Kysely<Database>, { proven }: UplinkChanges): Promise<void> {
  if (proven.length === 0) return;
  const rows = proven.map((p) => ({ address: p.address, counter: p.attachNonce }));
  await sql`
    update page_request p set status = 'superseded'
    from ${jsonRows(rows)} as row (address bigint, counter bigint)
    where p.address = row.address and p.session = 0 and p.down_counter <= row.counter
      and p.status = 'waiting'`.execute(tx);
}

async function insertEvents(tx: Kysely<Database>, { events }: UplinkChanges): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    partition: event.partition,
    topic: event.topic,
    payload: hexOf(event.payload),
    expires_at: new Date(event.expiresAtMs),
  }));
  await sql`
    insert into event_outbox (partition, topic, payload, expires_at)
    select partition, topic, decode(payload, 'hex'), expires_at
    from ${jsonRows(rows)} as row (partition integer, topic text, payload text, expires_at timestamptz)`.execute(
    tx,
  );
}

async function insertLocates(tx: Kysely<Database>, { locates }: UplinkChanges): Promise<void> {
  if (locates.length === 0) return;
  const rows = locates.map(({ packetId, partition, dueAtMs }) => ({
    packet_id: packetId,
    partition,
    due_at: new Date(dueAtMs),
  }));
  await tx.insertInto("locate_request").values(rows).execute();
}

async function countRefusals(tx: Kysely<Database>, { refusals }: UplinkChanges): Promise<void> {
  if (refusals.length === 0) return;
  const rows = refusals.map(({ gatewayId, verdict, count }) => ({
    gateway_id: gatewayId,
    verdict,
    count,
  }));
  await sql`
    insert into refusal_count as c (gateway_id, verdict, count)
    select gateway_id, verdict, count
    from ${jsonRows(rows)} as row (gateway_id text, verdict text, count bigint)
    on conflict (gateway_id, verdict) do update set count = c.count + excluded.count`.execute(tx);
}
