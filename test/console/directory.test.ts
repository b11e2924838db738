import { appendFile, cp, mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { keepScreenshot, openPage, startBrowser } from "../support/console/browser.ts";
import { type ConsoleProcess, startConsole } from "../support/console/consoleProcess.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const QUICKSTART = fileURLToPath(new URL("../../examples/quickstart", import.meta.url));

let browser: Browser;
let console: ConsoleProcess;
let page: Page;
let errors: string[];
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder("console");
  await cp(QUICKSTART, folder, { recursive: true });
  console = await startConsole(["--resources", folder, "--state-dir", `${folder}/.countersign`]);
  browser = await startBrowser();
  ({ page, errors } = await openPage(browser));
  await page.goto(console.url);
});

afterAll(async () => {
  await browser?.close();
  await console?.program.stop();
});

test("the link opens the overview, and the token is no longer in the address", async () => {
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  expect(page.url()).toBe(`${console.origin}/`);
  await page.getByRole("link", { name: /^Applications 2 All are ready/ }).waitFor();
  await page.getByText("Every object is in the state that its spec asks for.").waitFor();
});

test("the list of Applications shows what their files declare, and filters by words", async () => {
  await page.getByRole("navigation").getByRole("link", { name: "Applications" }).click();
  await page.getByRole("row", { name: /mobile-app/ }).waitFor();
  expect(await page.getByRole("row").count()).toBe(3);
  await page.getByRole("searchbox").fill("back team");
  await page.getByText("1 of 2").waitFor();
  expect(await page.getByRole("row", { name: /back-office team-shop Ready/ }).isVisible()).toBe(true);
  await page.getByRole("searchbox").fill("");
});

test("a change of a file is shown without a reload", async () => {
  const added =
    "---\napiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: kiosk, namespace: team-shop}\n";
  await appendFile(`${folder}/2-mobile-app.yaml`, added);
  await page.getByRole("row", { name: /kiosk/ }).waitFor();
  expect(await page.getByText("3 of 3").isVisible()).toBe(true);
});

test("a file in a subdirectory that is added later is shown without a reload", async () => {
  await mkdir(`${folder}/more/grants`, { recursive: true });
  const added =
    "apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: terminal, namespace: team-shop}\n";
  await writeFile(`${folder}/more/grants/terminal.yaml`, added);
  await page.getByRole("row", { name: /terminal/ }).waitFor();
  await rm(`${folder}/more`, { recursive: true });
  await page.getByRole("row", { name: /terminal/ }).waitFor({ state: "detached" });
});

test("an id that only a dry run has made up is not shown", async () => {
  expect(await page.getByRole("row", { name: /mobile-app/ }).textContent()).toContain("not given yet");
});

test("a viewer whose browser prefers Chinese reads Chinese, and can switch to English", async () => {
  await page.getByLabel("Language").selectOption("zh-CN");
  await page.getByRole("heading", { name: "应用" }).waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
  await keepScreenshot(page, "applications-zh");
  await page.getByLabel("语言").selectOption("en");
  await page.getByRole("heading", { name: "Applications" }).waitFor();
});

test("the pages cause no error in the browser, and none of the Content-Security-Policy", () => {
  expect(errors).toEqual([]);
});

test("Ctrl-C ends the console with status 0, and the page shows that", async () => {
  expect(await console.program.stop("SIGINT")).toBe(0);
  await page.getByRole("alert").filter({ hasText: "The console command has ended" }).waitFor();
});
