import type { BrowserContext, Page } from "playwright-core";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { expect, onTestFinished } from "vitest";
import type { Db } from "../../domain/db/database.ts";
import { seedPacket } from "../api-fixture.ts";
import { DESK, openBrowser, openPage, PHONE, stickingOut, textsOf } from "./browser.ts";
import { CUSTOMER, Hands, signIn, TEXTS } from "./field-hands.ts";
import { qrVideo } from "./qr-video.ts";
import type { RealApi } from "./real-api.ts";
import { test as base, written } from "./real-pages.ts";

const TERMINALS = [1, 2, 3, 4, 5, 6, 7, 8];
const SESSION = 77;

/** An office that has eight terminals in stock and one customer, and two gateways. */
const test = base.extend("office", { scope: "file" }, async ({ api }) => {
  const administrator = await callerOf(api, "administrator");
  const lines = TERMINALS.map(
    (n) => `${n},HL-${n},${`0000000${n}`.repeat(4)},streetlight,3,117,B-1`,
  );
  const file = [
    "address,serial,root_key,profile,hardware_version,firmware_version,batch",
    ...lines,
    "",
  ].join("\r\n");
  await administrator.send(
    "/api/imports/terminals?file_name=factory.csv&dry_run=false",
    file,
    "text/csv",
  );
  const customer = JSON.stringify({ kind: "organisation", name: CUSTOMER });
  await administrator.send("/api/customers", customer, "application/json");
  await expect
    .poll(() => administrator.get("/api/stock/counts"), { timeout: 60_000 })
    .toMatchObject({ total: TERMINALS.length });
  return administrator;
});

type Office = Awaited<ReturnType<typeof callerOf>>;

/** Somebody else who asks the API: not the browser under test. */
async function callerOf({ url }: RealApi, role: string) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ role });
  const signedIn = await fetch(`${url}/api/demo/sign-in`, { method: "POST", headers, body });
  const cookie = (signedIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const ok = async (asked: Promise<Response>): Promise<unknown> => {
    const answer = await asked;
    if (!answer.ok) throw new Error(`${answer.url} answers ${answer.status}`);
    return answer.json();
  };
  return {
    get: (path: string) => ok(fetch(url + path, { headers: { cookie } })),
    send: (path: string, sent: string, type: string) =>
      ok(
        fetch(url + path, {
          method: "POST",
          headers: { cookie, "content-type": type },
          body: sent,
        }),
      ),
  };
}

const GATEWAYS = ["tower-west", "tower-east"];

/** What the network writes when a terminal attaches and its first report proves that the answer came back. */
async function attached(db: Db, address: number): Promise<void> {
  const now = Date.now();
  await db
    .insertInto("session")
    .values({
      ...{ address, network_nonce: SESSION, attach_nonce: 1, state: "proven", former_at: null },
      ...{ highest_counter: 1, next_down_counter: 0, next_page_sequence: 0 },
      ...{ created_at: new Date(now), proven_at: new Date(now) },
    })
    .execute();
  const attach = { type: "attach", gateways: GATEWAYS, receivedAtMs: now - 1_400 };
  await seedPacket(db, { id: address * 10, address, ...attach });
  await reported(db, address, 1);
}

/** A report of it, heard by two gateways just now. */
const reported = (db: Db, address: number, counter: number): Promise<void> =>
  seedPacket(db, {
    ...{ id: address * 10 + counter, address, counter },
    ...{ gateways: GATEWAYS, receivedAtMs: Date.now() },
  });

const openJob = (context: BrowserContext, url: string): Promise<Page> =>
  context.newPage().then(async (page) => {
    await page.goto(`${url}/field/`);
    return page;
  });

/** How often each kind of step and how many pictures the server has of the one job with this terminal. */
async function storedOf({ db }: RealApi, address: number) {
  const jobs = await db
    .selectFrom("provisioning_job")
    .select(["id", "state"])
    .where("address", "=", BigInt(address))
    .execute();
  const ids = jobs.map(({ id }) => id);
  const steps = await db
    .selectFrom("provisioning_step")
    .select("kind")
    .where("job_id", "in", ids)
    .execute();
  const photos = await db
    .selectFrom("provisioning_photo")
    .select("id")
    .where("job_id", "in", ids)
    .execute();
  const kinds = Object.groupBy(steps, ({ kind }) => kind);
  return {
    states: jobs.map(({ state }) => state),
    steps: Object.fromEntries(Object.entries(kinds).map(([kind, all]) => [kind, all?.length])),
    photos: photos.length,
  };
}

const Jobs = Type.Object({
  items: Type.Array(
    Type.Object({ serial: Type.Union([Type.String(), Type.Null()]), state: Type.String() }),
  ),
});

const ONCE = {
  ...{ claim: 1, bind: 1, place: 1, attach: 1, "walk-test": 1, result: 1 },
  ...{ photo: 1, note: 1, signature: 1, accept: 1 },
};

/** The states of the jobs that have this terminal, as somebody else is told. */
async function jobsWith(office: Office, serial: string): Promise<readonly unknown[]> {
  const { items } = Value.Parse(Jobs, await office.get("/api/jobs"));
  return items.filter((job) => job.serial === serial).map(({ state }) => state);
}

async function accepted(office: Office, address: number): Promise<void> {
  expect(await office.get(`/api/stock?search=HL-${address}`)).toMatchObject({
    items: [{ serial: `HL-${address}`, lifeCycle: "active" }],
  });
}

test.for([
  [1, "en", PHONE],
  [2, "zh-CN", PHONE],
  [3, "en", DESK],
  [4, "zh-CN", DESK],
] as const)(
  "a terminal is put into service, %i in %s",
  async ([address, language, size], { api, browser, office }) => {
    const { page, complaints, close } = await openPage(browser, { size, language });
    onTestFinished(close);
    const hands = await signIn(page, api.url, language);
    const { t } = hands;
    await hands.begin(`HL-${address}`, t["field.claim.ready"].replace("{profile}", ""));
    await hands.bind(`Pole ${address}`);
    await hands.press("field.place.map");
    await page.locator(".field-map canvas").click();
    await page.getByLabel(t["field.place.latitude"]).and(page.locator("[value^='31.2']")).waitFor();
    await hands.press("field.save");
    await hands.press("field.attach.pressed");
    await hands.reads(t["field.attach.waits"]);
    await attached(api.db, address);
    await page.getByRole("status").getByText(t["field.attach.heard"]).waitFor();
    await hands.press("field.next");
    await hands.press("field.walk.start");
    await reported(api.db, address, 2);
    await hands.reads("tower-west");
    await hands.reads(t["field.walk.because.good"]);
    await hands.press("field.save");
    await hands.addPapers("the key hangs inside");
    await hands.sign("Wu Min");
    expect(await stickingOut(page)).toEqual([]);
    await hands.press("field.accept.do");
    const [before = ""] = t["field.accept.sent"].split("{date}");
    await hands.reads(before);
    await hands.reads(t["field.sync.idle"]);
    const foreign = TEXTS[language === "en" ? "zh-CN" : "en"];
    for (const key of ["field.claim", "field.place", "field.walk"] as const)
      expect(await textsOf(page)).not.toContain(foreign[key]);
    expect(await stickingOut(page)).toEqual([]);
    await page.getByRole("link", { name: t["field.jobs"] }).click();
    await page.getByRole("link", { name: `Pole ${address}` }).waitFor();
    await hands.reads(t["field.state.accepted"]);
    expect(await stickingOut(page)).toEqual([]);
    expect(await storedOf(api, address)).toEqual({ states: ["accepted"], steps: ONCE, photos: 2 });
    await accepted(office, address);
    expect(complaints.filter((text) => !text.includes("401"))).toEqual([]); // before anybody signed in
  },
);

test("finished with the network off and the page closed in between, it is sent once", async ({
  api,
  browser,
  office,
}) => {
  const address = 5;
  const { page, context, close } = await openPage(browser, { size: PHONE });
  onTestFinished(close);
  const sent: string[] = [];
  context.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/steps")) sent.push(request.url());
  });
  const hands = await signIn(page, api.url, "en");
  const { t } = hands;
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await page.reload();
  await hands.reads(t["field.banner.away"]);
  await hands.begin(`HL-${address}`, t["field.claim.offline"]);
  await hands.bind("Pole 5");
  await hands.press("field.place.map");
  await hands.reads(t["field.map.away"]);
  await hands.typePlace();
  await hands.press("field.attach.pressed");
  await hands.press("field.next");
  await page.close();

  const again = new Hands(await openJob(context, api.url), t);
  await again.page.getByRole("link", { name: "Pole 5" }).click();
  await again.press("field.walk.start");
  await again.reads(t["field.walk.offline"]);
  await again.passes();
  await again.addPapers("behind the second door");
  await again.sign("Wu Min");
  await again.press("field.accept.do");
  await again.reads(t["field.accept.waits"]);
  await again.page.close();
  expect(await jobsWith(office, `HL-${address}`)).toEqual([]);

  const last = new Hands(await openJob(context, api.url), t);
  await last.reads("10 to send");
  sent.length = 0; // what was tried without a network reached nobody
  await attached(api.db, address);
  await context.setOffline(false);
  await last.page.getByRole("link", { name: "Pole 5" }).click();
  await last.reads("Handed over; service starts on");
  await last.reads(t["field.sync.idle"]);
  expect(sent).toHaveLength(1);
  expect(await storedOf(api, address)).toEqual({ states: ["accepted"], steps: ONCE, photos: 2 });
  await accepted(office, address);

  await last.page.getByRole("link", { name: t["field.jobs"] }).click();
  await last.press("field.signout");
  await last.reads(t["field.none"]);
  await signIn(last.page, api.url, "en");
  await last.page.getByRole("link", { name: "Pole 5" }).click(); // it is still this engineer's job
  await last.reads("Handed over; service starts on");
});

test("what was sent and whose answer was lost is sent again and changes nothing", async ({
  api,
  browser,
  office,
}) => {
  const address = 6;
  const { page, close } = await openPage(browser, { size: PHONE });
  onTestFinished(close);
  const hands = await signIn(page, api.url, "en");
  let lost = 0;
  await page.route("**/api/jobs/*/steps", async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort();
  });
  await hands.begin(`HL-${address}`, "in stock");
  await hands.reads(hands.t["field.banner.away"]);
  await hands.reads(hands.t["field.sync.idle"]);
  expect(lost).toBe(1);
  expect(await storedOf(api, address)).toEqual({
    states: ["open"],
    steps: { claim: 1 },
    photos: 0,
  });
  expect(await jobsWith(office, `HL-${address}`)).toEqual(["open"]);

  await page.getByText(hands.t["field.undo"]).click();
  await hands.type("field.undo.reason", "wrong pole");
  await hands.press("field.undo.do");
  await hands.reads(hands.t["field.undone"]);
  await hands.reads(hands.t["field.sync.idle"]);
  expect(await jobsWith(office, `HL-${address}`)).toEqual(["undone"]);

  await page.getByRole("link", { name: hands.t["field.jobs"] }).click();
  await page.getByRole("link", { name: "HL-6" }).waitFor();
  await hands.press("field.signout");
  await hands.reads(hands.t["field.banner.signed-out"]);
  await hands.reads(hands.t["field.none"]); // whoever takes the phone next sees nobody's jobs
});

test("a job begun on one phone goes on on another", async ({ api, browser, office }) => {
  const first = await openPage(browser, { size: PHONE });
  onTestFinished(first.close);
  const hands = await signIn(first.page, api.url, "en");
  await hands.begin("HL-7", "in stock");
  await hands.bind("Pole 7");
  await hands.typePlace();
  await hands.reads(hands.t["field.sync.idle"]);
  expect(await jobsWith(office, "HL-7")).toEqual(["open"]);

  const second = await openPage(browser, { size: PHONE });
  onTestFinished(second.close);
  const others = await signIn(second.page, api.url, "en");
  await second.page.getByRole("link", { name: /Pole 7/ }).click();
  await others.reads("Pole 7 · Harbour Cranes");
  await others.press("field.attach.pressed");
  await others.reads(others.t["field.attach.waits"]);
});

test("the camera reads the label's QR code", async ({ api, office }) => {
  expect(await office.get("/api/stock?search=HL-8")).toMatchObject({ items: [{ serial: "HL-8" }] });
  const video = await written("label.y4m", await qrVideo("https://hopline.example/t/HL-8"));
  const browser = await openBrowser(
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-video-capture=${video}`,
  );
  onTestFinished(() => browser.close());
  const { page, close } = await openPage(browser, { size: PHONE });
  onTestFinished(close);
  const hands = await signIn(page, api.url, "en");
  await page.getByRole("button", { name: `+ ${hands.t["field.new"]}` }).click();
  await hands.press("field.claim.scan");
  await page
    .getByLabel(hands.t["field.claim.serial"])
    .and(page.locator("[value$='HL-8']"))
    .waitFor();
  await hands.reads("in stock");
});
