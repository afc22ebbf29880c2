/** Texts of this part of the console, in both languages; `en.ts` and `zh-cn.ts` take them in. */
export const stockEn = {
  "nav.stock": "Stock",
} as const;

export const stockZh: Readonly<Record<keyof typeof stockEn, string>> = {
  "nav.stock": "库存",
};
