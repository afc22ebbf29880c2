import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { freePort, requireProgram, type Server, startServer, temporaryFolder } from "./process.ts";

export const MOSQUITTO_PACKAGE = "mosquitto";

/** Debian's Mosquitto on loopback, open to everyone on this machine: an external broker for tests. */
export async function startMosquitto(options: { readonly port?: number } = {}): Promise<Server> {
  const program = requireProgram(["mosquitto"], MOSQUITTO_PACKAGE);
  const temporaryDir = await temporaryFolder("mosquitto");
  const port = options.port ?? (await freePort());
  const config = path.join(temporaryDir, "mosquitto.conf");
  await writeFile(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 100000\nmax_inflight_messages 1000\n`,
  );
  return startServer({
    name: "Mosquitto",
    url: `mqtt://127.0.0.1:${port}`,
    program,
    args: ["-c", config],
    temporaryDir,
    isReady: () => answers(port),
  });
}

export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => {
      resolve(false);
    });
  });
}
