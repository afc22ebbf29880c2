import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { test as base, describe, expect, onTestFinished } from "vitest";
import { silentLog } from "../../base/log.ts";
import { en } from "../../dashboards/console/src/i18n/en.ts";
import { ensureConsoleBuilt } from "../../tools/build-console.ts";
import { coloursOf, openBrowser, openPage, PHONE, stickingOut, textsOf } from "./browser.ts";
import { startFixtureApi } from "./fixture-api.ts";
import { type Fleet, PROFILES } from "./fixture-fleet.ts";

const ROWS = 10_000;
const ENTRY_BYTES_MAX = 300_000;
const FRESH = "15,138,85";
/** The colour of a cluster, which nothing else on the map has. */
const GATHERED = "31,95,174";
const PAGES = ["/", "/terminals", "/packets", "/packets?mode=past", "/gateways"];

const test = base
  .extend("dist", { scope: "file" }, () => ensureConsoleBuilt(silentLog))
  .extend("browser", { scope: "file" }, async ({}, { onCleanup }) => {
    const browser = await openBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend("api", async ({ dist }, { onCleanup }) => {
    const api = await startFixtureApi({ dist, terminals: 200, packets: 600, nowMs: Date.now() });
    onCleanup(() => api.stop());
    return api;
  })
  .extend("desk", async ({ browser }, { onCleanup }) => {
    const desk = await openPage(browser);
    onCleanup(desk.close);
    return desk;
  });

/** What a packet says by name: the events its fields tell, else the report. */
function namesOf({ profile, report, fields }: Fleet["packets"][number]): readonly string[] {
  const { reports = [], events = [] } = PROFILES.find(({ name }) => name === profile) ?? {};
  const told = events.filter(
    (event) => event.report === report && fields[event.field] === event.equals,
  );
  return (told.length > 0 ? told : reports.filter(({ name }) => name === report)).map(
    ({ label }) => label.en,
  );
}
const rows = (page: Page) => page.locator(".virtual-row");
const heading = (page: Page, name: string) => page.getByRole("heading", { name });
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000, interval: 100 });

describe("map", () => {
  test("draws streets, water and the fleet", async ({
    api,
    browser,
    desk: { page, complaints },
  }) => {
    await page.goto(`${api.url}/?lang=en`);
    await page.locator(".map-canvas[data-state=ready]").waitFor();
    const colours = await coloursOf(browser, await page.locator(".map-canvas").screenshot());
    expect(colours.size).toBeGreaterThan(200);
    expect([...colours]).toEqual(expect.arrayContaining(["185,213,232", FRESH])); // water
    expect(complaints).toEqual([]);
  });

  test("counts the fleet by type and shows only what is chosen", async ({
    api,
    desk: { page },
  }) => {
    await page.goto(api.url);
    const buses = api.fleet.terminals.filter(({ profile }) => profile === "bus").length;
    await page.getByRole("button", { name: `Bus ${buses}` }).click();
    await page.getByText(`${buses} of 200 shown`).waitFor();
  });

  test("gathers thousands, and leaves hundreds as they stand", async ({
    api,
    dist,
    browser,
    desk: { page },
  }) => {
    const many = await startFixtureApi({ dist, terminals: 2_500, packets: 9, nowMs: Date.now() });
    onTestFinished(() => many.stop());
    const drawn = async (): Promise<ReadonlySet<string>> =>
      coloursOf(browser, await page.locator(".map-canvas").screenshot());
    await page.goto(api.url);
    await poll(async () => (await drawn()).has(FRESH)).toBe(true);
    expect((await drawn()).has(GATHERED)).toBe(false);
    await page.goto(many.url);
    await poll(async () => (await drawn()).has(GATHERED)).toBe(true);
  });

  test("opens the terminal that is searched for, with its values and charts", async ({
    api,
    desk: { page },
  }) => {
    const sender = api.fleet.packets.find(({ report }) => report === "position");
    const name = sender?.terminalName ?? "";
    await page.goto(api.url);
    await page.getByRole("heading", { name: "Map of the fleet" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type(name);
    await page.getByRole("option", { name }).waitFor();
    await page.keyboard.press("Enter");
    await heading(page, name).waitFor();
    expect(page.url()).toContain(`terminal=${String(sender?.address)}`);
    await page.locator(".chart canvas").first().waitFor();
    await page.keyboard.press("Escape");
    await heading(page, name).waitFor({ state: "detached" });
  });
});

describe("packets", () => {
  test("shows a packet the moment it is heard, with what its verdict means", async ({
    api,
    desk: { page },
  }) => {
    await page.goto(`${api.url}/packets`);
    await rows(page).first().waitFor();
    await page.getByText("Live", { exact: true }).first().waitFor();
    const packet = { ...api.fleet.next(Date.now()), terminalName: "Just now 1", verdict: "replay" };
    api.send("packet", packet);
    const first = rows(page).first();
    await poll(() => first.textContent()).toContain("Just now 1");
    expect(await first.textContent()).toContain("Replay");
  });

  test("calls reports and fields by their names from the first moment", async ({
    api,
    desk: { page },
  }) => {
    const named = Promise.withResolvers<undefined>();
    await page.route("**/api/profiles", async (route) => {
      await named.promise;
      await route.continue();
    });
    await page.goto(`${api.url}/packets`);
    await page.locator("#content > .loading").waitFor(); // in place of the page, not in it
    expect(await rows(page).count()).toBe(0);
    named.resolve(undefined);
    await rows(page).first().waitFor();
    const shown = await rows(page).allTextContents();
    for (const [index, packet] of api.fleet.packets.slice(0, 10).entries())
      for (const name of namesOf(packet)) expect(shown[index]).toContain(name);
  });

  test("stands still while paused and counts what waits", async ({ api, desk: { page } }) => {
    await page.goto(`${api.url}/packets`);
    await rows(page).first().waitFor();
    const before = await rows(page).first().textContent();
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Resume" }).waitFor();
    for (let each = 0; each < 3; each++)
      api.send("packet", { ...api.fleet.next(Date.now()), terminalName: "Waits" });
    await page.getByText("3 new").waitFor();
    expect(await rows(page).first().textContent()).toBe(before);
    await page.getByRole("button", { name: "Resume" }).click();
    await poll(() => rows(page).first().textContent()).toContain("Waits");
  });

  test("keeps 10,000 rows and draws only those in sight", async ({ api, desk: { page } }) => {
    await page.goto(`${api.url}/packets`);
    await rows(page).first().waitFor();
    for (let each = 0; each < ROWS + 50; each++)
      api.send("packet", api.fleet.next(Date.now() + each));
    await poll(() => rows(page).first().getAttribute("aria-setsize")).toBe(String(ROWS));
    expect(await rows(page).count()).toBeLessThan(80);
    await page.getByRole("listbox").focus();
    await page.keyboard.press("End");
    await page.locator(`.virtual-row[aria-posinset="${ROWS}"]`).waitFor();
    expect(await rows(page).count()).toBeLessThan(80);
  });

  test("is read by keyboard: arrows move, Enter opens, Escape closes", async ({
    api,
    desk: { page },
  }) => {
    await page.goto(`${api.url}/packets?mode=past`);
    await rows(page).first().waitFor();
    await page.getByRole("listbox").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await page.locator(".virtual-row.active").getAttribute("aria-posinset")).toBe("2");
    await page.keyboard.press("Enter");
    await heading(page, "Receptions").waitFor();
    expect(page.url()).toContain(`packet=`);
    await page.keyboard.press("Escape");
    await heading(page, "Receptions").waitFor({ state: "detached" });
  });

  test("loads older packets on demand", async ({ api, desk: { page } }) => {
    await page.goto(`${api.url}/packets?mode=past`);
    await page.getByText("100+ packets").waitFor();
    await page.getByRole("listbox").focus();
    await page.keyboard.press("End");
    await page.getByRole("button", { name: "Load more" }).click();
    await page.getByText("200+ packets").waitFor();
  });
});

describe("language", () => {
  // Names of things are data and stay; so does what is a word of its own in both.
  const spoken = new Set<string>(Object.values(en).filter((text) => !text.includes("{")));

  test.for(PAGES)(
    "leaves no English text and no bare key on %s in Chinese",
    async (path, { api, desk: { page } }) => {
      await page.goto(api.url + path);
      await page.getByRole("button", { name: "中文" }).click();
      await page.getByRole("link", { name: "数据包" }).first().waitFor();
      await poll(async () => (await textsOf(page)).filter((text) => spoken.has(text))).toEqual([]);
      const keys = new Set(Object.keys(en));
      expect((await textsOf(page)).filter((text) => keys.has(text))).toEqual([]);
      expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
    },
  );

  test("remembers the choice", async ({ api, desk: { page } }) => {
    await page.goto(`${api.url}/terminals?lang=zh-CN`);
    await heading(page, "终端").waitFor();
    await page.goto(`${api.url}/gateways`);
    await heading(page, "网关").waitFor();
  });
});

describe("keyboard", () => {
  test.for([
    ["t", "Terminals"],
    ["p", "Packets"],
    ["g", "Gateways"],
    ["m", "Map of the fleet"],
  ])("g %s goes to %s", async ([key = "", name = ""], { api, desk: { page } }) => {
    await page.goto(`${api.url}${key === "t" ? "/gateways" : "/terminals"}`);
    await page.getByRole("navigation").first().waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await heading(page, name).first().waitFor();
  });

  test("the first stop skips to the content", async ({ api, desk: { page } }) => {
    await page.goto(`${api.url}/terminals`);
    await heading(page, "Terminals").waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
  });
});

describe("phone", () => {
  test.for([...PAGES, "/terminals/"])(
    "nothing sticks out of the window on %s",
    async (path, { api, browser }) => {
      const phone = await openPage(browser, { size: PHONE });
      onTestFinished(() => phone.close());
      const address = path === "/terminals/" ? String(api.fleet.terminals[0]?.address) : "";
      await phone.page.goto(api.url + path + address);
      const places = phone.page.locator(".places-bottom");
      await places.waitFor();
      await phone.page.locator("main :is(.map-canvas, .card, .virtual-row)").first().waitFor();
      expect(await stickingOut(phone.page)).toEqual([]);
      expect(await places.getByRole("link").count()).toBe(4);
    },
  );
});

describe("when something is missing", () => {
  test("says that the server is away, keeps what it had, and goes on", async ({
    api,
    desk: { page },
  }) => {
    await page.goto(`${api.url}/terminals`);
    await page.getByText("200 terminals").waitFor();
    api.setAway(true);
    await page.getByRole("button", { name: "Serial" }).click(); // a sort must ask the server
    await page.getByText("Hopline does not answer").waitFor();
    expect(await page.locator("tbody tr").count()).toBe(50);
    await page.getByText("Not live").waitFor();
    api.setAway(false);
    await page.getByText("Hopline does not answer").waitFor({ state: "detached" });
    await page.getByText("Live", { exact: true }).waitFor();
  });

  test("offers another try when nothing could be loaded", async ({ api, desk: { page } }) => {
    api.setAway(true);
    await page.goto(`${api.url}/gateways`);
    await heading(page, "This could not be loaded").waitFor();
    api.setAway(false);
    await page.getByRole("main").getByRole("button", { name: "Try again" }).click();
    await page.getByText("3 of 4 online").waitFor();
  });

  test("names a terminal that does not exist", async ({ api, desk: { page } }) => {
    await page.goto(`${api.url}/terminals/5`);
    await heading(page, "There is no terminal 5").waitFor();
  });

  test.for([
    ["/", "No terminal has a position yet"],
    ["/terminals", "No terminal yet"],
    ["/packets", "Waiting for packets"],
    ["/packets?mode=past", "No packet matches"],
    ["/gateways", "No gateway yet"],
  ])(
    "an empty installation says so on %s",
    async ([path = "", text = ""], { dist, desk: { page } }) => {
      const empty = await startFixtureApi({ dist, terminals: 0, packets: 0, nowMs: Date.now() });
      onTestFinished(() => empty.stop());
      await page.goto(empty.url + path);
      await heading(page, text).waitFor();
    },
  );
});

test("its first load is small: the map and the charts come later", ({ dist }) => {
  const html = readFileSync(`${dist}/index.html`, "utf8");
  const files = [...html.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(
    ([, file = ""]) => file,
  );
  const bytes = files.map((file) => gzipSync(readFileSync(dist + file)).length);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(ENTRY_BYTES_MAX);
  expect(files.length).toBeGreaterThan(1);
  for (const file of files)
    expect(readFileSync(dist + file, "utf8")).not.toMatch(/maplibregl-canvas|uplot/);
});
