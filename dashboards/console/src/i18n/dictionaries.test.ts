import { expect, it } from "vitest";
import { billingTextsEn } from "./billing-en.ts";
import { billingTextsZh } from "./billing-zh-cn.ts";
import { boardsEn, boardsZh } from "./boards.ts";
import { commandsEn } from "./commands-en.ts";
import { commandsZh } from "./commands-zh-cn.ts";
import { drillsEn, drillsZh } from "./drills.ts";
import { en } from "./en.ts";
import { recoveryEn, recoveryZh } from "./recovery.ts";
import { rulesEn } from "./rules-en.ts";
import { rulesZh } from "./rules-zh-cn.ts";
import { zhCn } from "./zh-cn.ts";

/** Those of the first load and those that come with a page. */
const ENGLISH: Readonly<Record<string, string>> = {
  ...en,
  ...prefixed("rules", rulesEn),
  ...prefixed("billing", billingTextsEn),
  ...prefixed("commands", commandsEn),
  ...prefixed("drills", drillsEn),
  ...prefixed("recovery", recoveryEn),
  ...prefixed("boards", boardsEn),
};
const CHINESE: Readonly<Record<string, string>> = {
  ...zhCn,
  ...prefixed("rules", rulesZh),
  ...prefixed("billing", billingTextsZh),
  ...prefixed("commands", commandsZh),
  ...prefixed("drills", drillsZh),
  ...prefixed("recovery", recoveryZh),
  ...prefixed("boards", boardsZh),
};

function prefixed(
  page: string,
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${page}: ${key}`, text]));
}

const holes = (text = ""): readonly string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

it("has the same keys in both languages", () => {
  expect(Object.keys(CHINESE).toSorted()).toEqual(Object.keys(ENGLISH).toSorted());
});

it.each(Object.keys(ENGLISH))("fills the same holes in %s", (key) => {
  expect(holes(CHINESE[key])).toEqual(holes(ENGLISH[key]));
});

it("leaves no text empty and none untranslated", () => {
  for (const [key, text] of Object.entries(CHINESE)) {
    expect(text.trim(), key).not.toBe("");
    expect(text, key).not.toBe(ENGLISH[key]?.replace(/^(± \{error\}|\{energy\} kWh)$/, ""));
  }
});
