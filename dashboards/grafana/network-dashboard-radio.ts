import * as units from "@grafana/grafana-foundation-sdk/units";
import type { RowSpec } from "./panels.ts";
import { postgres } from "./queries.ts";

const TIME = "$__unixEpochGroupAlias(r.received_at_ns / 1000000000, '$__interval')";
const IN_TIME = "$__unixEpochNanoFilter(r.received_at_ns)";
const isChosen = (column: string): string => `${column} ~ '^(\${gateway:regex})$'`;
const CHOSEN = isChosen("g.id");
/** Through the gateway, because receptions are indexed by gateway and time. */
const RECEPTIONS = `gateway g JOIN reception r ON r.gateway_id = g.id WHERE ${IN_TIME} AND ${CHOSEN}`;

export const NETWORK_RADIO: RowSpec = {
  title: "Radio",
  panels: [
    {
      show: "bars",
      title: "Receptions per minute by gateway",
      description:
        "Everything that gateways decoded, copies of one packet too. A gateway that hears nothing while its neighbours do has a fault in its aerial or modem.",
      unit: units.RecordsPerMinute,
      width: 12,
      min: 0,
      queries: [
        postgres(
          `SELECT ${TIME}, g.name AS metric, (count(*) * 60000.0 / $__interval_ms)::float8 AS value
           FROM ${RECEPTIONS} GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      ],
    },
    {
      show: "lines",
      title: "Copies per packet",
      description:
        "By how many gateways an accepted packet is heard on average. Near 1 there is no reserve: the loss of a gateway is a loss of packets.",
      unit: units.NoUnit,
      width: 6,
      decimals: 2,
      min: 0,
      below: "red",
      from: [
        [1.2, "yellow"],
        [1.5, "green"],
      ],
      queries: [
        postgres(
          `SELECT $__unixEpochGroupAlias(p.received_at_ns / 1000000000, '$__interval'),
             count(*)::float8 / count(DISTINCT p.id) AS copies
           FROM packet p JOIN reception r ON r.packet_id = p.id
           WHERE $__unixEpochNanoFilter(p.received_at_ns) AND p.accepted GROUP BY 1 ORDER BY 1`,
        ),
      ],
    },
    {
      show: "lines",
      title: "Fragments lost",
      description:
        "Share of hops that a gateway could not use. The code repairs up to about half of them; a steady rise on one gateway is interference near it.",
      unit: units.PercentUnit,
      width: 6,
      min: 0,
      from: [
        [0.2, "yellow"],
        [0.4, "red"],
      ],
      queries: [
        postgres(
          `SELECT ${TIME}, g.name AS metric,
             sum(r.fragments_lost)::float8 / nullif(sum(r.fragments_total), 0) AS value
           FROM ${RECEPTIONS} GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      ],
    },
    {
      show: "columns",
      title: "Signal strength",
      description:
        "How many receptions there were at each strength, in steps of 5 dB. Most near the weak end: terminals sit at the edge of what is covered.",
      unit: units.Short,
      width: 8,
      queries: [
        postgres(
          `SELECT (floor(r.rssi_dbm / 5) * 5)::int::text || ' dBm' AS rssi, count(*) AS receptions
           FROM ${RECEPTIONS} AND r.rssi_dbm IS NOT NULL
           GROUP BY floor(r.rssi_dbm / 5) ORDER BY floor(r.rssi_dbm / 5)`,
          "table",
        ),
      ],
    },
    {
      show: "columns",
      title: "Signal to noise",
      description:
        "How many receptions there were at each ratio of signal to noise, in steps of 2 dB.",
      unit: units.Short,
      width: 8,
      queries: [
        postgres(
          `SELECT (floor(r.snr_db / 2) * 2)::int::text || ' dB' AS snr, count(*) AS receptions
           FROM ${RECEPTIONS} GROUP BY floor(r.snr_db / 2) ORDER BY floor(r.snr_db / 2)`,
          "table",
        ),
      ],
    },
    {
      show: "lines",
      title: "Median signal by gateway",
      description:
        "Median strength of what each gateway hears. A step down in one of them: a cable, a connector, ice on the aerial.",
      unit: units.DecibelMilliWatt,
      width: 8,
      queries: [
        postgres(
          `SELECT ${TIME}, g.name AS metric, percentile_cont(0.5) WITHIN GROUP (ORDER BY r.rssi_dbm) AS value
           FROM ${RECEPTIONS} AND r.rssi_dbm IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      ],
    },
  ],
};

export const NETWORK_GATEWAYS: RowSpec = {
  title: "Gateways",
  panels: [
    {
      show: "table",
      title: "Gateway health",
      description:
        "Each gateway with its state, since when, when it last said so, and how much it heard in the period.",
      unit: units.Short,
      width: 12,
      columnUnits: {
        online: units.BoolYesNo,
        since: units.DateTimeFromNow,
        "last word": units.DateTimeFromNow,
      },
      queries: [
        postgres(
          `SELECT g.name AS gateway, g.online, g.since, g.seen_at AS "last word", jsonb_array_length(g.modems) AS modems,
             (SELECT count(*) FROM reception r WHERE r.gateway_id = g.id AND ${IN_TIME}) AS receptions
           FROM gateway g WHERE ${CHOSEN} ORDER BY g.online, g.name`,
          "table",
        ),
      ],
    },
    {
      show: "table",
      title: "Modem health",
      description:
        "Each radio modem as its gateway last told. Overruns: the line or the computer is too slow. Bad frames: the line is noisy. Clock state 0 runs free, 1 is held over, 2 is locked.",
      unit: units.Short,
      width: 12,
      columnUnits: {
        connected: units.BoolYesNo,
        "clock error": units.Nanoseconds,
        temperature: units.Celsius,
        uptime: units.Seconds,
      },
      queries: [
        postgres(
          `SELECT g.name AS gateway, m.name AS modem, m.connected, m."clockState" AS "clock state",
             m."clockErrorNs" AS "clock error", m."headersFound" AS headers, m.overruns, m."badFrames" AS "bad frames",
             m."temperatureC" AS temperature, m."uptimeS" AS uptime, m.firmware
           FROM gateway g, jsonb_to_recordset(g.modems) AS m (name text, connected boolean, "clockState" integer,
             "clockErrorNs" float8, "headersFound" bigint, overruns bigint, "badFrames" bigint, "temperatureC" float8,
             "uptimeS" float8, firmware text)
           WHERE ${CHOSEN} ORDER BY m.connected, g.name, m.name`,
          "table",
        ),
      ],
    },
    {
      show: "bars",
      title: "Refused by gateway",
      description:
        "Packets that were refused, per minute, by the gateway that brought them first. A terminal that belongs to somebody else is refused everywhere; what only one gateway brings is forged or broken there.",
      unit: units.RecordsPerMinute,
      width: 8,
      min: 0,
      queries: [
        postgres(
          `SELECT $__unixEpochGroupAlias(p.received_at_ns / 1000000000, '$__interval'),
             p.gateway_id AS metric, (count(*) * 60000.0 / $__interval_ms)::float8 AS value
           FROM packet p WHERE $__unixEpochNanoFilter(p.received_at_ns) AND NOT p.accepted
             AND ${isChosen("p.gateway_id")}
           GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      ],
    },
    {
      show: "table",
      title: "Refusals since the beginning",
      description:
        "Every refusal that was ever counted, by gateway and verdict; refused packets themselves are kept for a limited number only.",
      unit: units.Short,
      width: 8,
      queries: [
        postgres(
          `SELECT gateway_id AS gateway, verdict, count FROM refusal_count
           WHERE ${isChosen("gateway_id")} ORDER BY count DESC, gateway, verdict`,
          "table",
        ),
      ],
    },
    {
      show: "lines",
      title: "Clock error by gateway",
      description:
        "How wrong gateways think their clocks are at most. Positions from time differences need less than 100 ns; 1 µs is 300 m.",
      unit: units.Nanoseconds,
      width: 8,
      min: 0,
      from: [
        [100, "yellow"],
        [1_000, "red"],
      ],
      queries: [
        postgres(
          `SELECT ${TIME}, g.name AS metric, max(abs(r.clock_error_ns))::float8 AS value
           FROM ${RECEPTIONS} AND r.clock_error_ns IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      ],
    },
  ],
};
