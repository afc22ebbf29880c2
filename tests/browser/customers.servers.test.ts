import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sql } from "kysely";
import type { Page } from "playwright-core";
import { test as base, describe, expect, onTestFinished } from "vitest";
import { startApi } from "../../api/start-api.ts";
import { silentLog } from "../../base/log.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openInMemory } from "../../domain/db/open-database.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { telemetryPostgres } from "../../domain/telemetry/telemetry-postgres.ts";
import { ensureConsoleBuilt } from "../../tools/build-console.ts";
import { openBrowser, openPage, PHONE, stickingOut, textsOf } from "./browser.ts";

const FILE = `name,kind,number,parent_number,phone,email,tags
Harbour Cranes Ltd,organisation,H-1,,+86 21 5555 0100,office@cranes.example,fleet
Harbour Cranes Limited,organisation,H-2,,021 5555 0100,,
North Quay,organisation,H-3,H-1,,,
Quentin Quast,person,H-4,,+49 30 5550 7777,quentin@quast.example,
`;

/** The real API with the built console on a database that holds what the file says. */
const test = base
  .extend("dist", { scope: "file" }, () => ensureConsoleBuilt(silentLog))
  .extend("browser", { scope: "file" }, async ({}, { onCleanup }) => {
    const browser = await openBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend("url", { scope: "file" }, async ({ dist }, { onCleanup }) => {
    const folder = await mkdtemp(path.join(tmpdir(), "hopline-customers-"));
    const db = openInMemory();
    await migrate(db);
    const config = { HTTP_HOST: "127.0.0.1", HTTP_PORT: 0, DATA_DIR: folder };
    const api = await startApi(
      { ...config, ADMIN_EMAIL: "admin@example.org" },
      {
        ...{ db, telemetry: telemetryPostgres(db), profiles: loadProfiles("profiles") },
        ...{ version: "test", consoleDir: dist, log: silentLog, demo: true },
        seal: createKeySeal(new Uint8Array(32).fill(3)),
        map: { styleUrl: undefined, streets: undefined, bounds: [121, 31, 122, 32] },
        health: async () => ({}),
        measure: () => [],
        tell: () => undefined,
      },
    );
    onCleanup(async () => {
      await api.stop();
      await sql`select 1`.execute(db); // what is still under way ends before it is closed
      await db.destroy();
      await rm(folder, { recursive: true, force: true });
    });
    return api.url ?? "";
  });

/** Signed in as somebody of the demonstration. */
async function enter(page: Page, url: string, role: string): Promise<void> {
  await page.goto(url);
  const answer = await page.request.post(`${url}/api/demo/sign-in`, { data: { role } });
  expect(answer.status()).toBe(200);
}

/** A file on the disk, as a browser takes it. */
async function written(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-file-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "customers.csv");
  await writeFile(file, text);
  return file;
}

const heading = (page: Page, name: string) => page.getByRole("heading", { name, exact: true });

describe("customers", () => {
  test("come in from a file, are merged and unmerged, and one is erased", async ({
    url,
    browser,
  }) => {
    const { page, complaints, close } = await openPage(browser);
    onTestFinished(close);
    await enter(page, url, "administrator");
    await page.goto(`${url}/customers/import?lang=en`);
    await page.locator("input[type=file]").setInputFiles(await written(FILE));
    await page.getByRole("button", { name: "Import 4 customers" }).click();
    await page.getByText("4 customers are in.").waitFor();

    await page.goto(`${url}/customers/duplicates`);
    await page.getByText("Same telephone").first().waitFor();
    await page.getByRole("button", { name: "Merge" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Merge" }).click();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Undone").waitFor();

    await page.goto(`${url}/customers?search=quast`);
    await page.getByRole("link", { name: "Quentin Quast" }).click();
    await heading(page, "Quentin Quast").waitFor();
    await page.getByRole("switch", { name: "SMS" }).click();
    await page.getByLabel("How was it said?").fill("on the telephone");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("on the telephone").waitFor();
    await page.getByRole("button", { name: "Erase" }).click();
    await page.getByText("Stays, and why").waitFor();
    await page.getByLabel("Type H-4 to confirm").fill("H-4");
    await page.getByLabel("Reason").fill("asked for it");
    await page.getByRole("button", { name: "Erase for good" }).click();
    await heading(page, "Erased customer").waitFor();
    expect(await page.content()).not.toContain("quast.example");
    expect(complaints).toEqual([]);
  });

  test.for([
    ["en", "客户"],
    ["zh-CN", "Customers"],
  ] as const)("fit a telephone in %s", async ([language, foreign], { url, browser }) => {
    const { page, close } = await openPage(browser, { size: PHONE, language });
    onTestFinished(close);
    await enter(page, url, "care");
    for (const at of ["/customers", "/customers/duplicates"]) {
      await page.goto(`${url}${at}?lang=${language}`);
      await page.getByRole("heading").first().waitFor();
      expect(await stickingOut(page)).toEqual([]);
    }
    expect(await textsOf(page)).not.toContain(foreign);
  });
});
