/** Texts of this part of the console, in both languages; `en.ts` and `zh-cn.ts` take them in. */
export const fieldEn = {
  "nav.field": "Field",
} as const;

export const fieldZh: Readonly<Record<keyof typeof fieldEn, string>> = {
  "nav.field": "现场",
};
