import type { Page } from "playwright-core";
import { fieldEn, fieldZh } from "../../dashboards/console/src/i18n/field.ts";

export const TEXTS = { en: fieldEn, "zh-CN": fieldZh } as const;
const ENGINEER = { en: /^Field engineer/, "zh-CN": /^现场工程师/ } as const;
export const CUSTOMER = "Harbour Cranes";

type Texts = Readonly<Record<keyof typeof fieldEn, string>>;

/** The engineer's hands on one job. */
export class Hands {
  readonly page: Page;
  readonly t: Texts;

  constructor(page: Page, t: Texts) {
    this.page = page;
    this.t = t;
  }

  press(key: keyof Texts): Promise<void> {
    return this.page.getByRole("button", { name: this.t[key], exact: true }).click();
  }

  type(key: keyof Texts, text: string): Promise<void> {
    return this.page.getByLabel(this.t[key], { exact: true }).fill(text);
  }

  reads(text: string): Promise<void> {
    return this.page.getByText(text).first().waitFor();
  }

  async begin(serial: string, says: string): Promise<void> {
    await this.page.getByRole("button", { name: `+ ${this.t["field.new"]}` }).click();
    await this.type("field.claim.serial", serial);
    await this.reads(says);
    await this.press("field.claim.use");
  }

  async bind(asset: string): Promise<void> {
    await this.type("field.bind.search", "harbour");
    await this.page.getByRole("button", { name: CUSTOMER }).click();
    await this.type("field.bind.name", asset);
    await this.press("field.save");
  }

  async typePlace(): Promise<void> {
    await this.type("field.place.latitude", "31.2304");
    await this.type("field.place.longitude", "121.4737");
    await this.press("field.save");
  }

  async passes(): Promise<void> {
    await this.page.getByLabel(this.t["field.result.pass"], { exact: true }).check();
    await this.press("field.save");
  }

  async addPapers(note: string): Promise<void> {
    const buffer = await this.page.screenshot();
    const photo = { name: "pole.png", mimeType: "image/png", buffer };
    await this.page.locator("input[type=file]").setInputFiles(photo);
    await this.page.locator(".field-photos img").waitFor();
    await this.type("field.papers.note", note);
    await this.press("field.papers.add");
    await this.reads(note);
    await this.press("field.next");
  }

  async sign(name: string): Promise<void> {
    await this.type("field.signature.name", name);
    const pad = this.page.locator("canvas.field-signature");
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    if (box === null) throw new Error("there is no pad to sign on");
    const { mouse } = this.page;
    await mouse.move(box.x + 40, box.y + 60);
    await mouse.down();
    await mouse.move(box.x + 160, box.y + 120, { steps: 8 });
    await mouse.move(box.x + 240, box.y + 50, { steps: 8 });
    await mouse.up();
    await this.press("field.save");
  }
}

/** At the field app, signed in by its own link, with everything on the phone that it needs without a network. */
export async function signIn(
  page: Page,
  url: string,
  language: keyof typeof TEXTS,
): Promise<Hands> {
  const hands = new Hands(page, TEXTS[language]);
  await page.goto(`${url}/field/?lang=${language}`);
  await hands.reads(hands.t["field.banner.signed-out"]);
  await page.getByRole("link", { name: hands.t["field.signin"] }).click();
  await page.getByRole("button", { name: ENGINEER[language] }).click();
  await page.waitForURL(`${url}/field/`);
  await hands.reads(hands.t["field.sync.idle"]);
  return hands;
}
