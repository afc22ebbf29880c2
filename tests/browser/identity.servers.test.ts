import { TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { openPage, PHONE, stickingOut } from "./browser.ts";
import { startRealApi } from "./real-api.ts";
import { test as base } from "./real-pages.ts";

const PASSWORD = "a long walk to the sea";

const test = base.extend("desk", async ({ browser }, { onCleanup }) => {
  const desk = await openPage(browser);
  onCleanup(desk.close);
  return desk.page;
});

async function started(dist: string, demo: boolean) {
  const api = await startRealApi(dist, demo);
  onTestFinished(() => api.stop());
  return api;
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill("ann@example.org");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("a card of the demonstration lets one in, where one wanted to be, as far as the role goes", async ({
  dist,
  desk: page,
}) => {
  const api = await started(dist, true);
  await page.goto(`${api.url}/terminals?search=van`);
  await page.getByRole("button", { name: /^Billing/ }).click();
  await page.getByRole("heading", { name: "Terminals" }).waitFor();
  expect(page.url()).toContain("search=van");
  const places = page.locator(".sidebar").getByRole("link");
  expect(await places.allTextContents()).not.toContain("Map");
  expect(await places.allTextContents()).not.toContain("Audit log");
  await page.goto(api.url); // the map is not for billing: the first page that is
  await page.waitForURL(/\/terminals$/);
  await page.getByRole("button", { name: "Account of Bea Billing" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
});

test("the first administrator chooses a password, a second factor, and makes a key", async ({
  dist,
  desk: page,
}) => {
  const api = await started(dist, false);
  const first = /password +(\S+)/.exec(api.told.join("\n"))?.[1] ?? "";
  await page.goto(`${api.url}/account`);
  expect(await page.getByText("Look around as").count()).toBe(0);
  await signIn(page, "not the one at all");
  await page.getByText("E-mail address, password or code is wrong").waitFor();
  await signIn(page, first);

  await page.getByRole("heading", { name: "Choose your password" }).waitFor();
  await page.getByLabel("Present password").fill(first);
  await page.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("New password, again").fill(PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();

  await page.getByRole("button", { name: "Set up" }).click();
  const key = await page.locator(".enrol .mono").textContent();
  const totp = new TOTP({ secret: key?.replaceAll(" ", "") ?? "" });
  await page.getByLabel("Code that the app shows now").fill(totp.generate());
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByText("Recovery codes", { exact: true }).waitFor();
  const codes = await page.locator(".codes li").allTextContents();
  expect(codes).toHaveLength(10);

  await page.goto(`${api.url}/keys`);
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByLabel("What it is for").fill("Dispatch");
  await page.getByLabel("Read terminals").check();
  await page.getByRole("dialog").getByRole("button", { name: "Make a key" }).click();
  const secret = await page.locator(".secret code").textContent();
  const headers = { authorization: `Bearer ${secret ?? ""}` };
  expect((await fetch(`${api.url}/api/terminals`, { headers })).status).toBe(200);
  expect((await fetch(`${api.url}/api/packets`, { headers })).status).toBe(403);

  await page.context().clearCookies();
  await page.goto(`${api.url}/audit`);
  await signIn(page, PASSWORD);
  await page.getByLabel("Code of your authenticator app").fill(codes[4] ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("key.made").waitFor();
  await page.getByRole("button", { name: "Check the chain" }).click();
  await page.getByText(/Whole: all \d+ entries/).waitFor();
  expect(await page.content()).not.toContain(secret);
});

test("on a phone, in Chinese, everything is behind the thumb and nothing sticks out", async ({
  dist,
  browser,
}) => {
  const api = await started(dist, true);
  const { page, close } = await openPage(browser, { size: PHONE, language: "zh-CN" });
  onTestFinished(close);
  await page.goto(`${api.url}/terminals?lang=zh-CN`);
  await page.getByRole("button", { name: /^管理员/ }).waitFor();
  expect(await stickingOut(page)).toEqual([]);
  await page.getByRole("button", { name: /^管理员/ }).click();
  for (const [place, heading] of [
    ["用户", "用户"],
    ["API 密钥", "API 密钥"],
    ["审计日志", "审计日志"],
  ] as const) {
    await page.getByRole("button", { name: "更多" }).click();
    await page.getByRole("dialog").getByRole("link", { name: place }).click();
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(await stickingOut(page)).toEqual([]);
  }
  await page.getByRole("button", { name: "Ada Admin 的账户" }).click();
  await page.getByRole("link", { name: "我的账户" }).click();
  await page.getByRole("heading", { name: "双重验证" }).waitFor();
  expect(await stickingOut(page)).toEqual([]);
});
