/** Texts of this part of the console, in both languages; `en.ts` and `zh-cn.ts` take them in. */
export const customersEn = {
  "nav.customers": "Customers",
} as const;

export const customersZh: Readonly<Record<keyof typeof customersEn, string>> = {
  "nav.customers": "客户",
};
