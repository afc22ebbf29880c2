import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "../base/config.ts";
import { silentLog } from "../base/log.ts";
import { startBroker } from "../broker/start-broker.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { createPacketLog } from "../domain/packets/packet-log-postgres.ts";
import { telemetryPostgres } from "../domain/telemetry/telemetry-postgres.ts";
import { parseRecordings } from "../firmware-sim/play.ts";
import { startFirmwareSim } from "../firmware-sim/start-firmware-sim.ts";
import { GatewayConfig, startGateway } from "../gateway/start-gateway.ts";
import { NetworkConfig, startNetworkOn } from "../network/start-network.ts";
import { fastClock } from "./faults/scaled-clock.ts";
import { ptyPair } from "./gateway-lines.ts";
import { hex } from "./hex.ts";
import { openMigrated } from "./migrated-database.ts";
import { onCleanup, until } from "./until.ts";

const ONAIR = path.join(import.meta.dirname, "../../shared/vectors/lr-fhss-onair.json");
const SYNTHETIC = path.join(import.meta.dirname, "vectors/lr-fhss-noisy.json");
/** The gateway's channel; recordings of another one are not heard. */
const CHANNEL = { syncWord: 0x2c0f7995, grid: 1, bandwidth: 2 };

/** So many times as fast as the air does the modem live, which keeps what it heard for longer than a machine stands still. */
const SPEED = 3;

interface Expected {
  readonly config: { readonly sync_word: string; readonly grid: number; readonly bw: number };
  readonly expect: { readonly payload: string; readonly header: { readonly cr: number } } | null;
}

/** What the file itself says must come out, in a form to compare. */
function payloadsOf(file: string): string[] {
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: readonly Expected[] };
  return cases
    .filter(
      ({ config }) =>
        Number.parseInt(config.sync_word, 16) === CHANNEL.syncWord &&
        config.grid === CHANNEL.grid &&
        config.bw === CHANNEL.bandwidth,
    )
    .flatMap((one) => (one.expect === null ? [] : [one.expect.payload]))
    .sort();
}

/** File → modem on a serial device → gateway → MQTT → packet log. */
async function playThrough(file: string, isEnough: (count: number) => boolean) {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-play-"));
  onCleanup(() => rm(folder, { recursive: true }));
  const line = await ptyPair();
  onCleanup(() => line.stop());
  const broker = await startBroker(
    {
      host: "127.0.0.1",
      port: 0,
      authenticate: (_client, username) =>
        username === "network" ? { kind: "network" } : { kind: "gateway", gatewayId: "gw-1" },
    },
    silentLog,
  );
  onCleanup(() => broker.stop());
  const db = await openMigrated();
  onCleanup(() => db.destroy());
  const settings = { MQTT_URL: broker.url, MQTT_PASSWORD: "x", DATA_DIR: folder };
  const network = await startNetworkOn(
    parseConfig(NetworkConfig, { ...settings, MQTT_USERNAME: "network" }),
    {
      db,
      seal: createKeySeal(new Uint8Array(32)),
      telemetry: telemetryPostgres(db),
      profiles: new Map(),
      log: silentLog,
    },
  );
  onCleanup(() => network.stop());
  const gateway = await startGateway(
    parseConfig(GatewayConfig, {
      ...settings,
      MQTT_USERNAME: "gw-1",
      GATEWAY_ID: "gw-1",
      MODEMS: `serial://${line.hostPath}?baud=921600`,
    }),
    silentLog,
  );
  onCleanup(() => gateway.stop());
  const modem = await startFirmwareSim(
    {
      seed: "play",
      terminals: 1,
      modemListen: [`serial://${line.modemPath}?baud=921600`],
      state: undefined,
      enrolment: undefined,
      play: file,
      button: false,
    },
    silentLog,
    { clock: fastClock(SPEED) },
  );
  onCleanup(() => modem.stop());

  const packets = createPacketLog(db);
  const logged = async () => (await packets.search({ reach: "all", limit: 500 })).items;
  await until(async () => isEnough((await logged()).length));
  return Promise.all((await logged()).map(({ id }) => packets.find(id, "all")));
}

async function expectRefusedButLogged(file: string): Promise<void> {
  const payloads = payloadsOf(file);
  const withAddress = payloads.filter((payload) => payload.length >= 10);
  expect(withAddress.length).toBeGreaterThan(5);
  expect(parseRecordings(readFileSync(file, "utf8"), file).length).toBeGreaterThan(0);
  const packets = await playThrough(file, (count) => count >= withAddress.length);
  expect(packets.map((packet) => hex(packet?.payload ?? new Uint8Array())).sort()).toEqual(
    withAddress,
  );
  // they are no terminals of ours: refused, counted, and nothing was metered
  for (const packet of packets) {
    expect(packet?.verdict).toMatch(/^(unknown-terminal|undecodable)$/);
    expect(packet?.usage).toBeNull();
    expect(packet?.receptions).toMatchObject([{ gatewayId: "gw-1" }]);
  }
}

it(
  "synthetic recordings go from file over a serial line, gateway and MQTT into the packet log",
  () => expectRefusedButLogged(SYNTHETIC),
  300_000,
);

it("so do recordings of a real transmitter, where they are at hand", async ({ annotate }) => {
  if (!existsSync(ONAIR)) {
    await annotate("The recordings of a real transmitter are not here, so they were not played.");
    process.stdout.write("lr-fhss-onair.json is not here: no real recording was played\n");
    return;
  }
  expect(payloadsOf(ONAIR)).toHaveLength(20);
  await expectRefusedButLogged(ONAIR);
}, 300_000);
