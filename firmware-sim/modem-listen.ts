import { type Duplex, duplexPair } from "node:stream";
import { InvalidConfigError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Running } from "../base/run-process.ts";
import { listenTcp } from "./modem-listen-tcp.ts";
import type { LineTaker } from "./modem-sim-line.ts";

const ALLOWED = "tcp://HOST:PORT (port 0: any free one) or serial:///dev/NAME?baud=921600";
const DEFAULT_BAUD = 921_600;
const TCP = /^tcp:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})$/;
const SERIAL = /^serial:\/\/(\/[^?\s]+)(?:\?baud=([0-9]{3,7}))?$/;
const PORT_MAX = 65_535;

/** A pipe in process, the gateway's end of it. */
export function pipeTo(modem: LineTaker): Duplex {
  const [modemEnd, hostEnd] = duplexPair();
  modem.connect(modemEnd);
  return hostEnd;
}

/** Opens a serial device for the modem; the adapter is the start function's to choose. */
export type ListenSerial = (
  device: { readonly path: string; readonly baudRate: number },
  modem: LineTaker,
  log: Log,
) => Promise<Running>;

/** Offers the modem on a TCP port or a serial device. */
export async function listenModem(
  url: string,
  modem: LineTaker,
  { log, listenSerial }: { readonly log: Log; readonly listenSerial: ListenSerial },
): Promise<Running> {
  const tcp = TCP.exec(url);
  if (tcp && Number(tcp[2]) <= PORT_MAX) {
    const host = (tcp[1] ?? "").replace(/^\[|\]$/g, "");
    return listenTcp({ host, port: Number(tcp[2]) }, modem, log);
  }
  const serial = SERIAL.exec(url);
  if (serial?.[1] === undefined) {
    throw new InvalidConfigError([`--modem-listen ${url}: must be ${ALLOWED}`]);
  }
  return listenSerial({ path: serial[1], baudRate: Number(serial[2] ?? DEFAULT_BAUD) }, modem, log);
}
