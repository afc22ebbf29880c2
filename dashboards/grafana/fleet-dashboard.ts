import * as units from "@grafana/grafana-foundation-sdk/units";
import { buildDashboard, type DashboardJson, type RowSpec } from "./panels.ts";
import { influx, type MakeQuery, postgres } from "./queries.ts";

const CHOSEN = `"terminal" =~ /^\${terminal:regex}$/`;
const CHOSEN_SQL = "t.address::text ~ '^(${terminal:regex})$'";
const TERMINALS_MAX = 5_000; // more in a list help nobody

/** Over all chosen terminals of a profile, one line per function. */
const reading = (
  profile: string,
  field: string,
  functions: readonly ("mean" | "max" | "min")[] = ["mean", "max"],
): MakeQuery[] =>
  functions.map((name) =>
    influx(
      name,
      `SELECT ${name}("${field}") FROM "${profile}" WHERE $timeFilter AND ${CHOSEN}
       GROUP BY time($__interval) fill(none)`,
    ),
  );

/** One line a terminal: for the kinds of which there are few. */
const readingByTerminal = (profile: string, field: string): MakeQuery =>
  influx(
    "$tag_terminal",
    `SELECT mean("${field}") FROM "${profile}" WHERE $timeFilter AND ${CHOSEN}
     GROUP BY time($__interval), "terminal" fill(none)`,
  );

/** The terminals' latest values of the period, put together. */
const latest = (profile: string, field: string, together: "count" | "sum", alias: string) =>
  influx(
    alias,
    `SELECT ${together}("latest") FROM (SELECT last("${field}") AS "latest" FROM "${profile}"
     WHERE $timeFilter AND ${CHOSEN} GROUP BY "terminal") WHERE $timeFilter`,
  );

/** A field of each profile's most frequent report. */
const HEARD_BY = {
  vehicle: "speed",
  bus: "speed",
  streetlight: "power",
  elevator: "trips",
  groundwater: "level",
  billboard: "power",
  siren: "battery",
  "home-alarm": "battery",
  payment: "dayTotal",
} as const;

const FLEET: RowSpec = {
  title: "Fleet",
  panels: [
    {
      show: "numbers",
      title: "Terminals with readings",
      description:
        "How many terminals of each kind gave at least one reading in the period. Fewer than usual: look at the network dashboard first, then at the list of silent terminals.",
      unit: units.Short,
      width: 24,
      queries: Object.entries(HEARD_BY).map(([profile, field]) =>
        latest(profile, field, "count", profile),
      ),
    },
    {
      show: "bars",
      title: "Reports per minute by kind",
      description:
        "Accepted reports and emergencies, by the kind of device. A kind that falls to nothing while others go on points at its firmware or its power.",
      unit: units.RecordsPerMinute,
      width: 12,
      min: 0,
      queries: [
        postgres(
          `SELECT $__unixEpochGroupAlias(p.received_at_ns / 1000000000, '$__interval'),
             t.profile AS metric, (count(*) * 60000.0 / $__interval_ms)::float8 AS value
           FROM packet p JOIN terminal t USING (address)
           WHERE $__unixEpochNanoFilter(p.received_at_ns) AND p.accepted AND p.report IS NOT NULL
             AND ${CHOSEN_SQL}
           GROUP BY 1, 2 ORDER BY 1, 2`,
        ),
      ],
    },
    {
      show: "bars",
      title: "Emergencies",
      description:
        "Emergencies, drills left out: panic, crash, smoke, someone trapped in an elevator. Each one is worked in the console.",
      unit: units.Short,
      width: 6,
      min: 0,
      decimals: 0,
      below: "red",
      queries: [
        postgres(
          `SELECT $__unixEpochGroupAlias(p.received_at_ns / 1000000000, '$__interval'),
             count(*) FILTER (WHERE p.type = 'emergency' AND NOT p.drill) AS emergencies
           FROM packet p JOIN terminal t USING (address)
           WHERE $__unixEpochNanoFilter(p.received_at_ns) AND p.accepted AND ${CHOSEN_SQL}
           GROUP BY 1 ORDER BY 1`,
        ),
      ],
    },
    {
      show: "table",
      title: "Silent the longest",
      description:
        "Terminals that were heard once and have been silent since, the longest first. Look up when each was last on the map.",
      unit: units.String,
      width: 6,
      columnUnits: { "last heard": units.DateTimeFromNow },
      queries: [
        postgres(
          `SELECT t.name AS terminal, t.profile AS kind,
             to_timestamp(s.received_at_ns / 1000000000) AS "last heard"
           FROM device_state s JOIN terminal t USING (address)
           WHERE ${CHOSEN_SQL} ORDER BY s.received_at_ns LIMIT 20`,
          "table",
        ),
      ],
    },
  ],
};

const ROADS: RowSpec = {
  title: "Vehicles and buses",
  panels: [
    {
      show: "lines",
      title: "Vehicle speed",
      description: "Mean and highest speed that vehicles reported.",
      unit: units.KilometersPerHour,
      width: 8,
      min: 0,
      from: [[120, "red"]],
      queries: reading("vehicle", "speed"),
    },
    {
      show: "lines",
      title: "Vehicle supply voltage",
      description:
        "Mean and lowest supply voltage. Below 11.8 V a 12 V battery is nearly empty and the terminal soon falls silent.",
      unit: units.Volt,
      width: 8,
      below: "red",
      from: [[11.8, "green"]],
      queries: reading("vehicle", "battery", ["mean", "min"]),
    },
    {
      show: "numbers",
      title: "Distance driven",
      description:
        "Sum over the chosen vehicles of the highest less the lowest odometer reading of the period.",
      unit: units.Kilometer,
      width: 8,
      queries: [
        influx(
          "driven",
          `SELECT sum("driven") FROM (SELECT spread("odometer") AS "driven" FROM "vehicle"
           WHERE $timeFilter AND ${CHOSEN} GROUP BY "terminal") WHERE $timeFilter`,
        ),
      ],
    },
    {
      show: "lines",
      title: "Bus passengers",
      description: "Passengers on board a bus, mean and fullest.",
      unit: units.Short,
      width: 8,
      min: 0,
      queries: reading("bus", "passengers"),
    },
    {
      show: "lines",
      title: "Bus delay",
      description:
        "Behind the timetable, mean and worst; below nought a bus runs early. From five minutes on the next bus is due.",
      unit: units.Seconds,
      width: 8,
      from: [
        [180, "yellow"],
        [300, "red"],
      ],
      queries: reading("bus", "delay"),
    },
    {
      show: "lines",
      title: "Bus headway",
      description:
        "Time between a bus and the one before it on its route. Near nought buses run in bunches.",
      unit: units.Seconds,
      width: 8,
      min: 0,
      queries: reading("bus", "headway", ["mean", "min"]),
    },
  ],
};

const STREETS: RowSpec = {
  title: "Streets",
  panels: [
    {
      show: "lines",
      title: "Streetlight power",
      description:
        "Power a lamp draws, mean and highest. By day a lamp that draws power burns in vain; by night a mean that falls means lamps are out.",
      unit: units.Watt,
      width: 8,
      min: 0,
      queries: reading("streetlight", "power"),
    },
    {
      show: "lines",
      title: "Streetlight dimming",
      description: "How bright lamps are set, mean and highest.",
      unit: units.Percent,
      width: 8,
      min: 0,
      max: 100,
      queries: reading("streetlight", "dim"),
    },
    {
      show: "lines",
      title: "Billboard power",
      description: "Power a billboard draws, mean and highest; nought when the panel is dark.",
      unit: units.Watt,
      width: 8,
      min: 0,
      queries: reading("billboard", "power"),
    },
    {
      show: "lines",
      title: "Siren battery",
      description:
        "Mean and lowest voltage of the sirens' 24 V batteries. A siren that must sound when the mains are gone has only this.",
      unit: units.Volt,
      width: 12,
      below: "red",
      from: [[23, "green"]],
      queries: reading("siren", "battery", ["mean", "min"]),
    },
    {
      show: "numbers",
      title: "Takings today",
      description: "Sum of the payment terminals' takings of their day, as last reported.",
      unit: "currency:¥",
      width: 12,
      queries: [latest("payment", "dayTotal", "sum", "takings")],
    },
  ],
};

const BUILDINGS: RowSpec = {
  title: "Buildings and wells",
  panels: [
    {
      show: "bars",
      title: "Elevator trips",
      description: "Trips that all chosen elevators made between two of their reports.",
      unit: units.Short,
      width: 8,
      min: 0,
      queries: [
        influx(
          "trips",
          `SELECT sum("made") FROM (SELECT non_negative_difference(last("trips")) AS "made" FROM "elevator"
           WHERE $timeFilter AND ${CHOSEN} GROUP BY time($__interval), "terminal" fill(none))
           WHERE $timeFilter GROUP BY time($__interval) fill(none)`,
        ),
      ],
    },
    {
      show: "lines",
      title: "Elevator load",
      description: "Load of the car, mean and highest, of what it may carry.",
      unit: units.Percent,
      width: 8,
      min: 0,
      from: [
        [80, "yellow"],
        [100, "red"],
      ],
      queries: reading("elevator", "load"),
    },
    {
      show: "lines",
      title: "Alarm panel battery",
      description: "Mean and lowest battery voltage of home alarm panels.",
      unit: units.Volt,
      width: 8,
      below: "red",
      from: [[11.5, "green"]],
      queries: reading("home-alarm", "battery", ["mean", "min"]),
    },
    {
      show: "lines",
      title: "Well level",
      description: "Water level of each well, by its terminal.",
      unit: units.Meter,
      width: 8,
      queries: [readingByTerminal("groundwater", "level")],
    },
    {
      show: "lines",
      title: "Well temperature",
      description: "Water temperature of each well, by its terminal.",
      unit: units.Celsius,
      width: 8,
      decimals: 1,
      queries: [readingByTerminal("groundwater", "temperature")],
    },
    {
      show: "lines",
      title: "Well conductivity",
      description:
        "Electrical conductivity of each well's water. A sudden rise means that salt or something else got in.",
      unit: "suffix: µS/cm",
      width: 8,
      queries: [readingByTerminal("groundwater", "conductivity")],
    },
  ],
};

export const fleetDashboard = (): DashboardJson =>
  buildDashboard({
    uid: "hopline-fleet",
    title: "Hopline fleet",
    description: "What the terminals measure: readings from InfluxDB, reports from the packet log.",
    variable: {
      name: "terminal",
      label: "Terminal",
      description: "Whose readings are shown.",
      sql: `SELECT name || ' (' || profile || ')' AS __text, address::text AS __value FROM terminal ORDER BY profile, name, address LIMIT ${TERMINALS_MAX}`,
    },
    rows: [FLEET, ROADS, STREETS, BUILDINGS],
  });
