import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { connect, type Pdu, type Session } from "smpp";
import type { Log } from "../../base/log.ts";
import type { Channel, Outgoing, SendResult } from "./channel.ts";
import { type SmsPart, splitSms } from "./sms-parts.ts";
import { readReceipt } from "./sms-receipt.ts";

export interface SmsDeps {
  /** `smpp://user:password@host:2775?source=Hopline`, or ssmpp:// over TLS. */
  readonly url: string;
  readonly unitCostMicros: number;
  readonly log: Log;
  /** Stored before the SMSC is told that we have it, else it is lost with us. */
  readonly receipt: (
    reference: string,
    state: "delivered" | "failed",
    detail: string,
  ) => Promise<void>;
}

const ANSWER_TIMEOUT_MS = 15_000;
const ENQUIRE_EVERY_MS = 30_000;
const UDH_INDICATOR = 0x40;
const RECEIPT_TYPE = 0x04;
const MESSAGE_TYPE_MASK = 0x3c;
const RECEIPT_WANTED = 1;
const INTERNATIONAL = 1;
const ALPHANUMERIC = 5;
const ISDN = 1;
/** command_status of SMPP 3.4, section 5.1.3, that say that this message will never go. */
const FOR_GOOD: ReadonlySet<number> = new Set([0x0a, 0x0b, 0x33, 0x34, 0x51]);
const SYSTEM_ERROR = 0x08;

/** Short messages by way of an SMSC. One session, bound both ways: receipts come in on it. */
export function channelSmsSmpp(deps: SmsDeps): Channel {
  const { url, unitCostMicros } = deps;
  const source = new URL(url).searchParams.get("source") ?? "Hopline";
  let bound: Promise<Session> | undefined;
  let current: Session | undefined;
  let isStopped = false;

  const bind = (): Promise<Session> => {
    bound ??= open(deps, (session) => {
      if (current === session || session === undefined) bound = undefined;
    }).then((session) => {
      current = session;
      return session;
    });
    return bound;
  };

  return {
    isSetUp: true,
    unitCostMicros,
    async send(outgoing) {
      if (isStopped) return { outcome: "retry", why: "stopping" };
      try {
        return await sendParts(await bind(), source, outgoing);
      } catch (error) {
        return { outcome: "retry", why: error instanceof Error ? error.message : String(error) };
      }
    },
    /** Stays bound while there is nothing to send: the receipts of what was sent wait at the other side. */
    async tend() {
      if (!isStopped) await bind();
    },
    async stop() {
      isStopped = true;
      current?.destroy();
    },
  };
}

async function open(
  deps: SmsDeps,
  closed: (session: Session | undefined) => void,
): Promise<Session> {
  const { url, log } = deps;
  const { username, password } = new URL(url);
  const session = connect({ url, auto_enquire_link_period: ENQUIRE_EVERY_MS });
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined); // heard by whoever waits at that moment
  session.on("error", (error: Error) => {
    lost.reject(error);
    session.destroy();
  });
  session.on("close", () => {
    lost.reject(new Error("the SMSC has closed the connection"));
    closed(session);
  });
  session.on("enquire_link", (pdu: Pdu) => session.send(pdu.response()));
  session.on("deliver_sm", (pdu: Pdu) => {
    takeDelivered(deps, session, pdu).catch((error: unknown) => {
      log.warn({ err: error }, "a receipt was not stored");
      session.send(pdu.response({ command_status: SYSTEM_ERROR })); // and comes again
    });
  });
  lostOf.set(session, lost.promise);
  try {
    const answer = await ask(session, (answered) => {
      const names = {
        system_id: decodeURIComponent(username),
        password: decodeURIComponent(password),
      };
      const send = (): boolean => session.bind_transceiver(names, answered);
      session.once("connect", send).once("secureConnect", send);
      return true;
    });
    if (answer.command_status !== 0)
      throw new Error(`the SMSC refused to bind: status ${answer.command_status}`);
    return session;
  } catch (error) {
    session.destroy();
    closed(undefined);
    throw error;
  }
}

/** Rejects when its session ends, whoever waits for an answer by then. */
const lostOf = new WeakMap<Session, Promise<never>>();

/** An answer, or an error when the line ends or stays silent. */
async function ask(
  session: Session,
  send: (answered: (pdu: Pdu) => void) => boolean,
): Promise<Pdu> {
  const answer = Promise.withResolvers<Pdu>();
  const silence = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  silence.addEventListener("abort", () => {
    answer.reject(new Error("the SMSC does not answer"));
  });
  if (!send(answer.resolve)) throw new Error("the connection to the SMSC is closed");
  return Promise.race([answer.promise, lostOf.get(session) ?? answer.promise]);
}

async function sendParts(
  session: Session,
  source: string,
  { deliveryId, target, message }: Outgoing,
): Promise<SendResult> {
  // the same at every attempt, so that a telephone puts the parts of both together
  const reference = createHash("sha256").update(deliveryId).digest()[0] ?? 0;
  const { dataCoding, parts } = splitSms(message.short, reference);
  const references: string[] = [];
  for (const part of parts) {
    const answer = await ask(session, (answered) =>
      session.submit_sm(fieldsOf({ source, target, dataCoding, part }), answered),
    );
    const { command_status: status, message_id: id } = answer;
    if (status !== 0)
      return { outcome: FOR_GOOD.has(status) ? "refused" : "retry", why: `SMPP status ${status}` };
    references.push(id ?? "");
  }
  return { outcome: "sent", reference: references.join(" "), units: parts.length };
}

interface Submitted {
  readonly source: string;
  readonly target: string;
  readonly dataCoding: number;
  readonly part: SmsPart;
}

const fieldsOf = ({ source, target, dataCoding, part }: Submitted) => ({
  source_addr_ton: /^\+?\d+$/.test(source) ? INTERNATIONAL : ALPHANUMERIC,
  source_addr_npi: /^\+?\d+$/.test(source) ? ISDN : 0,
  source_addr: source.replace("+", ""),
  dest_addr_ton: target.trim().startsWith("+") ? INTERNATIONAL : 0,
  dest_addr_npi: ISDN,
  destination_addr: target.replace(/\D/g, ""),
  esm_class: part.hasHeader ? UDH_INDICATOR : 0,
  registered_delivery: RECEIPT_WANTED,
  data_coding: dataCoding,
  short_message: Buffer.from(part.bytes), // what the library passes on as it is
});

async function takeDelivered({ receipt }: SmsDeps, session: Session, pdu: Pdu): Promise<void> {
  if (((pdu.esm_class ?? 0) & MESSAGE_TYPE_MASK) === RECEIPT_TYPE) {
    const message = pdu.short_message?.message ?? "";
    const read = readReceipt(typeof message === "string" ? message : message.toString("latin1"), {
      messageId: pdu.receipted_message_id,
      messageState: pdu.message_state,
    });
    if (read?.state !== undefined) await receipt(read.reference, read.state, read.detail);
  }
  session.send(pdu.response()); // a message from a person is taken and goes nowhere: there is no inbox
}
