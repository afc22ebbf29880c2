import { sql } from "kysely";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { installDefaultRules } from "../../domain/alerting/rules-postgres.ts";
import type { Db } from "../../domain/db/database.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { seedPacket, seedTerminals } from "../api-fixture.ts";
import { openPage, PHONE, stickingOut } from "./browser.ts";
import { test as base, enter } from "./real-pages.ts";

const MINUTE_MS = 60_000;

/** A car that was too fast twice in the last hour, and the rules of the device types. */
async function seedPast(db: Db): Promise<void> {
  const nowMs = Date.now();
  await seedTerminals(db, [{ address: 5, name: "Car 5" }]);
  for (const [index, speed] of [95, 40, 95].entries())
    await seedPacket(db, {
      ...{ id: index + 1, address: 5, counter: index + 1, speed },
      receivedAtMs: nowMs - (30 - index * 10) * MINUTE_MS,
    });
  await installDefaultRules(db, loadProfiles("profiles").byName, nowMs);
}

const test = base.extend("past", { scope: "file" }, async ({ api }) => {
  await seedPast(api.db);
  return api;
});

async function chooseType(page: Page, label: string, typed: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).click();
  await page.keyboard.type(typed);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
}

test("a rule is written, mended, tried, saved, changed and retired", async ({
  past: api,
  browser,
}) => {
  const { page, complaints, close } = await openPage(browser);
  await enter(page, api.url, "operator");
  await page.goto(`${api.url}/rules`);
  await page.getByRole("button", { name: "New rule" }).click();
  await page.getByLabel("Title in English").fill("Too fast");
  await chooseType(page, "Device types", "Vehicle");
  const condition = page.getByRole("textbox", { name: "Condition", exact: true });
  await condition.fill("speed > 80.0 && height > 3.0");
  await page.getByText("From character 17: No report has height").waitFor();
  expect(await page.locator(".cel-text mark").textContent()).toBe("height");
  expect(await page.getByRole("button", { name: "Put in force" }).isDisabled()).toBe(true);

  await condition.fill("speed > 80.0");
  await page.getByText("No error").waitFor();
  await page.getByRole("button", { name: "Try", exact: true }).click();
  await page.getByText(/It would have told people 2 times, .* of 1 device\./).waitFor();
  await page.getByRole("img", { name: "Alarms per day" }).waitFor();

  await page.getByRole("button", { name: "Put in force" }).click();
  await page.getByText("As it was made").waitFor();
  await condition.fill("speed > 90.0");
  await page.getByText("No error").waitFor();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const versions = page.getByRole("region", { name: "Versions" });
  await versions.getByText("speed > 80.0").waitFor();
  await versions.getByText("speed > 90.0").waitFor();

  await page.getByRole("button", { name: "Retire" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByRole("button", { name: "Retire" }).isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill("never mind");
  await dialog.getByRole("button", { name: "Retire" }).click();
  await page.getByRole("button", { name: "New rule" }).waitFor();
  const stored = await api.db
    .selectFrom("alert_rules")
    .select(["title_en", "version", "retired_at"])
    .where("origin", "=", "operator")
    .execute();
  expect(stored).toMatchObject([{ title_en: "Too fast", version: 3 }]);
  expect(stored[0]?.retired_at).not.toBe(null);
  const { reason } = await api.db
    .selectFrom("audit_entry")
    .select("reason")
    .where("action", "=", "alert-rule.retired")
    .executeTakeFirstOrThrow();
  expect(reason).toBe("never mind");
  expect(complaints).toEqual([]);
  await close();
});

test("an area is drawn on the map, typed, and refused where it is none", async ({
  past: api,
  browser,
}) => {
  const { page, close } = await openPage(browser);
  await enter(page, api.url, "operator");
  await page.goto(`${api.url}/rules/new`);
  await chooseType(page, "Device types", "Vehicle");
  await page.getByRole("combobox", { name: "Kind", exact: true }).click();
  await page.getByTitle("Geofence", { exact: true }).last().click();
  await page.locator('.area-map[data-ready="true"]').waitFor();
  const map = page.locator(".area-map .maplibregl-canvas");
  for (const position of [
    { x: 200, y: 100 },
    { x: 400, y: 120 },
    { x: 420, y: 260 },
    { x: 180, y: 250 },
  ])
    await map.click({ position });
  await page.keyboard.press("Enter");
  const corners = page.getByLabel("Corners");
  await page.getByText("now 4.").waitFor();

  await corners.fill("31.2, 121.4\n31.3, 121.5\n31.2, 121.5\n31.3, 121.4");
  await page.getByText("Side 1 crosses side 3: an area must not cross itself").waitFor();
  // set at once: Chromium types many lines in a time that grows with their square
  await corners.evaluate((field: HTMLTextAreaElement, text) => {
    field.setRangeText(text, 0, field.value.length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, "31.2, 121.4\n".repeat(10_001));
  await page.getByText("10,001 corners are too many: at most 500").waitFor();
  await close();
});

test("rules fit on a phone in Chinese", async ({ past: api, browser }) => {
  const { page, close } = await openPage(browser, { size: PHONE, language: "zh-CN" });
  await enter(page, api.url, "operator");
  await page.goto(`${api.url}/rules`);
  await page.locator(".terminal-cards li").first().waitFor();
  expect(await stickingOut(page)).toEqual([]);
  await page.goto(`${api.url}/rules/vehicle.panic`);
  await page.getByRole("textbox", { name: "条件", exact: true }).fill("height > 1.0");
  await page.getByText("没有报告包含 height").waitFor();
  expect(await stickingOut(page)).toEqual([]);
  await close();
});

test("a rule that is allowed no longer says that it is not judged, and why", async ({
  past: api,
  browser,
}) => {
  await sql`update alert_rules set version = version + 1, spec = jsonb_set(spec, '{signal,condition}', to_jsonb('string(speed) == "1"'::text))
    where id = 'vehicle.crash'`.execute(api.db);
  const { page, close } = await openPage(browser);
  await enter(page, api.url, "operator");
  await page.goto(`${api.url}/rules?profile=vehicle`);
  const row = page.getByRole("row").filter({ hasText: "Not judged" });
  await row.getByRole("link").click();
  await page.getByText(/This rule is not judged/).waitFor();
  await page
    .getByText(/string is not allowed here/)
    .first()
    .waitFor();

  // a bus has no impact: for vehicles it is judged as before
  await sql`update alert_rules set version = version + 1, spec = jsonb_set(jsonb_set(spec, '{signal,condition}', to_jsonb('impact > 1.0'::text)),
    '{scope,profiles}', '["vehicle", "bus"]') where id = 'vehicle.crash'`.execute(api.db);
  await page.goto(`${api.url}/rules?profile=bus`);
  await page.getByRole("row").filter({ hasText: "Not judged for: Bus" }).getByRole("link").click();
  await page.getByText(/This rule is not judged for: Bus\./).waitFor();
  await page.getByText(/Bus: .*No report has impact/).waitFor();
  await close();
});
