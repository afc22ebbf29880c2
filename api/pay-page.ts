import { formatAmount } from "../domain/billing/money.ts";
import { type PaymentOrder, returnPathOf } from "../domain/billing/payment-orders.ts";
import { plainPage } from "./plain-page.ts";

export interface PayPage {
  readonly order: PaymentOrder | undefined;
  readonly language: "en" | "zh-CN";
}

const WORDS = {
  en: {
    title: "Pay — demonstration",
    about: "This page stands for a payment provider's. No money is taken.",
    pay: "Pay",
    refuse: "Let the payment fail",
    paid: "Paid.",
    failed: "The payment has failed. You can try it again.",
    back: "Back to Hopline",
    gone: "This link is not valid.",
  },
  "zh-CN": {
    title: "支付（演示）",
    about: "此页面代替支付服务商的页面，不会真正扣款。",
    pay: "支付",
    refuse: "模拟支付失败",
    paid: "支付成功。",
    failed: "支付失败，可以重试。",
    back: "返回 Hopline",
    gone: "此链接无效。",
  },
} as const;

/** The page of the provider that takes no money. */
export function payPage({ order, language }: PayPage): string {
  const words = WORDS[language];
  const { title } = words;
  if (order === undefined)
    return plainPage({ language, title, parts: [`<p role="alert">${words.gone}</p>`] });
  const amount = `${formatAmount(order.currency, order.amount)} ${order.currency}`;
  const pay = `<form method="post" action="?kind=paid"><button autofocus>${words.pay}</button></form>`;
  const refuse = `<form method="post" action="?kind=failed"><button class="second">${words.refuse}</button></form>`;
  const after = {
    open: [pay, refuse],
    failed: [`<p role="alert">${words.failed}</p>`, pay],
    paid: [`<p role="status"><strong>${words.paid}</strong></p>`],
  }[order.state];
  return plainPage({
    ...{ language, title },
    parts: [
      `<h1>${amount}</h1><p>${words.about}</p>`,
      ...after,
      `<p><a href="${returnPathOf(order)}">${words.back}</a></p>`,
    ],
  });
}
