import type { Page } from "playwright-core";
import { describe, expect, onTestFinished } from "vitest";
import { openPage, PHONE, stickingOut, textsOf } from "./browser.ts";
import { enter, test, written } from "./real-pages.ts";

const FILE = `name,kind,number,parent_number,phone,email,tags
Harbour Cranes Ltd,organisation,H-1,,+86 21 5555 0100,office@cranes.example,fleet
Harbour Cranes Limited,organisation,H-2,,021 5555 0100,,
North Quay,organisation,H-3,H-1,,,
Quentin Quast,person,H-4,,+49 30 5550 7777,quentin@quast.example,
`;

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
    await page.locator("input[type=file]").setInputFiles(await written("customers.csv", FILE));
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
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByTitle("on the telephone").waitFor();
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
