import { type SignedHeaders, signWebhook } from "../notifications/webhook-signature.ts";
import {
  noticeBody,
  type PaymentProvider,
  type PaymentToBegin,
  readNotice,
} from "./payment-provider.ts";

/** A provider that takes no money: its page asks whether to pay, and its notices are signed as those of any other. */
export interface DemoProvider extends PaymentProvider {
  /** What it tells our webhook once the payer has decided: the same however often the button is pressed. */
  notify(
    payment: PaymentToBegin,
    kind: "paid" | "failed",
    nowMs: number,
  ): { readonly headers: SignedHeaders; readonly body: string };
}

export const paymentProviderDemo = (secret: Uint8Array): DemoProvider => ({
  name: "demo",
  begin: async ({ id }) => ({ url: `/pay/${id}` }),
  read: (headers, body, nowMs) => readNotice(secret, headers, body, nowMs),
  notify({ id, amount, currency }, kind, nowMs) {
    const body = noticeBody({
      ...{ kind, orderId: id, reference: id, amount, currency, paidAtMs: nowMs },
    });
    return { headers: signWebhook(secret, `${kind}-${id}`, nowMs, body), body };
  },
});
