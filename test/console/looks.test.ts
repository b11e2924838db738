import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { accessibilityProblems } from "../support/console/axe.ts";
import { keepScreenshot, type Looks, openPage, startBrowser } from "../support/console/browser.ts";
import { writeShop } from "../support/console/shopFolder.ts";
import { type StandaloneConsole, startStandaloneConsole } from "../support/console/standaloneConsole.ts";
import { encodeCheck } from "../support/envoyProtos.ts";
import { eventually } from "../support/events.ts";
import { CHECK, LoopbackVerifiers, signed } from "../support/loopbackVerifier.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const MOBILE = "/applications/team-shop/mobile-app";
const PARTNERS = "/grants/team-shop/partners";

/** The pages, by the name of their screenshot: path, and a heading in English and Chinese. */
const PAGES: Readonly<Record<string, readonly [path: string, english: string, chinese: string]>> = {
  overview: ["/", "Overview", "概览"],
  applications: ["/applications", "Applications", "应用"],
  application: [MOBILE, "team-shop/mobile-app", "team-shop/mobile-app"],
  apis: ["/apis", "APIs", "API"],
  api: ["/apis/team-shop/orders", "team-shop/orders", "team-shop/orders"],
  grants: ["/grants", "Grants", "授权"],
  grant: [PARTNERS, "team-shop/partners", "team-shop/partners"],
  "grant-broken": ["/grants/team-shop/broken", "team-shop/broken", "team-shop/broken"],
  domains: ["/domains", "Domains and environments", "域名与环境"],
  domain: ["/domains/shop", "shop", "shop"],
  denials: ["/denials", "Denials", "拒绝记录"],
  explain: ["/explain", "Explain a request", "分析请求"],
  access: ["/access", "Who may call", "谁可以调用"],
};

/** The dialogs of actions, by the name of their screenshot: page, button in English and Chinese, and how their fields are filled. */
const DIALOGS: Readonly<
  Record<
    string,
    readonly [path: string, english: string, chinese: string, fill?: (page: Page) => Promise<unknown>]
  >
> = {
  create: ["/applications", "Create an Application", "新建应用", fillNames],
  rotate: [MOBILE, "Rotate keys", "轮换密钥"],
  reset: [MOBILE, "Reset keys", "重置密钥"],
  suspend: [MOBILE, "Suspend", "停用"],
  "authorize-for": [MOBILE, "Authorize", "授权", (page) => lastSelect(page).selectOption("team-shop/legacy")],
  "authorize-direct": [PARTNERS, "Authorize", "授权", (page) => lastSelect(page).selectOption("back-office")],
  "authorize-partner": [
    PARTNERS,
    "Authorize",
    "授权",
    (page) => page.getByRole("dialog").getByRole("textbox").fill("app-k3v9x0q2"),
  ],
  unauthorize: ["/grants/team-shop/legacy", "Remove", "解除授权"],
  expiry: [
    MOBILE,
    "Set expiry",
    "设置到期时间",
    (page) => page.getByRole("dialog").locator("input").fill("2099-01-01T00:00"),
  ],
};

async function fillNames(page: Page): Promise<void> {
  const fields = page.getByRole("dialog").getByRole("textbox");
  for (const [at, text] of ["team-shop", "kiosk", "Kiosk"].entries()) await fields.nth(at).fill(text);
}

const lastSelect = (page: Page) => page.getByRole("dialog").getByRole("combobox");

const LOOKS: Readonly<Record<string, Looks>> = {
  light: {},
  dark: { colorScheme: "dark" },
  chinese: { locale: "zh-CN" },
};

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
});

describe.each(Object.entries(LOOKS))("in %s", (name, looks) => {
  const isChinese = looks.locale === "zh-CN";
  const callers = new LoopbackVerifiers();
  let running: StandaloneConsole;
  let page: Page;
  let deny: () => Promise<unknown>;

  beforeAll(async () => {
    const folder = await temporaryFolder("looks");
    await writeShop(folder);
    running = await startStandaloneConsole(folder);
    ({ page } = await openPage(browser, looks));
    await page.goto(running.url);
    await page.getByRole("navigation").waitFor();
    const { call } = callers.client(running.grpc);
    const unsigned = encodeCheck({
      method: "GET",
      path: "/orders",
      host: "api.shop.example.com",
      headers: {},
    });
    deny = () => Promise.all([call(CHECK, unsigned), call(CHECK, signed())]);
  });
  afterAll(async () => {
    await callers.stop();
    await running?.program.stop();
  });

  const open = async (path: string) => {
    await page.goto(`${running.origin}${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.locator("[aria-busy]").waitFor({ state: "detached" });
  };

  test.each(Object.entries(PAGES))(
    "%s has no accessibility problem",
    async (shot, [path, english, chinese]) => {
      await open(path);
      const heading = isChinese ? chinese : english;
      await page.getByRole("heading", { name: heading, exact: true, level: 1 }).waitFor();
      await keepScreenshot(page, `${shot}-${name}`);
      expect(await accessibilityProblems(page)).toEqual([]);
    },
  );

  test.each(Object.entries(DIALOGS))(
    "the dialog %s has no accessibility problem",
    async (shot, [path, english, chinese, fill]) => {
      await open(path);
      await page
        .getByRole("main")
        .getByRole("button", { name: isChinese ? chinese : english, exact: true })
        .first()
        .click();
      await fill?.(page);
      await page.getByRole("dialog").locator("pre").waitFor();
      await keepScreenshot(page, `dialog-${shot}-${name}`);
      expect(await accessibilityProblems(page)).toEqual([]);
    },
  );

  test("denials with names have no accessibility problem", async () => {
    await open("/denials");
    await page.locator(".plot canvas").waitFor();
    // Counts are those between two looks.
    await eventually(
      async () => {
        await deny();
        return (await page.locator(".denial").count()) > 1;
      },
      { intervalMs: 500, timeoutMs: 30_000 },
    );
    await keepScreenshot(page, `denials-named-${name}`);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
