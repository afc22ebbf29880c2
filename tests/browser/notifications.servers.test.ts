import type { Page } from "playwright-core";
import { test as base, expect, onTestFinished } from "vitest";
import { silentLog } from "../../base/log.ts";
import type { Db } from "../../domain/db/database.ts";
import { ensureConsoleBuilt } from "../../tools/build-console.ts";
import { seedCustomer } from "../notifications-fixture.ts";
import { openBrowser, openPage, PHONE, stickingOut } from "./browser.ts";
import { startRealApi } from "./real-api.ts";

const test = base
  .extend("dist", { scope: "file" }, () => ensureConsoleBuilt(silentLog))
  .extend("browser", { scope: "file" }, async ({}, { onCleanup }) => {
    const browser = await openBrowser();
    onCleanup(() => browser.close());
    return browser;
  });

async function started(dist: string) {
  const api = await startRealApi(dist, true);
  onTestFinished(() => api.stop());
  await seedDeadLetter(api.db);
  return api;
}

/** A mail about a trapped passenger that was refused. */
async function seedDeadLetter(db: Db): Promise<void> {
  const at = new Date(Date.UTC(2026, 9, 1, 8));
  await seedCustomer(db, "c9");
  await db
    .insertInto("contact")
    .values({
      ...{ id: "li", customer_id: "c9", name: "Li Wei", role: "caretaker", language: "zh-CN" },
      ...{ email: "li@example.org", created_at: at, version: 1 },
    })
    .execute();
  await db
    .insertInto("notification")
    .values({
      ...{ id: "n1", kind: "raised", alarm_id: "a1", customer_id: "c9", severity: "critical" },
      ...{ rank: 0, life_safety: true, drill: false, at, queued_at: at, planned_at: at },
      ...{ title_en: "Passenger trapped", title_zh: "有乘客被困" },
    })
    .execute();
  await db
    .insertInto("delivery")
    .values({
      ...{ id: "d1", customer_id: "c9", recipient_kind: "contact", recipient_id: "li" },
      ...{ channel: "email", target: "li@example.org", language: "en", template: "raised" },
      ...{ severity: "critical", rank: 0, life_safety: true, bundle: false, items: 1 },
      ...{ state: "dead", reason: "550 no such mailbox", attempts: 1, created_at: at, next_at: at },
    })
    .execute();
  await db
    .insertInto("delivery_item")
    .values({ delivery_id: "d1", notification_id: "n1" })
    .execute();
  await db
    .insertInto("delivery_attempt")
    .values({ delivery_id: "d1", number: 1, at, outcome: "refused", detail: "550 no such mailbox" })
    .execute();
}

const signInAs = async (page: Page, url: string, name: RegExp): Promise<void> => {
  await page.goto(url);
  await page.getByRole("button", { name }).click();
};

test("a dead letter is seen, opened and sent again", async ({ dist, browser }) => {
  const api = await started(dist);
  const { page, close } = await openPage(browser);
  await signInAs(page, `${api.url}/notifications`, /^Administrator/);
  await page.getByText("Dead letters: 1").waitFor();
  await page.getByText("Smoke detected").first().waitFor(); // how messages read
  await page.getByRole("button", { name: "Show them" }).click();
  await page.waitForURL(/state=dead/);
  await page.getByRole("button", { name: "Details" }).click();
  await page.getByText("refused for good").waitFor();
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByRole("button", { name: "Send again" }).waitFor({ state: "detached" });
  const row = await api.db.selectFrom("delivery").select(["id", "state"]).executeTakeFirst();
  expect(row).toEqual({ id: "d1", state: "waiting" });
  await close();
});

test("one says how one is told, on a phone and in Chinese", async ({ dist, browser }) => {
  const api = await started(dist);
  const { page, close } = await openPage(browser, { size: PHONE, language: "zh-CN" });
  await signInAs(page, `${api.url}/preferences`, /^(Administrator|管理员)/);
  await page.getByLabel("紧急, 推送").check();
  await page.getByLabel("暂缓非紧急消息").check();
  await page.getByLabel("开始").fill("23:30");
  await page.getByRole("button", { name: /^保 ?存$/ }).click();
  await page.getByText("已保存").waitFor();
  const row = await api.db
    .selectFrom("notification_preference")
    .select("preferences")
    .executeTakeFirstOrThrow();
  expect(row.preferences).toMatchObject({
    channels: { critical: ["push"] },
    quiet: { fromMinute: 23 * 60 + 30, toMinute: 7 * 60 },
  });
  for (const path of ["/preferences", "/notifications", "/on-call", "/webhooks"]) {
    await page.goto(api.url + path);
    await page.locator(".page-head h1").waitFor();
    expect(await stickingOut(page), path).toEqual([]);
  }
  await close();
});

test("a webhook's secret is shown once, and who is on call is seen", async ({ dist, browser }) => {
  const api = await started(dist);
  const { page, close } = await openPage(browser);
  await signInAs(page, `${api.url}/webhooks`, /^Administrator/);
  await page.getByRole("button", { name: "Add a webhook" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Dispatch");
  await page.getByLabel("Address", { exact: true }).fill("https://127.0.0.1/in");
  await page.locator("form").getByRole("button", { name: "Add a webhook" }).click();
  await page.getByText(/must lead to a public address/).waitFor();
  await page.getByLabel("Address", { exact: true }).fill("https://dispatch.example.org/in");
  await page.locator("form").getByRole("button", { name: "Add a webhook" }).click();
  await page.getByText(/^whsec_/).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByText(/^whsec_/).waitFor({ state: "hidden" });
  await page.getByText("https://dispatch.example.org/in").waitFor();

  await page.goto(`${api.url}/on-call`);
  await page.getByText("On call now: Nobody").waitFor();
  await page.locator("#shift-who").click();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const day = (shift: number) =>
    new Date(Date.now() + shift * 86_400_000).toISOString().slice(0, 16);
  await page.getByLabel("From", { exact: true }).fill(day(-1));
  await page.getByLabel("To", { exact: true }).fill(day(1));
  await page.getByRole("button", { name: "Add a shift" }).click();
  await page.locator(".shift").waitFor();
  expect(await page.getByText("On call now: Nobody").count()).toBe(0);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved").waitFor();
  await close();
});
