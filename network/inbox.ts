import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { GatewayReport, Gateways } from "../domain/devices/gateways.ts";
import {
  decodeGatewayState,
  decodePageResult,
  decodeUplink,
  type GatewayState,
} from "../protocol/messages.ts";
import { partitionOf } from "../protocol/packet/packet.ts";
import { parseTopic } from "../protocol/topics.ts";
import type { NetworkCounters } from "./counters.ts";
import type { Pager } from "./pager.ts";
import type { UplinkQueue } from "./uplink-queue.ts";

export interface InboxDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly queue: Pick<UplinkQueue, "push">;
  readonly pager: Pick<Pager, "result">;
  readonly gateways: Pick<Gateways, "record">;
  readonly counters: NetworkCounters;
}

const INT8_MAX = 2n ** 63n - 1n; // what the database can hold
const NUL = "\0";

/** Messages from gateways. The topic says who speaks, for the broker checked that; a message that says otherwise is no message. */
export function createInbox({ clock, log, queue, pager, gateways, counters }: InboxDeps) {
  return (topic: string, payload: Uint8Array): void => {
    const parsed = parseTopic(topic);
    if (parsed?.kind === "up") takeUplink(parsed.partition, parsed.gatewayId, payload);
    else if (parsed?.kind === "paged") takeResult(payload);
    else if (parsed?.kind === "gateway") takeState(parsed.gatewayId, payload);
    else counters.malformed += 1;
  };

  function takeResult(payload: Uint8Array): void {
    const decoded = decodePageResult(payload);
    const isSound =
      decoded.ok && decoded.message.startedAtNs <= INT8_MAX && !decoded.message.id.includes(NUL);
    if (isSound) pager.result(decoded.message).catch(failed);
    else counters.malformed += 1;
  }

  function takeState(gatewayId: string, payload: Uint8Array): void {
    const decoded = decodeGatewayState(payload);
    if (decoded.ok && decoded.message.gatewayId === gatewayId) {
      gateways.record(gatewayReport(decoded.message, clock.now())).catch(failed);
    } else counters.malformed += 1;
  }

  function takeUplink(partition: number, gatewayId: string, payload: Uint8Array): void {
    const decoded = decodeUplink(payload);
    const isSound =
      decoded.ok &&
      decoded.message.gatewayId === gatewayId &&
      decoded.message.sequence <= INT8_MAX &&
      partitionOf(decoded.message.phyPayload) === partition;
    if (isSound) queue.push(decoded.message);
    else counters.malformed += 1;
  }

  function failed(error: unknown): void {
    log.warn({ err: error }, "message from a gateway not recorded");
  }
}

function gatewayReport(state: GatewayState, nowMs: number): GatewayReport {
  const sinceMs = Number(state.sinceNs / 1_000_000n);
  return {
    id: state.gatewayId,
    online: state.online,
    since: new Date(Math.min(sinceMs, nowMs)),
    seenAt: new Date(nowMs),
    latitude: state.latitude ?? null,
    longitude: state.longitude ?? null,
    modems: state.modems.map((modem) => ({
      ...modem,
      // a modem may pad its text with NUL, which the database cannot hold
      name: modem.name.replaceAll(NUL, ""),
      firmware: modem.firmware.replaceAll(NUL, ""),
      clockErrorNs: modem.clockErrorNs ?? null,
    })),
    counters: state.counters,
  };
}
