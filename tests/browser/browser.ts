import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";

/** Debian's Chromium, with WebGL drawn by the processor; `more` are further switches of its command line. */
export async function openBrowser(...more: readonly string[]): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error("Tests of the console need Debian's browser: apt-get install chromium");
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--disable-background-networking",
      ...more,
    ],
  });
}

export const DESK = { width: 1440, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;

interface Look {
  readonly size?: { readonly width: number; readonly height: number };
  readonly language?: "en" | "zh-CN";
}

/** A page of its own in a fresh profile; what the browser complains about is collected. */
export async function openPage(browser: Browser, look: Look = {}) {
  const context: BrowserContext = await browser.newContext({
    viewport: look.size ?? DESK,
    locale: look.language ?? "en",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error")
      complaints.push(`${message.text()} ${message.location().url}`.trim());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  const page = await context.newPage();
  return { page, context, complaints, close: () => context.close() };
}

/** How many different colours a picture of the page has, and whether one of them is there. */
export async function coloursOf(
  browser: Browser,
  picture: Uint8Array,
): Promise<ReadonlySet<string>> {
  const page = await browser.newPage();
  const url = `data:image/png;base64,${btoa(Array.from(picture, (byte) => String.fromCharCode(byte)).join(""))}`;
  const colours = await page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    if (!context) return [];
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const found = new Set<string>();
    for (let at = 0; at < data.length; at += 4)
      found.add(`${data[at] ?? 0},${data[at + 1] ?? 0},${data[at + 2] ?? 0}`);
    return [...found];
  }, url);
  await page.close();
  return new Set(colours);
}

/** The page's texts, each as it stands alone in an element. */
export const textsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.nodeValue?.trim() ?? "";
      const parent = walker.currentNode.parentElement;
      if (text !== "" && parent && !["STYLE", "SCRIPT"].includes(parent.tagName)) texts.push(text);
    }
    const named = [...document.querySelectorAll("[aria-label], [placeholder]")];
    for (const each of named)
      for (const name of ["aria-label", "placeholder"]) {
        const text = each.getAttribute(name);
        if (text !== null) texts.push(text);
      }
    return texts;
  });

/** Elements that stick out of the window to the right and that nothing lets one scroll to. */
export const stickingOut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const isInScroller = (element: Element | null): boolean => {
      for (let each = element; each && each !== document.body; each = each.parentElement) {
        const { overflowX } = getComputedStyle(each);
        const isScroller = overflowX === "auto" || overflowX === "scroll" || overflowX === "hidden";
        if (isScroller && !each.matches("main") && each.scrollWidth > each.clientWidth) return true;
      }
      return false;
    };
    return [...document.body.querySelectorAll("*")]
      .filter((element) => {
        const { right, width } = element.getBoundingClientRect();
        return width > 0 && right > window.innerWidth + 1 && !isInScroller(element);
      })
      .map((element) => `${element.tagName}.${element.getAttribute("class") ?? ""}`);
  });
