import * as units from "@grafana/grafana-foundation-sdk/units";
import { NETWORK_GATEWAYS, NETWORK_RADIO } from "./network-dashboard-radio.ts";
import { buildDashboard, type DashboardJson, type RowSpec } from "./panels.ts";
import { postgres } from "./queries.ts";

const TIME = "$__unixEpochGroupAlias(p.received_at_ns / 1000000000, '$__interval')";
const IN_TIME = "$__unixEpochNanoFilter(p.received_at_ns)";
const PER_MINUTE = "(count(*) * 60000.0 / $__interval_ms)::float8";

/** Counters that a session should have used against those that arrived; an attach's counter is its nonce and counts for nothing. */
const SESSION_COUNTERS = `SELECT p.address, count(*) AS arrived,
    max(p.counter) - min(p.counter) + 1 - count(*) AS missing
  FROM packet p WHERE ${IN_TIME} AND p.accepted AND p.session <> 0
  GROUP BY p.address, p.session`;

const OVERVIEW: RowSpec = {
  title: "Now",
  panels: [
    {
      show: "numbers",
      title: "Gateways online",
      description:
        "Gateways that are connected to the broker, and those that are not. The broker itself says so when one vanishes.",
      unit: units.Short,
      width: 4,
      queries: [
        postgres(
          `SELECT count(*) FILTER (WHERE online) AS online, count(*) FILTER (WHERE NOT online) AS offline FROM gateway`,
          "table",
        ),
      ],
    },
    {
      show: "numbers",
      title: "Packets accepted",
      description: "Packets of the period that proved who they are and were new.",
      unit: units.Short,
      width: 4,
      queries: [
        postgres(
          `SELECT count(*) FILTER (WHERE p.accepted) AS accepted, count(*) FILTER (WHERE NOT p.accepted) AS refused
           FROM packet p WHERE ${IN_TIME}`,
          "table",
        ),
      ],
    },
    {
      show: "numbers",
      title: "Late",
      description:
        "Share of accepted packets that came after a newer one or waited in a gateway's outbox. Much of it means that a gateway was cut off.",
      unit: units.PercentUnit,
      width: 4,
      from: [
        [0.02, "yellow"],
        [0.1, "red"],
      ],
      queries: [
        postgres(
          `SELECT count(*) FILTER (WHERE p.verdict = 'late')::float8 / nullif(count(*), 0) AS late
           FROM packet p WHERE ${IN_TIME} AND p.accepted`,
          "table",
        ),
      ],
    },
    {
      show: "numbers",
      title: "Never heard",
      description:
        "Share of packets that terminals sent and no gateway heard, by the gaps in their counters. Counters that a terminal skips on a restart count too.",
      unit: units.PercentUnit,
      width: 4,
      from: [
        [0.02, "yellow"],
        [0.1, "red"],
      ],
      queries: [
        postgres(
          `SELECT (sum(missing) / nullif(sum(arrived + missing), 0))::float8 AS "never heard" FROM (${SESSION_COUNTERS}) s`,
          "table",
        ),
      ],
    },
    {
      show: "numbers",
      title: "Readings waiting",
      description:
        "Readings that are stored and not yet in InfluxDB. It rises and stays when InfluxDB is away; nothing is lost.",
      unit: units.Short,
      width: 4,
      from: [
        [5_000, "yellow"],
        [100_000, "red"],
      ],
      queries: [postgres(`SELECT count(*) AS waiting FROM telemetry_outbox`, "table")],
    },
    {
      show: "numbers",
      title: "Readings refused",
      description:
        "Readings that InfluxDB will never take, each kept with its reason in the table telemetry_refusal.",
      unit: units.Short,
      width: 4,
      from: [[1, "red"]],
      queries: [postgres(`SELECT count(*) AS refused FROM telemetry_refusal`, "table")],
    },
  ],
};

const PACKETS: RowSpec = {
  title: "Packets",
  panels: [
    {
      show: "bars",
      title: "Packets per minute by verdict",
      description:
        "Every packet once, by what the network made of it. bad-tag, replay and reset-suspected in numbers mean someone imitates terminals, or a terminal lost its memory.",
      unit: units.RecordsPerMinute,
      width: 12,
      min: 0,
      queries: [
        postgres(
          `SELECT ${TIME}, p.verdict AS metric, ${PER_MINUTE} AS value
           FROM packet p WHERE ${IN_TIME} GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      ],
    },
    {
      show: "bars",
      title: "Packets per minute by type",
      description:
        "Accepted packets by type. Many attaches at one time mean that terminals lost their sessions or their power.",
      unit: units.RecordsPerMinute,
      width: 12,
      min: 0,
      queries: [
        postgres(
          `SELECT ${TIME}, p.type AS metric, ${PER_MINUTE} AS value
           FROM packet p WHERE ${IN_TIME} AND p.accepted GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      ],
    },
    {
      show: "lines",
      title: "Late share",
      description: "Share of accepted packets that were late, over time.",
      unit: units.PercentUnit,
      width: 8,
      min: 0,
      max: 1,
      queries: [
        postgres(
          `SELECT ${TIME}, count(*) FILTER (WHERE p.verdict = 'late')::float8 / count(*) AS late
           FROM packet p WHERE ${IN_TIME} AND p.accepted GROUP BY 1 ORDER BY 1`,
        ),
      ],
    },
    {
      show: "lines",
      title: "From the air to the database",
      description:
        "Seconds from the first bit at an aerial until the packet is stored: half of the packets are faster than the first line, 95 of 100 faster than the second.",
      unit: units.Seconds,
      width: 8,
      min: 0,
      from: [[10, "red"]],
      queries: [
        postgres(
          `SELECT ${TIME},
             percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM p.stored_at)::float8 - p.received_at_ns / 1e9) AS "half",
             percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM p.stored_at)::float8 - p.received_at_ns / 1e9) AS "95 of 100"
           FROM packet p WHERE ${IN_TIME} AND p.verdict = 'new' GROUP BY 1 ORDER BY 1`,
        ),
      ],
    },
    {
      show: "bars",
      title: "Usage records",
      description: "What will be billed: records by kind of packet, by the time the packet came.",
      unit: units.Short,
      width: 8,
      min: 0,
      queries: [
        postgres(
          `SELECT ${TIME}, u.kind AS metric, count(*) AS value
           FROM packet p JOIN usage_record u ON u.packet_id = p.id
           WHERE ${IN_TIME} GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      ],
    },
    {
      show: "table",
      title: "Counter gaps by terminal",
      description:
        "Terminals of which the most packets are missing: out of reach, a poor aerial, or something that jams them.",
      unit: units.Short,
      width: 12,
      columnUnits: { share: units.PercentUnit },
      queries: [
        postgres(
          `SELECT t.name AS terminal, t.profile AS kind, sum(s.arrived)::float8 AS arrived, sum(s.missing)::float8 AS missing,
             (sum(s.missing) / nullif(sum(s.arrived + s.missing), 0))::float8 AS share
           FROM (${SESSION_COUNTERS}) s JOIN terminal t USING (address)
           GROUP BY t.address, t.name, t.profile ORDER BY missing DESC, terminal LIMIT 50`,
          "table",
        ),
      ],
    },
    {
      show: "table",
      title: "Pages",
      description:
        "Pages of the period by kind, state and what the gateways made of them. Acknowledgements and answers to attaches live a few seconds, so some expire.",
      unit: units.Short,
      width: 6,
      queries: [
        postgres(
          `SELECT kind, status, coalesce(result, '-') AS result, count(*) AS pages FROM page_request
           WHERE $__timeFilter(due_at) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
          "table",
        ),
      ],
    },
    {
      show: "table",
      title: "Sessions",
      description:
        "Sessions by state. A pending one was granted and no packet has proved it yet; a former one is kept for backlogs.",
      unit: units.Short,
      width: 6,
      queries: [
        postgres(`SELECT state, count(*) AS sessions FROM session GROUP BY 1 ORDER BY 1`, "table"),
      ],
    },
  ],
};

export const networkDashboard = (): DashboardJson =>
  buildDashboard({
    uid: "hopline-network",
    title: "Hopline network",
    description: "How the radio network does: packets, receptions and gateways, from PostgreSQL.",
    variable: {
      name: "gateway",
      label: "Gateway",
      description: "Whose receptions are shown.",
      sql: "SELECT name AS __text, id AS __value FROM gateway ORDER BY name, id",
    },
    rows: [OVERVIEW, PACKETS, NETWORK_RADIO, NETWORK_GATEWAYS],
  });
