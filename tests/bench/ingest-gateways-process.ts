import path from "node:path";
import { parseConfig } from "../../base/config.ts";
import { silentLog } from "../../base/log.ts";
import { outboxSqlite } from "../../gateway/outbox-sqlite.ts";
import { GatewayConfig, type RunningGateway, startGateway } from "../../gateway/start-gateway.ts";
import { encodeUplink } from "../../protocol/messages.ts";
import { createPackets, type Fleet } from "./ingest-packets.ts";
import { uplinkOf } from "./ingest-uplinks.ts";
import { gatewayName, PASSWORD } from "./ingest-users.ts";

/** Many gateways in one process: each is all that `gateway/main.ts` starts, with an outbox file of its own. */
export interface GatewaysStart {
  readonly mqttUrl: string;
  readonly dataDir: string;
  readonly gateways: readonly { readonly number: number; readonly modemPort: number }[];
  /** So many packets wait in each outbox before the gateways start. */
  readonly backlog?: { readonly fleet: Fleet; readonly each: number };
}
export type ToGateways = GatewaysStart | { readonly go: true };
export type FromGateways = { readonly prepared: true } | { readonly started: number };

const OUTBOX_ROWS_MAX = 1_000_000;
const tell = (message: FromGateways): void => void process.send?.(message);
const running: RunningGateway[] = [];

let waiting: GatewaysStart | undefined;

process.on("message", (message: ToGateways) => {
  if ("go" in message) {
    if (waiting) void start(waiting);
    return;
  }
  waiting = message;
  fillOutboxes(message);
  tell({ prepared: true });
});

async function start({ mqttUrl, dataDir, gateways }: GatewaysStart): Promise<void> {
  for (const { number, modemPort } of gateways) {
    const id = gatewayName(number);
    const config = parseConfig(GatewayConfig, {
      MQTT_URL: mqttUrl,
      MQTT_USERNAME: id,
      MQTT_PASSWORD: PASSWORD,
      GATEWAY_ID: id,
      DATA_DIR: path.resolve(dataDir),
      MODEMS: `tcp://127.0.0.1:${modemPort}`,
    });
    running.push(await startGateway(config, silentLog));
  }
  tell({ started: running.length });
}

function fillOutboxes({ gateways, backlog, dataDir }: GatewaysStart): void {
  if (!backlog) return;
  const { fleet, each } = backlog;
  const packetAt = createPackets(fleet);
  const nowMs = Date.now();
  for (const { number } of gateways) {
    const folder = path.join(path.resolve(dataDir), `gateway-${gatewayName(number)}`);
    const outbox = outboxSqlite(path.join(folder, "outbox.sqlite"), OUTBOX_ROWS_MAX, nowMs);
    for (let at = 0; at < each; at++) {
      const from = { gateway: number, sequence: 0, nowMs };
      outbox.add(encodeUplink(uplinkOf(packetAt(number * each + at), from)));
    }
    outbox.close();
  }
}

process.once("SIGTERM", () => {
  void Promise.all(running.map((gateway) => gateway.stop())).then(() => process.exit(0));
});
process.once("disconnect", () => process.exit(1)); // the bench is gone
