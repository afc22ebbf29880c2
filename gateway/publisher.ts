import { decodeUplink, encodeUplink, type Uplink } from "../protocol/messages.ts";
import { partitionOf } from "../protocol/packet/packet.ts";
import type { BackhaulConnection } from "./backhaul.ts";
import type { Counters } from "./counters.ts";
import type { Outbox } from "./outbox.ts";

/**
 * How many packets may be under way, sent and not yet stored. Fresh packets have places of their own,
 * so that an alarm does not queue behind a day of backlog.
 */
export const FRESH_MAX = 200;
export const BACKLOG_MAX = 500;
/** Without `Stored` for so long, a packet is sent again: its receiver may have died with it. */
export const STORED_WAIT_MS = 30_000;

interface Sent {
  sentAtMs: number;
  readonly lane: "fresh" | "backlog";
}

/** Sends the outbox over whatever connection there is, and forgets only what the network has stored. */
export class Publisher {
  readonly #outbox: Outbox;
  readonly #counters: Counters;
  readonly #failed: (error: unknown) => void;
  readonly #sent = new Map<bigint, Sent>();
  readonly #underWay = { fresh: 0, backlog: 0 };
  #connection: BackhaulConnection | undefined;
  /** All rows up to here are under way or gone. */
  #scannedTo = 0n;

  constructor(outbox: Outbox, counters: Counters, failed: (error: unknown) => void) {
    this.#outbox = outbox;
    this.#counters = counters;
    this.#failed = failed;
  }

  get underWay(): number {
    return this.#sent.size;
  }

  connected(connection: BackhaulConnection, nowMs: number): void {
    this.#connection = connection;
    this.#forgetSent();
    this.#sendBacklog(nowMs);
  }

  disconnected(): void {
    this.#connection = undefined;
    this.#forgetSent();
  }

  /** A packet that has just been added to the outbox, and so need not be read from there. */
  added(sequence: bigint, uplink: Uplink, nowMs: number): void {
    if (!this.#connection || this.#underWay.fresh >= FRESH_MAX) return; // the backlog takes it
    this.#note(sequence, "fresh", nowMs);
    const partition = partitionOf(uplink.phyPayload);
    if (partition === undefined) this.#drop(sequence);
    else this.#publishAs(sequence, uplink, partition, false);
  }

  stored(
    ranges: readonly { readonly first: bigint; readonly last: bigint }[],
    nowMs: number,
  ): void {
    for (const { first, last } of ranges) {
      this.#counters.add("packetsStored", this.#outbox.remove(first, last));
      for (const [sequence, { lane }] of this.#sent) {
        if (sequence < first || sequence > last) continue;
        this.#sent.delete(sequence);
        this.#underWay[lane] -= 1;
      }
    }
    this.#sendBacklog(nowMs);
  }

  tick(nowMs: number): void {
    if (!this.#connection) return;
    for (const [sequence, sent] of this.#sent) {
      if (nowMs - sent.sentAtMs < STORED_WAIT_MS) continue;
      sent.sentAtMs = nowMs;
      this.#publishAgain(sequence);
    }
    this.#sendBacklog(nowMs);
  }

  #forgetSent(): void {
    this.#sent.clear();
    this.#underWay.fresh = 0;
    this.#underWay.backlog = 0;
    this.#scannedTo = 0n;
  }

  #sendBacklog(nowMs: number): void {
    while (this.#connection && this.#underWay.backlog < BACKLOG_MAX) {
      const rows = this.#outbox.after(this.#scannedTo, BACKLOG_MAX - this.#underWay.backlog);
      if (rows.length === 0) return;
      for (const { sequence } of rows) {
        this.#scannedTo = sequence;
        if (this.#sent.has(sequence)) continue;
        this.#note(sequence, "backlog", nowMs);
        this.#publishAgain(sequence);
      }
    }
  }

  #note(sequence: bigint, lane: Sent["lane"], nowMs: number): void {
    this.#sent.set(sequence, { sentAtMs: nowMs, lane });
    this.#underWay[lane] += 1;
  }

  /** Not a record of ours: a damaged file must not hold up the rest. */
  #drop(sequence: bigint): void {
    const sent = this.#sent.get(sequence);
    if (sent) this.#underWay[sent.lane] -= 1;
    this.#sent.delete(sequence);
    this.#counters.add("messagesBad", this.#outbox.remove(sequence, sequence));
  }

  #publishAgain(sequence: bigint): void {
    const record = this.#outbox.get(sequence);
    const decoded = record && decodeUplink(record);
    const partition = decoded?.ok ? partitionOf(decoded.message.phyPayload) : undefined;
    if (!decoded?.ok || partition === undefined) {
      this.#drop(sequence);
      return;
    }
    this.#publishAs(sequence, decoded.message, partition, true);
  }

  #publishAs(sequence: bigint, uplink: Uplink, partition: number, backfilled: boolean): void {
    const message = { ...uplink, outboxId: this.#outbox.id, sequence, backfilled };
    this.#counters.add(backfilled ? "packetsBackfilled" : "packetsPublished");
    this.#connection?.uplink(partition, encodeUplink(message)).catch(this.#failed);
  }
}
