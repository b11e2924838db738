import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { accessibilityProblems } from "../support/console/axe.ts";
import { keepScreenshot, type Looks, openPage, startBrowser } from "../support/console/browser.ts";
import { type ConsoleProcess, startConsole } from "../support/console/consoleProcess.ts";

const QUICKSTART = fileURLToPath(new URL("../../examples/quickstart", import.meta.url));

/** The pages, by the name of their screenshot: path, and a heading in English and Chinese. */
const PAGES: Readonly<Record<string, readonly [path: string, english: string, chinese: string]>> = {
  overview: ["/", "Overview", "概览"],
  applications: ["/applications", "Applications", "应用"],
  application: ["/applications/team-shop/mobile-app", "team-shop/mobile-app", "team-shop/mobile-app"],
  apis: ["/apis", "APIs", "API"],
  api: ["/apis/team-shop/orders", "team-shop/orders", "team-shop/orders"],
  grants: ["/grants", "Grants", "授权"],
  grant: ["/grants/team-shop/partners", "team-shop/partners", "team-shop/partners"],
  domains: ["/domains", "Domains and environments", "域名与环境"],
  domain: ["/domains/shop", "shop", "shop"],
  explain: ["/explain", "Explain a request", "分析请求"],
  access: ["/access", "Who may call", "谁可以调用"],
};

const LOOKS: Readonly<Record<string, Looks>> = {
  light: {},
  dark: { colorScheme: "dark" },
  chinese: { locale: "zh-CN" },
};

let browser: Browser;
let console: ConsoleProcess;
const pages = new Map<string, Page>();

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
});

describe.each(Object.entries(LOOKS))("in %s", (name, looks) => {
  beforeAll(async () => {
    console = await startConsole(["--resources", QUICKSTART, "--state-dir", "/nonexistent"]);
    const { page } = await openPage(browser, looks);
    await page.goto(console.url);
    await page.getByRole("navigation").waitFor();
    pages.set(name, page);
  });
  afterAll(async () => {
    await console?.program.stop();
  });

  test.each(Object.entries(PAGES))(
    "%s has no accessibility problem",
    async (shot, [path, english, chinese]) => {
      const page = pages.get(name) as Page;
      await page.goto(`${console.origin}${path}`);
      const heading = looks.locale === "zh-CN" ? chinese : english;
      await page.getByRole("heading", { name: heading, exact: true, level: 1 }).waitFor();
      await page.locator("[aria-busy]").waitFor({ state: "detached" });
      await keepScreenshot(page, `${shot}-${name}`);
      expect(await accessibilityProblems(page)).toEqual([]);
    },
  );
});
