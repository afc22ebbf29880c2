/** Texts of this part of the console, in both languages; `en.ts` and `zh-cn.ts` take them in. */
export const identityEn = {
  "nav.identity": "Users",
} as const;

export const identityZh: Readonly<Record<keyof typeof identityEn, string>> = {
  "nav.identity": "用户",
};
