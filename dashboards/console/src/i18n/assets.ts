/** Texts of this part of the console, in both languages; `en.ts` and `zh-cn.ts` take them in. */
export const assetsEn = {
  "nav.assets": "Assets",
} as const;

export const assetsZh: Readonly<Record<keyof typeof assetsEn, string>> = {
  "nav.assets": "资产",
};
