import { type Figure, rounded } from "./figure.ts";
import { brokerFigures } from "./ingest-brokers.ts";
import { headEndFew, sizeFigures } from "./ingest-head-end.ts";
import { influxAlone } from "./ingest-influx.ts";
import { lineFigures } from "./ingest-lines-figures.ts";
import { nodeRedFigure } from "./ingest-node-red.ts";
import { settleFigure } from "./ingest-settle.ts";

const LINES = ["ingest.receptions_per_s", "ingest.cpu_share_1111x3"];
const AGAINST_MQTT = "ingest.vs_mqtt";
const AGAINST_INFLUX = "ingest.vs_influx";
const BROKERS = "ingest.vs_mosquitto";
const SIZES = ["ingest.bytes_per_terminal", "ingest.cost_1m_vs_1k"];
const SETTLE = "ingest.restart_settle_s";
const NODE_RED = "ingest.vs_node_red";

/** Only the runs that the wanted figures need: all of them take minutes. */
export async function figures(isWanted: (name: string) => boolean): Promise<Figure[]> {
  const found: Figure[] = [];
  const against = [AGAINST_MQTT, AGAINST_INFLUX].some(isWanted);
  const lines = against || LINES.some(isWanted) ? await lineFigures() : undefined;
  if (lines) found.push(...lines.figures);
  const brokers = against || isWanted(BROKERS) ? await brokerFigures() : undefined;
  if (brokers) found.push(brokers.figure);
  if (against && lines && brokers) {
    const alone = { mqtt: brokers.messagesPerS, influx: await influxAlone() };
    found.push(...againstFigures(lines.receptionsPerS, alone));
  }
  const sizes = SIZES.some(isWanted) ? await sizeFigures() : undefined;
  if (sizes) found.push(...sizes.figures);
  if (isWanted(SETTLE)) found.push(await settleFigure());
  if (isWanted(NODE_RED)) {
    const { packetsPerS } = sizes?.few ?? (await headEndFew());
    found.push(await nodeRedFigure(packetsPerS));
  }
  return found.filter(({ name }) => isWanted(name));
}

/** Measured in one run, so that what else the machine does meets both. */
function againstFigures(
  receptionsPerS: number,
  { mqtt, influx }: { readonly mqtt: number; readonly influx: number },
): Figure[] {
  const figure = (name: string, value: number, unit: string, peer: string): Figure => ({
    name,
    value: rounded(receptionsPerS),
    unit: "receptions/s",
    aim: "ratio ≥ 0.5 of the slower",
    peer: { name: peer, value: rounded(value), unit },
    ratio: rounded(receptionsPerS / value),
    note: `${value === Math.min(mqtt, influx) ? "the slower of the two" : "the faster of the two"}, measured in the same run`,
  });
  return [
    figure(AGAINST_MQTT, mqtt, "messages/s", "MQTT QoS 1 through our broker alone"),
    figure(AGAINST_INFLUX, influx, "points/s", "InfluxDB alone, batches of 5,000"),
  ];
}
