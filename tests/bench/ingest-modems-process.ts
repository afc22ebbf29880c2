import { createServer, type Socket } from "node:net";
import { every } from "../../base/every.ts";
import { Deframer } from "../../protocol/modem/deframer.ts";
import { encodeLineFrame } from "../../protocol/modem/line.ts";
import { CAPABILITY, type LineFrame, type ModemFrame } from "../../protocol/modem/line-frame.ts";
import { createLines, type LineOptions, type LineReception } from "./ingest-lines.ts";
import { createPackets, type Fleet } from "./ingest-packets.ts";

/** The modems of all gateways as TCP servers that play what was worked out beforehand. */
export interface ModemsStart {
  readonly fleet: Fleet;
  readonly packets: number;
  readonly lines: LineOptions;
}

export type ToModems =
  | { readonly start: ModemsStart }
  /** Receptions up to this number may go out, as fast as they can or at a pace. */
  | { readonly playTo: number; readonly perS?: number };
export type FromModems =
  | { readonly ready: readonly number[] /* ports */ }
  | { readonly connected: number }
  | { readonly played: number };

const TICK_MS = 10;
const tell = (message: FromModems): void => void process.send?.(message);

const sockets: (Socket | undefined)[] = [];
const receptions: LineReception[] = [];
let played = 0;
let playTo = 0;
let pace: { readonly perS: number; readonly from: number; readonly startMs: number } | undefined;

process.on("message", (message: ToModems) => {
  if ("start" in message) void start(message.start);
  else {
    playTo = message.playTo;
    pace =
      message.perS === undefined
        ? undefined
        : { perS: message.perS, from: played, startMs: performance.now() };
    if (!pace) play(playTo);
  }
});
process.once("SIGTERM", () => process.exit(0));

async function start({ fleet, packets, lines }: ModemsStart): Promise<void> {
  const packetAt = createPackets(fleet);
  const linesOf = createLines(lines);
  for (let packet = 0; packet < packets; packet++) receptions.push(...linesOf(packetAt(packet)));
  const ports: number[] = [];
  for (let gateway = 0; gateway < lines.gateways; gateway++) ports.push(await listen(gateway));
  tell({ ready: ports });
}

function listen(gateway: number): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    const deframer = new Deframer("modem");
    const hear = (chunk: Uint8Array): void => {
      for (const decoded of deframer.push(chunk)) {
        if (!decoded.ok) continue;
        const answer = answerTo(decoded.frame, gateway);
        if (answer) socket.write(encodeLineFrame(answer));
        if (decoded.frame.name !== "config") continue;
        // COLLECTs are read and not looked at: reading them is no work of ours
        socket.off("data", hear).on("data", () => undefined);
        sockets[gateway] = socket;
        tell({ connected: sockets.filter(Boolean).length });
      }
    };
    socket.on("data", hear);
    socket.on("error", () => undefined);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    });
  });
}

function answerTo(frame: LineFrame, gateway: number): ModemFrame | undefined {
  if (frame.name === "hello?") {
    return {
      name: "hello",
      token: frame.token,
      protocolVersion: 1,
      modemId: gateway.toString(16).padStart(16, "0"),
      capabilities: CAPABILITY.receive | CAPABILITY.softBits,
      ringBufferS: 20,
      concurrentCollects: 200,
      concurrentPages: 0,
      firmware: "bench",
    };
  }
  if (frame.name !== "config") return undefined;
  return {
    name: "status",
    token: frame.token,
    nowNs: BigInt(Date.now()) * 1_000_000n,
    uptimeS: 1,
    temperatureC: 30,
    clock: "locked",
    clockErrorNs: 100,
    headersFound: 0,
    overruns: 0,
    badFramesFromHost: 0,
  };
}

function play(to: number): void {
  const before = played;
  for (const end = Math.min(to, receptions.length); played < end; played++) {
    const reception = receptions[played];
    if (reception) sockets[reception.gateway]?.write(reception.bytes);
  }
  if (played > before && (played === playTo || played === receptions.length)) tell({ played });
}

every(
  TICK_MS,
  async () => {
    if (!pace) return;
    const dueS = (performance.now() - pace.startMs) / 1000;
    play(Math.min(playTo, pace.from + Math.floor(dueS * pace.perS)));
  },
  (error) => {
    throw error;
  },
);
process.once("disconnect", () => process.exit(1)); // the bench is gone
