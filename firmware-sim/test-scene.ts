import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { seededRandom } from "../base/random.ts";
import { decodeHeader, decodePayload, planFragments } from "../protocol/air/lr-fhss-decode.ts";
import { Air } from "./channel/air.ts";
import { airRadio } from "./channel/air-radio.ts";
import { type SteppedSchedule, steppedSchedule } from "./channel/schedule.ts";
import { siteClock } from "./channel/site-clock.ts";
import { burst, EPOCH_NS, randomPayload, TUNING } from "./channel/test-frame.ts";
import { ModemSim } from "./modem-sim.ts";
import { CONFIG, type TestHost } from "./test-host.ts";

const BURSTS = 24;
const STEP_NS = 250_000_000n;

/** Some bursts on the air near one modem, and a host which collects whatever decodes; every run of a seed is the same. */
export function scene(seed = "scene") {
  const schedule = steppedSchedule(EPOCH_NS);
  const air = new Air({ seed, epochNs: EPOCH_NS, impairments: { falseHeadersPerHour: 900 } });
  const site = { id: "gw/0", latitude: 31.23, longitude: 121.48, antennaM: 30 };
  const clock = siteClock({ clockErrorNs: -800_000, clockDriftPpb: 20 }, EPOCH_NS);
  const radio = airRadio({ air, schedule, site });
  const modem = new ModemSim({ modemId: "00000000000000bb", radio, schedule, clock });
  const random = seededRandom(seed);
  for (let n = 0; n < BURSTS; n++) {
    const startNs = EPOCH_NS + 1_000_000_000n + BigInt(Math.floor(random.next() * 1.5e10));
    const place = {
      latitude: 31.2 + random.next() * 0.06,
      longitude: 121.45 + random.next() * 0.06,
    };
    const hops = { hopSequenceId: Math.floor(random.next() * 384), deviceOffset: (n % 8) - 4 };
    const transmission = burst(randomPayload(random), { ...place, startNs, address: n }, hops);
    schedule.at(startNs, () => {
      air.transmit(transmission);
    });
  }
  return { modem, run: (host: TestHost) => runScene(host, schedule) };
}

/** Moves time on only when all that was asked has been answered, so that the line's pace does not matter. */
async function runScene(host: TestHost, schedule: SteppedSchedule) {
  host.send(CONFIG);
  await host.settled(1);
  const collected = new Map<number, ReturnType<typeof decodeHeader>>();
  for (let step = 1n; step <= 80n; step++) {
    schedule.stepTo(EPOCH_NS + step * STEP_NS);
    await host.settled(Number(step) + 1);
    for (const header of host.named("header").slice(collected.size)) {
      const decoded = decodeHeader(header.softBits, TUNING);
      collected.set(header.token, decoded);
      if (!decoded.ok) continue;
      const plan = planFragments(decoded.header, header.timeNs, header.carrierUnits);
      const { fragments, payloadStartNs: startNs } = plan;
      const token = 1000 + header.token;
      host.send({ name: "collect", token, headerToken: header.token, startNs, fragments });
    }
    await host.settled(Number(step) + 30_000);
  }
  let payloads = 0;
  for (const [token, decoded] of collected) {
    const captures = host.named("capture").filter((one) => one.token === 1000 + token);
    const soft = captures.map((one) => (one.status === "heard" ? one.softBits : null));
    if (decoded.ok && decodePayload(decoded.header, soft).ok) payloads++;
  }
  return {
    payloads,
    captures: host.named("capture").length,
    bytes: host.bytes.join(" "),
  };
}

export async function dialTcp(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}
