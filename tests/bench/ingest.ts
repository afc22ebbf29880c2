import { type Figure, rounded } from "./figure.ts";
import { brokerFigures } from "./ingest-brokers.ts";
import { sizeFigures } from "./ingest-head-end.ts";
import { influxAlone } from "./ingest-influx.ts";
import { lineFigures } from "./ingest-lines-figures.ts";
import { nodeRedFigure } from "./ingest-node-red.ts";
import { settleFigure } from "./ingest-settle.ts";

export async function figures(): Promise<Figure[]> {
  const lines = await lineFigures();
  const brokers = await brokerFigures();
  const pointsPerS = await influxAlone();
  const slower = Math.min(brokers.messagesPerS, pointsPerS);
  const against = (name: string, peer: string, alone: number): Figure => ({
    name,
    value: rounded(lines.receptionsPerS),
    unit: "receptions/s",
    aim: "ratio ≥ 0.5 of the slower",
    peer: {
      name: peer,
      value: rounded(alone),
      unit: alone === pointsPerS ? "points/s" : "messages/s",
    },
    ratio: rounded(lines.receptionsPerS / alone),
    note: `${alone === slower ? "the slower of the two" : "the faster of the two"}, measured in the same run`,
  });
  const sizes = await sizeFigures();
  return [
    ...lines.figures,
    brokers.figure,
    against("ingest.vs_mqtt", "MQTT QoS 1 through our broker alone", brokers.messagesPerS),
    against("ingest.vs_influx", "InfluxDB alone, batches of 5,000", pointsPerS),
    ...sizes.figures,
    await settleFigure(),
    await nodeRedFigure(sizes.few.packetsPerS),
  ];
}
