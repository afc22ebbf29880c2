import type { Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { seedReports } from "../../domain/billing/test-billing.ts";
import type { Db } from "../../domain/db/database.ts";
import { DEMO_CUSTOMER } from "../../domain/identity/first-users.ts";
import { seedTerminals } from "../api-fixture.ts";
import { fleetOf } from "../fleet-of-customers.ts";
import { openPage, PHONE, stickingOut, textsOf } from "./browser.ts";
import { enter, test, written } from "./real-pages.ts";

const VAN = 5;
const REPORTS = 40;

const OVER_AFTER_MS = 13 * 3_600_000;

/** The last month that can be closed, as the page offers it. */
function lastMonth(): string {
  const now = new Date(Date.now() - OVER_AFTER_MS);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
    .toISOString()
    .slice(0, 7);
}

async function seedVan(db: Db): Promise<string> {
  const { id } = await db
    .selectFrom("customer")
    .select("id")
    .where("number", "=", DEMO_CUSTOMER.number)
    .executeTakeFirstOrThrow();
  const month = lastMonth();
  await seedTerminals(db, [{ address: VAN, name: "Blue van" }]);
  await fleetOf(db, Date.now()).give(VAN, id, Date.parse(`${month}-01`));
  await seedReports(db, VAN, `${month}-10T08:00:00Z`, REPORTS);
  return id;
}

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole("button", { name, exact: true }).first().click();
const inDialog = (page: Page) => page.getByRole("dialog");
const save = async (page: Page): Promise<void> => {
  await inDialog(page).getByRole("button", { name: "Save" }).click();
  await inDialog(page).waitFor({ state: "detached" });
};

async function choose(page: Page, label: string, option: string): Promise<void> {
  const field = inDialog(page).getByRole("combobox", { name: label });
  await field.click();
  await field.fill(option);
  await page.locator(".ant-select-item-option-active", { hasText: option }).waitFor();
  await field.press("Enter");
}

async function sellPlan(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/closes?lang=en`);
  await press(page, "Add a legal entity");
  await inDialog(page).getByLabel("Name", { exact: true }).fill("Hopline Ltd");
  await save(page);
  await page.getByRole("link", { name: "Plans" }).click();
  await press(page, "New plan");
  await page.getByLabel("Name in English").fill("Tracking");
  await page.getByLabel("Name in Chinese").fill("定位");
  await press(page, "Add a charge");
  const price = page.getByLabel("Price of one");
  await price.fill("-1");
  await page.getByText("never below zero").first().waitFor();
  await price.fill("0.10");
  await page.getByText("never below zero").waitFor({ state: "detached" });
  await page.getByText(/1,000 reports in a month: CN¥100.00/).waitFor();
  await press(page, "Add an add-on");
  const addOn = page.getByRole("group", { name: "Add-on" });
  await addOn.getByLabel("Name in English").fill("Driver card");
  await page
    .getByRole("group", { name: "Driver card" })
    .getByLabel("Name in Chinese")
    .fill("驾驶员卡");
  await press(page, "Save the plan");
  await page.getByText("v1 · 0 subscriptions").waitFor();
}

async function subscribe(page: Page, url: string, customerId: string): Promise<void> {
  await page.goto(`${url}/customers/${customerId}`);
  await press(page, "Open the account");
  await save(page);
  await press(page, "Start a subscription");
  await choose(page, "Plan", "Tracking");
  await choose(page, "Terminal", "Blue van");
  await page.getByLabel("From this day on").fill(`${lastMonth()}-01`);
  await page.getByLabel("Driver card").fill("2");
  await page
    .getByText(/Driver card CN¥2.00/)
    .first()
    .waitFor();
  await page.getByText("One subscription, month by month, before tax").waitFor();
  await save(page);
  await page.locator(".subscription-active").waitFor();
  await page.getByText("+ 2 × driver-card").waitFor();
  await press(page, "Wallet, alerts, quotas");
  await page.getByLabel("Prepaid: it stops when nothing is left").check();
  await save(page);
  await page.getByText("The wallet is empty: it has stopped").first().waitFor();
}

/** What is issued is printed, and owed: at a glance, and by the grade that nobody knows yet. */
async function lookAtCustomer(page: Page, url: string, customerId: string): Promise<void> {
  const pdf = page.getByRole("link", { name: "PDF", exact: true });
  const printed = await page.request.get(`${url}${(await pdf.getAttribute("href")) ?? ""}`);
  expect([printed.status(), printed.headers()["content-type"]]).toEqual([200, "application/pdf"]);
  await page.goto(`${url}/customers/${customerId}`);
  const glance = page.getByRole("list", { name: "At a glance" });
  await glance.getByText("is owed by this customer").waitFor();
  await glance.getByRole("link", { name: "HL-000001" }).waitFor();
  await page.getByText("Nothing was due yet: nobody knows.").waitFor();
  await page.goto(`${url}/dunning`);
  await page.getByText("Nobody is overdue").waitFor();
  await press(page, "Change");
  await inDialog(page).getByLabel("Days after the oldest invoice was due").first().fill("5");
  await save(page);
  await page.getByRole("cell", { name: "5 days", exact: true }).waitFor();
}

async function closeMonth(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/closes`);
  await press(page, "Dry run");
  await page.getByText("1 account was looked at.").waitFor();
  await page.goto(`${url}/closes`);
  await press(page, "Close the month");
  await page.getByRole("tooltip").getByRole("button", { name: "Close the month" }).click();
  await page.getByText("1 account was looked at.").waitFor();
  await press(page, "Approve all");
  await page.getByText("1 invoice approved").waitFor();
  await press(page, "Issue all");
  await page.getByRole("tooltip").getByRole("button", { name: "Issue" }).click();
  await page.getByText("1 invoice issued").waitFor();
}

async function askWhy(page: Page): Promise<string> {
  await page.getByRole("link", { name: "Its invoices" }).click();
  await page.getByRole("link", { name: "HL-000001", exact: true }).click();
  await press(page, "Why?");
  await page.getByText(`${REPORTS} reports ·`).click();
  const drawer = inDialog(page);
  await expect
    .poll(() => drawer.getByRole("button", { name: /20 bytes · heard/ }).count())
    .toBe(REPORTS);
  await drawer.getByRole("button", { name: "Close" }).click();
  return (await page.locator(".invoice-sums dd").last().textContent()) ?? "";
}

async function payByBank(page: Page, url: string, amount: string): Promise<void> {
  const line = `${new Date(Date.now()).toISOString().slice(0, 10)},${amount},CNY,R-1,HL-000001 thank you`;
  const file = await written("bank.csv", `date,amount,currency,reference,text\n${line}\n`);
  await page.goto(`${url}/payments/import`);
  await page.locator("input[type=file]").setInputFiles(file);
  const match = page.getByRole("row", { name: /HL-000001 thank you/ });
  await match.getByRole("cell", { name: DEMO_CUSTOMER.name }).waitFor();
  await press(page, "Book 1 payment");
  await page.getByText("1 payment booked").waitFor();
}

/** Held, a part of it given to what is due, and the rest given back: each is shown in the books before it is done. */
async function holdDeposit(page: Page, url: string, customerId: string): Promise<void> {
  await page.goto(`${url}/customers/${customerId}`);
  const card = page.locator("#deposits");
  await card.getByText("CN¥0.00").waitFor();
  await card.getByRole("button", { name: "Take a deposit" }).click();
  await inDialog(page).getByLabel("Amount").fill("15");
  await inDialog(page).getByLabel("Reference").fill("D-1");
  await inDialog(page).getByRole("row", { name: "Bank CN¥15.00" }).waitFor();
  await save(page);
  await card.getByRole("button", { name: "Apply D-1" }).click();
  await inDialog(page).getByLabel("Amount").fill("10");
  await inDialog(page).getByText("HL-000001 is paid in part: CN¥10.00").waitFor();
  await inDialog(page).getByLabel("Reason").fill("it asked for it");
  await inDialog(page).getByRole("button", { name: "Apply" }).click();
  await card.getByText("CN¥5.00 still held").waitFor();
  await card.getByRole("button", { name: "Give back D-1" }).click();
  await inDialog(page).getByRole("row", { name: "Bank CN¥5.00" }).waitFor();
  await inDialog(page).getByLabel("Reason").fill("no need of it");
  await inDialog(page).getByRole("button", { name: "Give back" }).click();
  await card.getByText("nothing left of it").waitFor();
}

/** Refused at first, paid then, and back each time. */
async function payAtProvider(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/invoices`);
  await page.getByRole("link", { name: /HL-000001/ }).click();
  const payNow = page.getByRole("button", { name: "立即支付 ¥10.00" });
  await payNow.click();
  await page.getByRole("button", { name: "模拟支付失败" }).click();
  await page.getByRole("link", { name: "返回 Hopline" }).click();
  await page.getByText("¥10.00 的支付被拒绝").waitFor();
  expect(await stickingOut(page)).toEqual([]);
  await payNow.click();
  await page.getByRole("link", { name: "返回 Hopline" }).click();
  await page.getByText("¥10.00 的支付尚未确认").waitFor();
  await page.getByRole("link", { name: "继续支付" }).click();
  await page.getByRole("button", { name: "支付", exact: true }).click();
  await page.getByRole("link", { name: "返回 Hopline" }).click();
  await page.getByText("已支付 ¥10.00，谢谢").waitFor();
  await page.getByText("已付清").waitFor();
  expect(await payNow.count()).toBe(0);
}

test("a clerk's month by the screens alone, and what the subscriber sees of it", async ({
  api,
  browser,
}) => {
  const { url, db } = api;
  const customerId = await seedVan(db);
  const { page, complaints, close } = await openPage(browser);
  onTestFinished(close);
  await enter(page, url, "billing");
  await sellPlan(page, url);
  await subscribe(page, url, customerId);
  await closeMonth(page, url);
  const gross = await askWhy(page);
  await lookAtCustomer(page, url, customerId);
  await holdDeposit(page, url, customerId);
  const left = Number(gross.replaceAll(/[^\d.]/g, "")) - 20;
  await payByBank(page, url, left.toFixed(2));
  // a plan that is not yet right is refused while it is typed
  expect(complaints.filter((text) => !text.includes("/plans/preview"))).toEqual([]);

  const phone = await openPage(browser, { size: PHONE, language: "zh-CN" });
  onTestFinished(phone.close);
  await enter(phone.page, url, "owner");
  await phone.page.goto(`${url}/invoices`);
  await phone.page.getByRole("link", { name: /HL-000001/ }).click();
  await phone.page.getByRole("button", { name: "为什么？" }).first().click();
  await phone.page.getByText(`${REPORTS} 次上报 ·`).waitFor();
  expect(await stickingOut(phone.page)).toEqual([]);
  await payAtProvider(phone.page, url);
  await page.goto(`${url}/payments`);
  await press(page, "At the payment provider");
  await page.getByText("Refused", { exact: true }).waitFor();
  await page.getByText("Paid", { exact: true }).waitFor();
  await phone.page.goto(`${url}/spending`);
  await phone.page.getByText("没有未结款项").first().waitFor();
  expect(await stickingOut(phone.page)).toEqual([]);
  expect((await textsOf(phone.page)).join("\n")).not.toMatch(/Statement|Usage|Invoice/);
  expect(phone.complaints).toEqual([]);
});
