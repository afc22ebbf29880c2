import { expect, it } from "vitest";
import { en } from "./en.ts";
import { zhCn } from "./zh-cn.ts";

const holes = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

it("has the same keys in both languages", () => {
  expect(Object.keys(zhCn).toSorted()).toEqual(Object.keys(en).toSorted());
});

it.each(Object.keys(en) as (keyof typeof en)[])("fills the same holes in %s", (key) => {
  expect(holes(zhCn[key])).toEqual(holes(en[key]));
});

it("leaves no text empty and none untranslated", () => {
  for (const [key, text] of Object.entries(zhCn)) {
    expect(text.trim(), key).not.toBe("");
    expect(text, key).not.toBe(en[key as keyof typeof en].replace(/^± \{error\}$/, ""));
  }
});
