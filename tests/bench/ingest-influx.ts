import { startInflux } from "../../tools/servers/influx.ts";
import { median } from "./figure.ts";
import { progress, scaled } from "./ingest-run.ts";

const POINTS_PER_BATCH = 5_000;
const BATCHES = Math.max(3, scaled(20));

/** Readings a second that InfluxDB alone takes: lines made beforehand, in batches as large as ours, one after the other. */
export async function influxAlone(): Promise<number> {
  const influx = await startInflux();
  try {
    await fetch(`${influx.url}/query?q=CREATE+DATABASE+bench`, { method: "POST" });
    const startNs = BigInt(Date.now()) * 1_000_000n;
    const rates: number[] = [];
    for (let batch = 0; batch < BATCHES; batch++) {
      const body = Array.from({ length: POINTS_PER_BATCH }, (_, i) =>
        lineOf(batch * POINTS_PER_BATCH + i, startNs),
      ).join("\n");
      const start = performance.now();
      const answer = await fetch(`${influx.url}/write?db=bench&precision=ns`, {
        method: "POST",
        body,
      });
      if (answer.status !== 204) throw new Error(`InfluxDB answers ${answer.status}`);
      rates.push((1000 * POINTS_PER_BATCH) / (performance.now() - start));
    }
    progress("InfluxDB alone measured");
    return median(rates);
  } finally {
    await influx.stop();
  }
}

/** As our network process writes a position report. */
export const lineOf = (point: number, startNs: bigint): string =>
  `vehicle,report=position,terminal=${0x1000_0000 + (point % 5_000)} battery=12,fix="two-dimensional",hdop=1,heading=${point % 360},` +
  `ignition=true,latitude=31.2,longitude=121.4,odometer=${point},satellites=9,speed=${point % 80} ${startNs + BigInt(point) * 1_000_000n}`;
