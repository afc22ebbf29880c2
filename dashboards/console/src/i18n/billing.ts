/** What the whole console says of billing; the texts of its pages come with them, from `billing-en.ts`. */
export const billingEn = {
  "nav.group.billing": "Billing",
  "nav.invoices": "Invoices",
  "nav.payments": "Payments",
  "nav.closes": "Month close",
  "nav.ageing": "Ageing",
  "nav.dunning": "Dunning",
  "nav.plans": "Plans",
  "nav.serviceCredits": "Service credits",
  "nav.mine.invoices": "My invoices",
  "nav.mine.spending": "Usage and spend",
} as const;

export const billingZh: Readonly<Record<keyof typeof billingEn, string>> = {
  "nav.group.billing": "计费",
  "nav.invoices": "账单",
  "nav.payments": "收款",
  "nav.closes": "月结",
  "nav.ageing": "账龄",
  "nav.dunning": "催款",
  "nav.plans": "资费方案",
  "nav.serviceCredits": "服务补偿",
  "nav.mine.invoices": "我的账单",
  "nav.mine.spending": "用量与费用",
};
