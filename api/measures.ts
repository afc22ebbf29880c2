import { NOTICE_OUTCOMES, type NoticeOutcome } from "../domain/billing/payment-orders.ts";
import type { Db } from "../domain/db/database.ts";
import type { Gateway } from "../domain/devices/gateways.ts";
import type { Measure } from "./http/metrics.ts";

type Counts = Readonly<Record<string, unknown>>;

/** What other parts say of themselves, where they run in this process. */
export interface PartsMeasured {
  readonly network: {
    readonly counters: Counts & { readonly verdicts: Readonly<Record<string, number>> };
    readonly waiting: number;
    readonly brokerConnected: boolean;
  };
  readonly broker: { readonly counters: Counts } | undefined;
}

const gauge = (name: string, help: string, value: number): Measure => ({
  ...{ name, help, kind: "gauge", values: [{ value }] },
});

const snake = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every number that a part counts, under its own name. */
const countersOf = (part: string, counters: Counts): Measure[] =>
  Object.entries(counters).flatMap(([name, value]): Measure[] =>
    typeof value === "number"
      ? [
          {
            name: `hopline_${part}_${snake(name)}_total`,
            help: `${name} of the ${part} since it started`,
            kind: "counter",
            values: [{ value }],
          },
        ]
      : [],
  );

/** Those that were refused are somebody's attempt, or a secret that was changed on one side. */
export const measureOfNotices = (counts: ReadonlyMap<NoticeOutcome, number>): Measure => ({
  name: "hopline_payment_notices_total",
  help: "notices of the payment provider by what became of them, since this process started",
  kind: "counter",
  values: NOTICE_OUTCOMES.map((outcome) => ({
    ...{ labels: { outcome }, value: counts.get(outcome) ?? 0 },
  })),
});

export function measuresOfParts({ network, broker }: PartsMeasured): Measure[] {
  const { counters, waiting, brokerConnected } = network;
  return [
    {
      name: "hopline_packets_total",
      help: "packets by verdict since the network process started",
      kind: "counter",
      values: Object.entries(counters.verdicts).map(([verdict, value]) => ({
        ...{ labels: { verdict }, value },
      })),
    },
    gauge("hopline_uplinks_waiting", "uplinks that wait for their batch", waiting),
    gauge(
      "hopline_broker_connected",
      "whether the network has its broker",
      Number(brokerConnected),
    ),
    ...countersOf("network", counters),
    ...(broker === undefined ? [] : countersOf("broker", broker.counters)),
  ];
}

export function measuresOfGateways(gateways: readonly Gateway[]): Measure[] {
  return [
    {
      name: "hopline_gateway_online",
      help: "whether the gateway is connected",
      kind: "gauge",
      values: gateways.map(({ id, online }) => ({
        labels: { gateway: id },
        value: Number(online),
      })),
    },
    {
      name: "hopline_gateway_modems_connected",
      help: "modems of the gateway that answer",
      kind: "gauge",
      values: gateways.map(({ id, modems }) => ({
        labels: { gateway: id },
        value: modems.filter(({ connected }) => connected).length,
      })),
    },
  ];
}

/** What waits in the database for somebody to take it on: short tables, or something is wrong. */
export async function measuresOfOutboxes(db: Db): Promise<Measure[]> {
  const rows = async (table: "telemetry_outbox" | "event_outbox") => {
    const { count } = await db
      .selectFrom(table)
      .select(db.fn.countAll<bigint>().as("count"))
      .executeTakeFirstOrThrow();
    return Number(count);
  };
  return [
    gauge(
      "hopline_telemetry_waiting",
      "readings that wait for InfluxDB",
      await rows("telemetry_outbox"),
    ),
    gauge("hopline_events_waiting", "events that wait for the broker", await rows("event_outbox")),
  ];
}
