import { Buffer as NodeBuffer } from "node:buffer";
import { createTransport } from "nodemailer";
import type { Channel, SendResult } from "./channel.ts";
import type { Mailer } from "./mailer.ts";

export interface EmailSettings {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly url: string;
  readonly from: string;
}

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 30_000;
const CONNECTIONS_MAX = 3;

export const channelEmailNodemailer = (settings: EmailSettings): Channel =>
  channelEmail(mailerNodemailer(settings));

/** Messages as e-mails. */
export const channelEmail = (mailer: Mailer): Channel => ({
  isSetUp: mailer.isSetUp,
  unitCostMicros: 0,
  send: ({ deliveryId, target, message, isUrgent }) =>
    mailer.send({
      ...{ id: deliveryId, target, isUrgent, attachments: [] },
      ...{ subject: message.subject, text: message.text, html: message.html },
    }),
  stop: () => mailer.stop(),
});

export function mailerNodemailer({ url, from }: EmailSettings): Mailer {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: CONNECTIONS_MAX,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      disableFileAccess: true, // no text of ours names a file or an address to be fetched
      disableUrlAccess: true,
    },
    { from },
  );
  const host = from.split("@").at(-1)?.replace(/>.*$/, "") ?? "hopline";
  return {
    isSetUp: true,
    async send({ id, target, subject, text, html, isUrgent, attachments }) {
      try {
        const sent: { readonly messageId: string } = await transport.sendMail({
          to: { name: "", address: target },
          ...{ subject, text, html },
          messageId: `<${id}@${host}>`, // the same at every attempt: mail programmes show it once
          headers: { "X-Hopline-Delivery": id, "Auto-Submitted": "auto-generated" },
          priority: isUrgent ? "high" : "normal",
          attachments: attachments.map(({ name, contentType, bytes }) => ({
            ...{ filename: name, contentType, content: nodeBufferOf(bytes) },
          })),
        });
        return { outcome: "sent", reference: sent.messageId, units: 1 };
      } catch (error) {
        return failureOf(error);
      }
    },
    stop: async () => {
      transport.close();
    },
  };
}

/** Nodemailer knows no plain bytes. */
const nodeBufferOf = (bytes: Uint8Array) =>
  NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A 5xx about the receiver or the message is for good; one about us, such as a wrong password, is mended by the operator. */
function failureOf(error: unknown): SendResult {
  const why = error instanceof Error ? error.message : String(error);
  const of =
    error instanceof Error ? (error as Error & { code?: unknown; responseCode?: unknown }) : {};
  const { code, responseCode } = of as { code?: unknown; responseCode?: unknown };
  const isForGood = typeof responseCode === "number" && responseCode >= 500;
  const isAboutMessage = code === "EENVELOPE" || code === "EMESSAGE";
  return { outcome: isForGood && isAboutMessage ? "refused" : "retry", why };
}
