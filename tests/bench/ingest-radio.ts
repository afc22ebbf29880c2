import { type Child, startTalking } from "./ingest-child.ts";
import type { FromGateways, GatewaysStart, ToGateways } from "./ingest-gateways-process.ts";
import type { FromModems, ModemsStart, ToModems } from "./ingest-modems-process.ts";

export interface Modems extends Child {
  readonly ports: readonly number[];
  /** Resolves when all lines are open. */
  connected(): Promise<void>;
  playTo(receptions: number, perS?: number): void;
}

/** Takes as long as working out all that they will play. */
export async function startModems(start: ModemsStart): Promise<Modems> {
  const child = startTalking<ToModems, FromModems>("ingest-modems-process.ts");
  child.tell({ start });
  const ports = await child.hear((said) => ("ready" in said ? said.ready : undefined));
  return {
    ports,
    pid: child.pid,
    stop: () => child.stop(),
    connected: () =>
      child.hear((said) =>
        "connected" in said && said.connected === ports.length ? true : undefined,
      ) as unknown as Promise<void>,
    playTo(receptions, perS) {
      child.tell({ playTo: receptions, ...(perS !== undefined && { perS }) });
    },
  };
}

const GATEWAY_PROCESSES = 4;

/**
 * Gateways of which each would have a computer of its own, spread over a few processes so that waiting for one outbox's disk
 * does not hold up all the others.
 */
export async function prepareGateways(
  start: Omit<GatewaysStart, "gateways">,
  modemPorts: readonly number[],
): Promise<Gateways> {
  const all = modemPorts.map((modemPort, number) => ({ number, modemPort }));
  const children = Array.from({ length: GATEWAY_PROCESSES }, (_, at) => {
    const child = startTalking<ToGateways, FromGateways>("ingest-gateways-process.ts");
    child.tell({
      ...start,
      gateways: all.filter(({ number }) => number % GATEWAY_PROCESSES === at),
    });
    return child;
  });
  const hearAll = async (look: (said: FromGateways) => true | undefined): Promise<void> => {
    await Promise.all(children.map((child) => child.hear(look)));
  };
  await hearAll((said) => ("prepared" in said ? true : undefined));
  return {
    pids: children.map(({ pid }) => pid),
    async start() {
      for (const child of children) child.tell({ go: true });
      await hearAll((said) => ("started" in said ? true : undefined));
    },
    async stop() {
      await Promise.all(children.map((child) => child.stop()));
    },
  };
}

export interface Gateways {
  readonly pids: readonly number[];
  start(): Promise<void>;
  stop(): Promise<void>;
}
