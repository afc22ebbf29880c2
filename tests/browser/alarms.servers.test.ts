import { expect } from "vitest";
import { alertJudgePostgres } from "../../domain/alerting/judge-postgres.ts";
import { createRulesInForce, installDefaultRules } from "../../domain/alerting/rules-postgres.ts";
import type { Db } from "../../domain/db/database.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { seedTerminals } from "../api-fixture.ts";
import { openPage, PHONE, stickingOut } from "./browser.ts";
import { test as base, enter } from "./real-pages.ts";

const PROFILES = loadProfiles("profiles").byName;
const NS = 1_000_000n;

/** A car whose button was pressed, and later one that has crashed, as the network process judges it. */
async function seedAlarms(db: Db): Promise<void> {
  const nowMs = Date.now();
  await seedTerminals(db, [
    { address: 5, name: "Car 5" },
    { address: 6, name: "Car 6" },
  ]);
  await installDefaultRules(db, PROFILES, nowMs);
  const judge = alertJudgePostgres(createRulesInForce(PROFILES, () => undefined));
  const heard = [
    { address: 5, readings: { panic: true } },
    { address: 6, readings: { crash: true } },
  ];
  for (const [index, { address, readings }] of heard.entries()) {
    const measuredAtNs = BigInt(nowMs - 60_000 + index * 1_000) * NS;
    const report = { packetId: BigInt(index + 1), address, isDrill: false, readings };
    const writes = await judge.judge(db, [{ ...report, measuredAtNs }], nowMs);
    await writes.write(db);
  }
}

const test = base.extend("fleet", { scope: "file" }, async ({ api }) => {
  await seedAlarms(api.db);
  return api;
});

test("alarms are worked on by the keyboard alone", async ({ fleet: api, browser }) => {
  const { page, complaints, close } = await openPage(browser);
  await enter(page, api.url, "operator");
  await page.goto(`${api.url}/alarms?state=unacknowledged`);
  const rows = page.getByRole("option");
  await rows.nth(1).waitFor();
  const first = (await rows.first().textContent()) ?? "";
  expect(first).toContain("Crash"); // both are critical: the newest first

  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("dialog");
  await drawer.getByText("What would have changed it").waitFor();
  await drawer.getByText("crash == true").waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });

  await page.getByRole("listbox", { name: "Alarms, the worst first" }).focus();
  await page.keyboard.press("a");
  await page.getByText("Crash").waitFor({ state: "detached" });
  await page.keyboard.press("x");
  await page.getByText("1 selected").waitFor();
  await page.keyboard.press("m");
  await rows.first().getByText("Panic button pressed").waitFor();
  const stored = await api.db
    .selectFrom("alarms")
    .select(["address", "acknowledged_at", "assignee"])
    .orderBy("address")
    .execute();
  expect(stored.map(({ address }) => Number(address))).toEqual([5, 6]);
  expect(stored[0]?.acknowledged_at).toBe(null);
  expect(stored[1]?.acknowledged_at).not.toBe(null);
  expect(complaints).toEqual([]);
  await close();
});

test("alarms fit on a phone in Chinese", async ({ fleet: api, browser }) => {
  const { page, close } = await openPage(browser, { size: PHONE, language: "zh-CN" });
  await enter(page, api.url, "operator");
  await page.goto(`${api.url}/alarms`);
  await page.getByRole("option").first().waitFor();
  expect(await stickingOut(page)).toEqual([]);
  await page.getByRole("option").first().click();
  await page.getByText("怎样会不同").waitFor();
  await page.waitForFunction(
    () => document.querySelector('[class*="-active"][class*="drawer"]') === null,
  );
  expect(await stickingOut(page)).toEqual([]);
  await close();
});
