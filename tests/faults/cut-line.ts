import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way over TCP that can be cut, as a gateway's backhaul is. */
export interface CutLine {
  readonly port: number;
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

export async function cutLine(toPort: number): Promise<CutLine> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(toPort, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => one.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === "object" && address ? address.port : 0,
    cut() {
      isCut = true;
      hangUp();
    },
    mend() {
      isCut = false;
    },
    async stop() {
      const closed = once(server, "close");
      server.close();
      hangUp();
      await closed;
    },
  };
}
