import { connect } from "node:net";
import type { Duplex } from "node:stream";

const CONNECT_MS = 10_000;

/** A remote modem's line (ser2net and the like): the same bytes as on a serial line. */
export function dialTcp(host: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, timeout: CONNECT_MS });
    socket.once("timeout", () => {
      socket.destroy(new Error(`${host}:${port} does not answer`));
    });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.setTimeout(0); // silence is the session's to judge
      socket.off("error", reject);
      resolve(socket);
    });
  });
}
