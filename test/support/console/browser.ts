import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { findChromium } from "../../parts/chromium.ts";

/** How a viewer's browser is set. */
export interface Looks {
  readonly locale?: "en-US" | "zh-CN";
  readonly colorScheme?: "light" | "dark";
}

/** Where the screenshots of a run are kept. */
const SHOTS = fileURLToPath(new URL("../../../artifacts/screenshots", import.meta.url));

/** Starts Chromium without a window. Root, as which CI runs, needs it without its sandbox. */
export async function startBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return await chromium.launch({ executablePath: await findChromium(), args });
}

/** A page of a new viewer, whose errors are kept. */
export async function openPage(
  browser: Browser,
  looks: Looks = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await newContext(browser, looks);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return { page, errors };
}

async function newContext(browser: Browser, looks: Looks): Promise<BrowserContext> {
  return await browser.newContext({
    viewport: { width: 1_400, height: 900 },
    permissions: ["clipboard-read", "clipboard-write"],
    locale: "en-US",
    colorScheme: "light",
    ...looks,
  });
}

/** Keeps a picture of the page as an artefact of the build. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
}
