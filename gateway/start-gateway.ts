import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { type Static, Type } from "typebox";
import { type Clock, systemClock } from "../base/clock.ts";
import { Settings } from "../base/config.ts";
import { InvalidConfigError } from "../base/errors.ts";
import { every } from "../base/every.ts";
import type { Log } from "../base/log.ts";
import { type Random, seededRandom } from "../base/random.ts";
import type { Running } from "../base/run-process.ts";
import { gridChannels } from "../protocol/air/lr-fhss.ts";
import type { GatewayState } from "../protocol/messages.ts";
import type { Backhaul } from "./backhaul.ts";
import { Counters } from "./counters.ts";
import { Gateway } from "./gateway.ts";
import { ModemLink } from "./modem-link.ts";
import type { ModemChannel } from "./modem-session.ts";
import { type ModemUrl, parseModemUrls } from "./modem-url.ts";
import type { Outbox } from "./outbox.ts";
import { outboxSqlite } from "./outbox-sqlite.ts";
import { PageQueue } from "./page-queue.ts";
import { dialSerial } from "./transport-serial.ts";
import { dialTcp } from "./transport-tcp.ts";
import { backhaulMqtt } from "./uplink-mqtt.ts";

export const GatewayConfig = Type.Pick(Settings, [
  "DATA_DIR",
  "MQTT_HOST",
  "MQTT_PORT",
  "MQTT_URL",
  "MQTT_USERNAME",
  "MQTT_PASSWORD",
  "GATEWAY_ID",
  "GATEWAY_LATITUDE",
  "GATEWAY_LONGITUDE",
  "MODEMS",
  "RECEIVE_CENTRE_HZ",
  "GRID",
  "BANDWIDTH",
  "SYNC_WORD",
  "PAGE_FREQUENCY_HZ",
  "OUTBOX_ROWS_MAX",
]);

/** A modem's line that somebody else opens: a pipe in the same process. */
export interface PipedModem {
  readonly name: string;
  readonly dial: () => Promise<Duplex>;
}

export interface GatewayOptions {
  readonly pipes?: readonly PipedModem[];
  readonly clock?: Clock;
  readonly random?: Random;
  /** For tests that watch a packet's way and stop the process on it. */
  readonly watched?: {
    outbox(outbox: Outbox): Outbox;
    backhaul(backhaul: Backhaul): Backhaul;
  };
}

export interface RunningGateway extends Running {
  /** What it also publishes: for `/health` and a status line in the same process. */
  health(): { readonly connected: boolean; readonly modems: GatewayState["modems"] };
}

const TICK_MS = 100;

/** Composition root: the one function that knows every part of this process. */
export async function startGateway(
  config: Static<typeof GatewayConfig>,
  log: Log,
  options: GatewayOptions = {},
): Promise<RunningGateway> {
  const channel = channelOf(config);
  const dials = [...parseModemUrls(config.MODEMS).map(dialer), ...(options.pipes ?? [])];
  if (dials.length === 0) {
    throw new InvalidConfigError(["MODEMS is not set; it must name at least one modem"]);
  }
  const { GATEWAY_ID: gatewayId, OUTBOX_ROWS_MAX: outboxRowsMax } = config;
  const clock = options.clock ?? systemClock;
  const random = options.random ?? seededRandom(`${gatewayId} ${process.pid} ${clock.now()}`);
  const counters = new Counters();
  const pages = new PageQueue();
  const path = join(config.DATA_DIR, `gateway-${gatewayId}`, "outbox.sqlite");
  const { watched } = options;
  const file = outboxSqlite(path, outboxRowsMax, clock.now());
  const outbox = watched?.outbox(file) ?? file;
  const broker = backhaulMqtt({
    url: config.MQTT_URL ?? `mqtt://${config.MQTT_HOST}:${config.MQTT_PORT}`,
    gatewayId,
    username: config.MQTT_USERNAME,
    password: config.MQTT_PASSWORD,
  });
  const backhaul = watched?.backhaul(broker) ?? broker;
  const { GATEWAY_LATITUDE: latitude, GATEWAY_LONGITUDE: longitude } = config;
  const shared = { counters, pages, clock, random, log };
  const gateway = new Gateway({
    ...{ gatewayId, latitude, longitude, backhaul, outbox, outboxRowsMax },
    ...shared,
  });
  const modems = dials.map(
    ({ name, dial }) =>
      new ModemLink({
        ...{ name, dial, channel, ...shared },
        heard: (packet, by) => {
          gateway.heard(packet, by);
        },
        paged: (result) => {
          gateway.paged(result);
        },
      }),
  );
  gateway.begin(modems);
  const tick = every(
    TICK_MS,
    async () => {
      await setImmediate(); // lines are read first: a process that was held up must not give up on what waits in them
      gateway.tick();
    },
    (error) => {
      log.error({ err: error }, "gateway tick failed");
    },
  );
  return {
    health: () => ({
      connected: gateway.isConnected,
      modems: modems.map(({ state }) => state),
    }),
    async stop() {
      await tick.stop();
      await gateway.stop();
      outbox.close(); // last: what the modems still brought is in it
    },
  };
}

function channelOf(config: Static<typeof GatewayConfig>): ModemChannel {
  const grid = config.GRID === 1 ? 1 : 0;
  if (gridChannels(grid, config.BANDWIDTH) === undefined) {
    throw new InvalidConfigError(["BANDWIDTH must be 6 to 9 where GRID is 0"]);
  }
  return {
    receiveCentreHz: config.RECEIVE_CENTRE_HZ,
    grid,
    bandwidth: config.BANDWIDTH,
    syncWord: Number.parseInt(config.SYNC_WORD, 16),
    pageFrequencyHz: config.PAGE_FREQUENCY_HZ,
    inverted: false,
  };
}

function dialer(url: ModemUrl): PipedModem {
  const { name } = url;
  return url.transport === "serial"
    ? { name, dial: () => dialSerial(url.path, url.baud) }
    : { name, dial: () => dialTcp(url.host, url.port) };
}
