import { type Figure, rounded } from "./figure.ts";
import { prepareGateways } from "./ingest-radio.ts";
import { load, progress, scaled } from "./ingest-run.ts";
import { startStack } from "./ingest-stack.ts";

const GATEWAYS = scaled(1_000);
const BACKLOG_EACH = 20;
/** Nobody listens there: what waits in the outboxes needs no modem. */
const NO_MODEM_PORT = 9;

/** Broker, network and all gateways start at the same moment, each gateway with packets that nobody has stored. */
export async function settleFigure(): Promise<Figure> {
  await using parts = new AsyncDisposableStack();
  const receptions = GATEWAYS * BACKLOG_EACH;
  const fleet = { terminals: receptions, senders: receptions };
  const stack = await startStack({ fleet, gateways: GATEWAYS });
  parts.defer(() => stack.stop());
  const { mqttUrl, gatewaysDir: dataDir } = stack;
  const ports = Array.from({ length: GATEWAYS }, () => NO_MODEM_PORT);
  const start = { mqttUrl, dataDir, backlog: { fleet, each: BACKLOG_EACH } };
  const gateways = await prepareGateways(start, ports);
  parts.defer(() => gateways.stop());
  progress("outboxes filled");
  const startMs = performance.now();
  await Promise.all([stack.restart(), gateways.start()]);
  await stack.settled(receptions);
  progress("all backlogs stored");
  return {
    name: "ingest.restart_settle_s",
    value: rounded((performance.now() - startMs) / 1000),
    unit: "s",
    aim: "≤ 300",
    note: `broker, network and ${GATEWAYS} gateways start at once, each with ${BACKLOG_EACH} packets in its outbox; until the last is stored; ${load()}`,
  };
}
