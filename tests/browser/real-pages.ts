import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { test as base, expect, onTestFinished } from "vitest";
import { silentLog } from "../../base/log.ts";
import { ensureConsoleBuilt } from "../../tools/build-console.ts";
import { openBrowser } from "./browser.ts";
import { startRealApi } from "./real-api.ts";

/** The built console, a browser, and the real API as the demonstration on a database in memory: one a file. */
export const test = base
  .extend("dist", { scope: "file" }, () => ensureConsoleBuilt(silentLog))
  .extend("browser", { scope: "file" }, async ({}, { onCleanup }) => {
    const browser = await openBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend("api", { scope: "file" }, async ({ dist }, { onCleanup }) => {
    const api = await startRealApi(dist, true);
    onCleanup(() => api.stop());
    return api;
  })
  .extend("url", { scope: "file" }, ({ api }) => api.url);

/** Signed in as somebody of the demonstration. */
export async function enter(page: Page, url: string, role: string): Promise<void> {
  await page.goto(url);
  const answer = await page.request.post(`${url}/api/demo/sign-in`, { data: { role } });
  expect(answer.status()).toBe(200);
}

/** A file on the disk until the test is over, as a browser takes it. */
export async function written(name: string, content: string | Uint8Array): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-file-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}
