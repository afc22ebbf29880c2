import type { Page } from "playwright-core";
import { expect } from "vitest";
import { DESK, openPage, PHONE, stickingOut, textsOf } from "./browser.ts";
import { dayOfDrive, INCIDENT, seedPortalWorld, VAN } from "./portal-world.ts";
import { test as base, enter } from "./real-pages.ts";

const test = base.extend("world", { scope: "file" }, async ({ api }) => {
  await seedPortalWorld(api.db, Date.now());
  return api;
});

test("a subscriber sees only what is theirs, on a phone and in Chinese, and says how they are told", async ({
  world: api,
  browser,
}) => {
  const { page, complaints, close } = await openPage(browser, { size: PHONE, language: "zh-CN" });
  await enter(page, api.url, "owner");
  await page.goto(api.url);
  await page.waitForURL(/\/devices$/);
  await page.getByText("Blue van").waitFor();
  await page.locator(".device-alarm").waitFor();
  const seen = (await textsOf(page)).join("\n");
  expect(seen).not.toMatch(/Stranger|Lamp|gw-north|数据包|网关/);
  expect(await stickingOut(page)).toEqual([]);

  await page.goto(`${api.url}/cases`);
  await page.getByText("Asset of 5").waitFor();
  expect((await textsOf(page)).join("\n")).not.toMatch(/Asset of 6|stranger/i);

  await page.goto(`${api.url}/preferences`);
  await page.getByLabel("重要, 短信").check();
  await page
    .getByRole("button", { name: /^保 ?存$/ })
    .first()
    .click();
  await page.getByText("已保存").waitFor();
  await page.getByRole("button", { name: "Li Wei 的通知方式" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("紧急, 电子邮件").check();
  await dialog.getByRole("button", { name: /^保 ?存$/ }).click();
  await dialog.waitFor({ state: "detached" });
  expect(await stickingOut(page)).toEqual([]);
  const rows = await api.db
    .selectFrom("notification_preference")
    .select(["person_kind", "preferences"])
    .orderBy("person_kind")
    .execute();
  expect(rows).toMatchObject([
    { person_kind: "contact", preferences: { channels: { critical: ["email"] } } },
    { person_kind: "user", preferences: { channels: { major: ["email", "sms"] } } },
  ]);
  expect(complaints).toEqual([]);
  await close();
});

/** Clicks the time line of the replay where this moment is, in ms since the Unix epoch. */
async function slideTo(page: Page, ms: number): Promise<void> {
  const handle = page.getByRole("slider", { name: "Time of the day" });
  const endOf = async (end: "min" | "max"): Promise<number> =>
    Number(await handle.getAttribute(`aria-value${end}`));
  const line = page.locator(".player .ant-slider");
  const { width = 0, height = 0 } = (await line.boundingBox()) ?? {};
  const part = (ms - (await endOf("min"))) / ((await endOf("max")) - (await endOf("min")));
  await line.click({ position: { x: width * part, y: height / 2 } });
}

test("an operator opens an incident, works a case to its end, and replays the day", async ({
  world: api,
  browser,
}) => {
  const { page, complaints, close } = await openPage(browser, { size: DESK });
  await enter(page, api.url, "operator");
  await page.goto(`${api.url}/incidents`);
  await page.getByRole("link", { name: "Gateway hears nobody" }).click();
  await page.waitForURL(new RegExp(INCIDENT));
  await page.getByText(/2 stayed silent/).waitFor();
  expect(await page.locator(".member").first().textContent()).toMatch(/^Lamp 1Dead/);
  await page.getByLabel("Find a terminal").fill("lamp 499");
  expect(await page.locator(".member").count()).toBe(1);

  await page.goto(`${api.url}/cases`);
  await page
    .getByRole("row", { name: /Asset of 5/ })
    .getByRole("link")
    .click();
  await page.getByText("P0301").waitFor();
  const step = async (kind: string, label: string, text: string): Promise<void> => {
    await page.getByRole("combobox", { name: "Kind of step" }).click();
    await page.locator(".ant-select-item-option", { hasText: kind }).click();
    await page.getByRole("textbox", { name: label }).fill(text);
    await page.locator(".case-form button[type=submit]").click();
    await page.locator(".steps").getByText(text).waitFor();
  };
  await step("Helper sent", "Who was sent", "Tow truck 7");
  await step("Closed with its result", "Result", "Towed to the yard");
  await page.locator(".case-form").waitFor({ state: "detached" });

  const day = dayOfDrive(Date.now());
  await page.goto(`${api.url}/terminals/${VAN}/replay?day=${day}`);
  await page.locator(".stretch", { hasText: "Unknown" }).nth(1).click();
  await page.getByText(/found again/).waitFor();
  await slideTo(page, Date.parse(`${day}T11:20:00Z`));
  await page.getByText("found by the network from arrival times at 4 gateways").waitFor();

  await page.goto(`${api.url}/drills`);
  await page.getByRole("button", { name: "New drill" }).click();
  await page.getByRole("combobox", { name: "One terminal" }).fill("Blue van");
  await page.locator(".ant-select-item-option", { hasText: "Blue van" }).click();
  await page.getByRole("button", { name: "Begin the drill" }).click();
  await page.getByRole("heading", { name: "Panic call: Blue van" }).waitFor();
  await page.getByRole("row", { name: /Page on the air.*waits/ }).waitFor();
  await page.getByRole("button", { name: "End the drill" }).click();
  await page.getByRole("button", { name: "Yes" }).click();
  await page.getByRole("row", { name: /Acknowledged.*did not happen/ }).waitFor();
  await page.setViewportSize(PHONE);
  expect(await stickingOut(page)).toEqual([]);
  await page.goto(`${api.url}/drills`);
  await page.getByText("0 of 1").waitFor();
  expect(await stickingOut(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await close();
});
