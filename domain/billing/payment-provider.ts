import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import {
  WEBHOOK_FAULTS,
  type WebhookFault,
  webhookFault,
} from "../notifications/webhook-signature.ts";
import type { Minor } from "./money.ts";

/** What a payer is to pay, by an id of ours that the provider names in its notices. */
export interface PaymentToBegin {
  readonly id: string;
  readonly amount: Minor;
  readonly currency: string;
}

export interface PaymentAndReturn extends PaymentToBegin {
  /** Of the console, whose address the adapter knows: where the provider sends the payer afterwards, paid or not. */
  readonly returnPath: string;
}

/** Says that a payer has paid, or could not. */
export interface ProviderNotice {
  /** The provider's own: what comes under it again says nothing new. */
  readonly id: string;
  readonly kind: "paid" | "failed";
  /** Of the payment that was begun. */
  readonly orderId: string;
  /** The provider's own name of the money: the same is never booked twice. */
  readonly reference: string;
  readonly amount: Minor;
  readonly currency: string;
  readonly paidAtMs: number;
}

export const NOTICE_FAULTS = [...WEBHOOK_FAULTS, "malformed"] as const;
export type NoticeFault = (typeof NOTICE_FAULTS)[number];
export type ReadNotice =
  | { readonly ok: true; readonly notice: ProviderNotice }
  | { readonly ok: false; readonly fault: NoticeFault };

/** Whoever takes money from payers for us: a bank's gateway, or a wallet. */
export interface PaymentProvider {
  readonly name: string;
  /** Where the payer goes to pay. Throws an UnavailableError where the provider does not answer. */
  begin(payment: PaymentAndReturn): Promise<{ readonly url: string }>;
  /** What a request to our webhook says, if the provider has signed it. */
  read(headers: Readonly<Record<string, unknown>>, body: string, nowMs: number): ReadNotice;
}

/** With its zone, for it must not hang on that of this machine; and of a time in which there are payments. */
const MOMENT = "^(20\\d\\d|2100)-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-]\\d\\d:\\d\\d)$";

const Notice = Type.Object({
  type: Type.Enum(["payment.paid", "payment.failed"]),
  timestamp: Type.String({ maxLength: 40, pattern: MOMENT }),
  data: Type.Object({
    order: Type.String({ minLength: 1, maxLength: 100 }),
    reference: Type.String({ minLength: 1, maxLength: 150 }),
    amount: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    currency: Type.String({ pattern: "^[A-Z]{3}$" }),
  }),
});
type Notice = Static<typeof Notice>;

/** A notice as a provider writes it that keeps to Standard Webhooks. */
export const noticeBody = ({ kind, orderId, paidAtMs, ...data }: Omit<ProviderNotice, "id">) =>
  JSON.stringify({
    type: `payment.${kind}`,
    timestamp: new Date(paidAtMs).toISOString(),
    data: {
      ...{ order: orderId, reference: data.reference },
      ...{ amount: data.amount, currency: data.currency },
    },
  } satisfies Notice);

/** For an adapter whose provider signs by Standard Webhooks. */
export function readNotice(
  secret: Uint8Array,
  headers: Readonly<Record<string, unknown>>,
  body: string,
  nowMs: number,
): ReadNotice {
  const fault: WebhookFault | undefined = webhookFault(secret, headers, body, nowMs);
  if (fault !== undefined) return { ok: false, fault };
  const said = parsed(body);
  const paidAtMs = Date.parse(said?.timestamp ?? "");
  if (said === undefined || Number.isNaN(paidAtMs)) return { ok: false, fault: "malformed" };
  const { order, reference, amount, currency } = said.data;
  const kind = said.type === "payment.paid" ? "paid" : "failed";
  const id = String(headers["webhook-id"]);
  return {
    ok: true,
    notice: { id, kind, orderId: order, reference, amount, currency, paidAtMs },
  };
}

function parsed(body: string): Notice | undefined {
  try {
    const said: unknown = JSON.parse(body);
    return Value.Check(Notice, said) ? said : undefined;
  } catch {
    return undefined; // signed and yet no JSON: the provider's fault, which is counted
  }
}
