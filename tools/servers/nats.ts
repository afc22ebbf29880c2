import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { freePort, requireProgram, type Server, startServer } from "./process.ts";

export const NATS_PACKAGE = "nats-server";

/** A node of a cluster: started again after it was killed, it has what it had on disk. */
export interface NatsNode {
  readonly url: string;
  start(): Promise<Server>;
}

/**
 * Debian's nats-server as a cluster on loopback with MQTT. Its sessions and messages are kept by JetStream, so a node
 * is ready only once most of them are: start them together.
 */
export async function natsCluster(dataDir: string, size = 3): Promise<readonly NatsNode[]> {
  const program = requireProgram(["nats-server"], NATS_PACKAGE);
  const ports: NodePorts[] = [];
  for (let node = 0; node < size; node++) ports.push(await nodePorts());
  const routes = ports.map(({ route }) => `nats://127.0.0.1:${route}`);
  return ports.map((own, at) => ({
    url: urlOf(own),
    start: () => startNode({ program, dir: dataDir, routes, own, name: `n${at + 1}` }),
  }));
}

interface NodePorts {
  readonly client: number;
  readonly monitor: number;
  readonly route: number;
  readonly mqtt: number;
}

interface NodeStart {
  readonly program: string;
  readonly dir: string;
  readonly routes: readonly string[];
  readonly own: NodePorts;
  readonly name: string;
}

const nodePorts = async (): Promise<NodePorts> => ({
  client: await freePort(),
  monitor: await freePort(),
  route: await freePort(),
  mqtt: await freePort(),
});

const urlOf = ({ mqtt }: NodePorts): string => `mqtt://127.0.0.1:${mqtt}`;

async function startNode({ program, dir, routes, own, name }: NodeStart): Promise<Server> {
  const store = path.join(dir, name);
  await mkdir(store, { recursive: true });
  const config = path.join(dir, `${name}.conf`);
  await writeFile(
    config,
    `server_name: ${name}
listen: "127.0.0.1:${own.client}"
http: "127.0.0.1:${own.monitor}"
jetstream { store_dir: ${JSON.stringify(store)} }
cluster { name: hopline, listen: "127.0.0.1:${own.route}", routes: ${JSON.stringify(routes)} }
mqtt { listen: "127.0.0.1:${own.mqtt}" }
`,
  );
  return startServer({
    name: "NATS",
    url: urlOf(own),
    program,
    args: ["-c", config],
    // healthy: it is in touch with the cluster's leader
    isReady: async () => (await fetch(`http://127.0.0.1:${own.monitor}/healthz`)).status === 200,
  });
}
