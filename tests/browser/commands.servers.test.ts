import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Db } from "../../domain/db/database.ts";
import { telemetryPostgres } from "../../domain/telemetry/telemetry-postgres.ts";
import { seedTerminals } from "../api-fixture.ts";
import { seedCustomer } from "../notifications-fixture.ts";
import { until } from "../until.ts";
import { openPage, PHONE, stickingOut } from "./browser.ts";
import { test as base, enter } from "./real-pages.ts";
import { startRealRadio } from "./real-radio.ts";

/** The smallest fleet that has a lamp and an elevator. */
const TERMINALS = 12;
const CAR = 5;
const VAN = 6;

/** A car that drives and is on no radio of ours. */
async function seedDrivingCar(db: Db): Promise<void> {
  const nowMs = Date.now();
  await seedTerminals(db, [{ address: CAR, name: "Car 5" }]);
  const atNs = BigInt(nowMs) * 1_000_000n;
  await db
    .insertInto("device_state")
    .values({
      ...{ address: CAR, packet_id: 1, measured_at_ns: atNs, received_at_ns: atNs },
      values: JSON.stringify({
        speed: { value: 62, measuredAtNs: String(atNs), report: "position" },
      }),
    })
    .execute();
}

const test = base.extend("city", { scope: "file" }, async ({ api }, { onCleanup }) => {
  const radio = await startRealRadio(api.db, TERMINALS);
  onCleanup(() => radio.stop());
  const addressOf = (profile: string): number =>
    radio.fleet.find((one) => one.profile === profile)?.address ?? 0;
  const [lamp, elevator] = [addressOf("streetlight"), addressOf("elevator")];
  const inSession = async (address: number): Promise<boolean> => {
    const session = api.db.selectFrom("session").select("state").where("state", "=", "proven");
    return (await session.where("address", "=", BigInt(address)).execute()).length > 0;
  };
  await until(async () => (await inSession(lamp)) && (await inSession(elevator)));
  return { url: api.url, db: api.db, lamp, elevator };
});

async function ask(page: Page, command: string, reason: string): Promise<void> {
  await page.getByRole("button", { name: "Send a command" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Command" }).click();
  await page.keyboard.type(command);
  await page.keyboard.press("Enter");
  if (reason !== "") await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
}

test("an operator tells a lamp something and sees every step up to its own word", async ({
  city,
  browser,
}) => {
  const { page, complaints, close } = await openPage(browser);
  await enter(page, city.url, "operator");
  await page.goto(`${city.url}/terminals/${city.lamp}`);
  await ask(page, "Read status", "");
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/answered within \d+ s/).waitFor();
  await dialog.getByText("The terminal is in service holds").waitFor();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await dialog.getByRole("status").getByText("Done", { exact: true }).waitFor();
  const evidence = dialog.getByRole("region", { name: "Evidence" });
  await evidence
    .getByText(/^Sent by /)
    .first()
    .waitFor();
  await evidence.getByText("Result: done").waitFor();
  expect(complaints).toEqual([]);
  await close();
});

test("a dangerous one waits for somebody else, who is shown what holds, and both see it done", async ({
  city,
  browser,
}) => {
  const asker = await openPage(browser);
  await enter(asker.page, city.url, "operator");
  await asker.page.goto(`${city.url}/terminals/${city.elevator}`);
  await ask(asker.page, "Return to", "the mechanic is through");
  await asker.page.getByRole("button", { name: "Ask for approval" }).click();
  const dialog = asker.page.getByRole("dialog");
  await dialog.getByText("You asked for it: somebody else must approve it").waitFor();
  expect(await dialog.getByRole("button", { name: "Approve" }).count()).toBe(0);
  const { id } = await city.db
    .selectFrom("commands")
    .select("id")
    .where("state", "=", "drafted")
    .executeTakeFirstOrThrow();
  const own = await asker.page.request.post(`${city.url}/api/commands/${id}/approve`, {
    data: {},
  });
  expect(own.status()).toBe(403);
  expect(await own.text()).toContain("somebody other than whoever asked");

  const second = await openPage(browser);
  await enter(second.page, city.url, "administrator");
  await second.page.goto(`${city.url}/commands`);
  const waiting = second.page.getByRole("region", { name: "Waiting for your approval" });
  await waiting.getByText("the mechanic is through").waitFor();
  await waiting.getByRole("button", { name: "Look and decide" }).click();
  await second.page.getByRole("button", { name: "Approve" }).click();
  for (const { page } of [asker, second])
    await page.getByRole("dialog").getByRole("status").getByText("Done", { exact: true }).waitFor();
  await waiting.waitFor({ state: "detached" });
  await asker.close();
  await second.close();
});

test("a car that drives is not immobilised, and a phone in Chinese says why", async ({
  city,
  browser,
}) => {
  await seedDrivingCar(city.db);
  const asker = await openPage(browser);
  await enter(asker.page, city.url, "operator");
  await asker.page.goto(`${city.url}/terminals/${CAR}`);
  await ask(asker.page, "Immobilise", "stolen");
  const envelope = asker.page.getByRole("region", { name: "Safety envelope" });
  await envelope.getByText(/62 km\/h, /).waitFor();
  await asker.page.getByText("It would be refused now").waitFor();
  await asker.page.getByRole("button", { name: "Ask for approval" }).click();
  await asker.page.getByText("You asked for it").waitFor();
  await asker.close();

  const { page, close } = await openPage(browser, { size: PHONE, language: "zh-CN" });
  await enter(page, city.url, "administrator");
  await page.goto(`${city.url}/commands?lang=zh-CN`);
  await page.getByRole("button", { name: "查看并决定" }).click();
  await page.getByText("不成立").first().waitFor();
  await page.getByRole("button", { name: "批准", exact: true }).click();
  const status = page.getByRole("dialog").getByRole("status");
  await status.getByText("已拒绝", { exact: true }).waitFor();
  await page.getByText("前提条件不成立：车辆静止且数据不超过两分钟").waitFor();
  expect(await stickingOut(page)).toEqual([]);
  await close();
});

/** A van of a customer's that drives and has been lost for a while, where the network found it. */
async function seedVan(db: Db): Promise<void> {
  const nowMs = Date.now();
  const atNs = (minutesAgo: number): bigint => BigInt(nowMs - minutesAgo * 60_000) * 1_000_000n;
  await seedTerminals(db, [{ address: VAN, name: "Van 6" }]);
  await seedCustomer(db, "harbour");
  await db
    .insertInto("asset")
    .values({
      ...{ id: "van", kind: "vehicle", name: "Harbour van", plate: "沪A·60606", note: "" },
      ...{ customer_id: "harbour", created_at: new Date(nowMs), version: 1 },
    })
    .execute();
  await db
    .insertInto("assignment")
    .values({
      ...{ id: "of-van", address: VAN, asset_id: "van", customer_id: "harbour", from_ns: 0n },
      reason: "",
    })
    .execute();
  await telemetryPostgres(db).record(
    db,
    Array.from({ length: 40 }, (_, step) => ({
      measurement: "vehicle",
      tags: { terminal: String(VAN), report: "position" },
      timeNs: atNs(50 - step),
      fields: {
        ...{ latitude: 31.2 + step / 1_000, longitude: 121.45 + step / 2_000, hdop: 0.8 },
        ...{ speed: 42, ignition: true, fix: "three-dimensional" },
      },
    })),
  );
  await db
    .insertInto("network_position")
    .values(
      [8, 5, 2].map((minutesAgo) => ({
        ...{ packet_id: 900 + minutesAgo, address: VAN, measured_at_ns: atNs(minutesAgo) },
        ...{ method: "arrival-times" as const, latitude: 31.245, longitude: 121.475, gateways: 4 },
        ...{ major_m: 420, minor_m: 160, bearing_deg: 40 },
      })),
    )
    .execute();
}

test("a stolen van is followed, shown to the police by a link without signing in, and told to a court", async ({
  city,
  browser,
}) => {
  await seedVan(city.db);
  const { page, complaints, close } = await openPage(browser);
  await enter(page, city.url, "operator");
  await page.goto(`${city.url}/assets/van`);
  await page.getByRole("button", { name: "Mark stolen" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Missing since" }).click();
  await page.getByTitle("An hour ago").click();
  await dialog.getByRole("button", { name: "Mark stolen" }).click();
  await page.getByRole("heading", { name: "Stolen: 沪A·60606" }).waitFor();
  await page.getByText(/found by the network, from arrival times at 4 gateways/).waitFor();
  await page.getByText("Every 10 s while the case is open").waitFor();

  const links = page.getByRole("region", { name: "Links for the police" });
  await links.getByRole("textbox", { name: "For whom" }).fill("Pudong station");
  await links.getByRole("button", { name: "Make a link" }).click();
  const url = await page.getByRole("dialog").locator("code").innerText();
  await page.keyboard.press("Escape");
  const police = await openPage(browser, { size: PHONE });
  await police.page.goto(url);
  await police.page.getByRole("heading", { name: "沪A·60606" }).waitFor();
  await police.page.getByRole("link", { name: "Open in a map" }).waitFor();
  expect(await police.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await police.page.content()).not.toContain("harbour");

  const packs = page.getByRole("region", { name: "Evidence" });
  await packs.getByRole("button", { name: "Make an evidence pack" }).click();
  await packs.getByRole("link", { name: "Signature" }).waitFor();
  await page.getByRole("button", { name: "Immobilise…" }).click();
  await page.getByRole("region", { name: "Safety envelope" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText(/Pudong station looked from/).waitFor();
  await links.getByRole("button", { name: "Revoke: Pudong station" }).click();
  await page.getByRole("button", { name: "Revoke", exact: true }).last().click();
  await links.getByText("revoked", { exact: true }).waitFor();
  expect((await police.page.goto(url))?.status()).toBe(404);
  await police.close();
  expect(complaints).toEqual([]);
  await page.setViewportSize(PHONE);
  expect(await stickingOut(page)).toEqual([]);
  await close();
});
