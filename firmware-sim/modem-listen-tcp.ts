import { once } from "node:events";
import { createServer } from "node:net";
import { UnavailableError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Running } from "../base/run-process.ts";
import type { LineTaker } from "./modem-sim-line.ts";

/** A ser2net-style port: the modem hangs up the older connection when a newer one comes. */
export async function listenTcp(
  address: { readonly host: string; readonly port: number },
  modem: LineTaker,
  log: Log,
): Promise<Running> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer({ noDelay: true }, (socket) => {
    log.info({ from: socket.remoteAddress }, "modem line connected");
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    modem.connect(socket);
  });
  server.listen(address.port, address.host);
  await once(server, "listening").catch((error: unknown) => {
    const place = `tcp://${address.host}:${address.port}`;
    const why = error instanceof Error ? error.message : String(error);
    throw new UnavailableError(`modem line ${place}: ${why}`, { place }, { cause: error });
  });
  const bound = server.address();
  const port = bound !== null && typeof bound === "object" ? bound.port : address.port;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return {
    url: `tcp://${host}:${port}`,
    async stop() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
