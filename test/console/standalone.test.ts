import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import type { Program } from "../support/childProcess.ts";
import { keepScreenshot, openPage, startBrowser } from "../support/console/browser.ts";
import { startStandaloneConsole } from "../support/console/standaloneConsole.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const QUICKSTART = fileURLToPath(new URL("../../examples/quickstart", import.meta.url));

let browser: Browser;
let standalone: Program;
let page: Page;

beforeAll(async () => {
  const folder = await temporaryFolder("console-standalone");
  await cp(QUICKSTART, folder, { recursive: true });
  const { program, url } = await startStandaloneConsole(folder);
  standalone = program;
  browser = await startBrowser();
  ({ page } = await openPage(browser));
  await page.goto(url);
});

afterAll(async () => {
  await browser?.close();
  await standalone?.stop();
});

test("a running standalone shows itself as the verifier, and its decisions as a plot", async () => {
  await page.getByRole("link", { name: /^Applications 2 All are ready/ }).waitFor();
  await page.getByText("up to date").waitFor();
  await page.locator(".plot canvas").waitFor();
  await keepScreenshot(page, "standalone-overview");
});

test("ids and key pairs are real there, and the secret is shown after a click", async () => {
  await page.getByRole("navigation").getByRole("link", { name: "Applications" }).click();
  await page.getByRole("link", { name: "mobile-app" }).click();
  await page
    .getByText(/^app-[a-z0-9]{8}$/)
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Show the secret" }).click();
  await page.getByRole("button", { name: "Hide" }).waitFor();
});

test("Ctrl-C ends both", async () => {
  expect(await standalone.stop("SIGINT")).toBe(0);
});
