import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { countersignOutput } from "../support/cluster.ts";
import { openPage, startBrowser } from "../support/console/browser.ts";
import { type ConsoleProcess, startConsole } from "../support/console/consoleProcess.ts";
import { LEGACY_SECRET, MARKUP, writeShop } from "../support/console/shopFolder.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const QUICKSTART = fileURLToPath(new URL("../../examples/quickstart", import.meta.url));

let browser: Browser;
let running: ConsoleProcess;
let page: Page;
let errors: string[];
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder("console-pages");
  await writeShop(`${folder}/now`);
  await mkdir(`${folder}/branch`);
  await cp(QUICKSTART, `${folder}/branch`, { recursive: true });
  const grant = await readFile(`${folder}/branch/3-partners.yaml`, "utf8");
  await writeFile(`${folder}/branch/3-partners.yaml`, grant.replace("[GET, POST]", "[GET]"));
  const compare = ["--compare", `${folder}/branch`];
  running = await startConsole(["--resources", `${folder}/now`, "--state-dir", `${folder}/none`, ...compare]);
  browser = await startBrowser();
  ({ page, errors } = await openPage(browser));
  await page.goto(running.url);
  await page.getByRole("navigation").waitFor();
});

beforeEach(async () => {
  await page.goto(`${running.origin}/`);
});

afterAll(async () => {
  await browser?.close();
  await running?.program.stop();
});

const card = (title: string) =>
  page.locator("section.card").filter({ has: page.getByRole("heading", { name: title }) });
const open = async (navigation: string) =>
  await page.getByRole("navigation").getByRole("link", { name: navigation, exact: true }).click();

test("the page of an Application shows what it may call, its conditions in words, and its YAML", async () => {
  await open("Applications");
  await page.getByRole("link", { name: "mobile-app" }).click();
  await page.getByRole("heading", { name: "team-shop/mobile-app", level: 1 }).waitFor();
  const access = await card("APIs it may call").getByRole("row").last().innerText();
  expect(access).toMatch(
    /release\s+GET POST\s+api\.shop\.example\.com\/orders and all below\s+team-shop\/orders/,
  );
  expect(await card("Conditions").innerText()).toContain("The object is in effect as specified.");
  expect(await card("YAML").locator("pre").innerText()).toContain("displayName: Mobile app");
});

test("the list of grants names why one has no effect, and the field to edit", async () => {
  await open("Grants");
  const row = page.getByRole("row", { name: /broken/ });
  await row.waitFor();
  expect(await row.innerText()).toContain("No domain assigns this host to the namespace: no effect there.");
  expect(await row.innerText()).toContain("spec.apis[0].hosts[0]");
  expect(await page.getByRole("row", { name: /partners/ }).innerText()).not.toContain("spec.");
});

test("the page of an API shows who may call it, by which grant", async () => {
  await open("APIs");
  await page.getByRole("link", { name: "orders" }).click();
  await card("Who may call it").waitFor();
  const row = await card("Who may call it").getByRole("row").last().innerText();
  expect(row).toMatch(/team-shop\/mobile-app\s+release\s+GET POST\s+.*\s+team-shop\/partners/);
});

test("the domains show their hosts and environments", async () => {
  await open("Domains");
  const shop = page.locator("section.card").filter({ has: page.getByRole("link", { name: "shop" }) });
  expect(await shop.innerText()).toMatch(/api\.shop\.example\.com[\s\S]*release\s+\/[\s\S]*test\s+\/test/);
});

test("a question about one request is answered, with the reason", async () => {
  await open("Who may call");
  const ask = async (method: string) => {
    await page.getByLabel("Application").fill("team-shop/mobile-app");
    await page.getByLabel("Method").selectOption(method);
    await page.getByLabel("URL").fill("https://api.shop.example.com/orders/7");
    await page.getByRole("button", { name: "Ask" }).click();
  };
  await ask("GET");
  await page.getByText("Yes, it may.").waitFor();
  await ask("DELETE");
  await page.getByText("No: NoApiMatch").waitFor();
  expect(await page.getByRole("status").filter({ hasText: "No:" }).innerText()).toContain(
    "allows GET, POST and not DELETE",
  );
});

test("what a directory would open and close is shown beside what is there", async () => {
  await open("Who may call");
  const changes = page.locator("section.card").filter({ hasText: "would change" });
  await changes.getByText("Closes").first().waitFor();
  expect(await changes.innerText()).toMatch(
    /Closes\s+team-shop\/mobile-app\s+POST api\.shop\.example\.com\/orders/,
  );
});

/** A request of `legacy`, signed now, as a curl command. */
async function signedCurl(path: string): Promise<string> {
  const file = `${folder}/secret.txt`;
  await writeFile(file, LEGACY_SECRET);
  const key = ["--key-id", "APIDlegacy", "--secret-file", file];
  return await countersignOutput(["sign", ...key, "--curl", `https://api.shop.example.com${path}`]);
}

test("a pasted curl command is explained step by step", async () => {
  await open("Explain");
  await page.getByLabel(/^A request as curl/).fill(await signedCurl("/stock/7"));
  await page.getByRole("button", { name: "Explain" }).click();
  await page.getByText("Allowed", { exact: true }).waitFor();
  const decision = await page.getByRole("region", { name: "Decision" }).innerText();
  expect(decision).toContain("team-shop/legacy Active");
  expect(decision).toContain("✓ team-shop/legacy");
  expect(decision).not.toContain("not reached");
});

test("a request that was changed after it was signed is denied, and the strings are compared by character", async () => {
  await open("Explain");
  const curl = await signedCurl("/stock/7");
  await page.getByLabel(/^A request as curl/).fill(curl.replace("/stock/7", "/stock/8"));
  await page.getByRole("button", { name: "Explain" }).click();
  await page.getByText("Denied: SignatureMismatch").waitFor();
  const servers = await page.locator(".tried pre").first().innerText();
  await page.getByLabel(/^Paste the string/).fill(servers.replace("/stock/8", "/stock/7"));
  const line = servers.slice(0, servers.indexOf("/stock/8")).split("\n").length;
  await page.getByText(`They differ from line ${line}, character 8 on.`).waitFor();
  expect(await page.locator("mark").allInnerTexts()).toEqual(["7", "8"]);
});

test("a text that is no request is reported with the reason", async () => {
  await open("Explain");
  await page.getByLabel(/^A request as curl/).fill("curl -d @body.json https://api.shop.example.com/");
  await page.getByRole("button", { name: "Explain" }).click();
  await page.getByText("This is no request: -d @body.json names a file").waitFor();
});

test("an action on a directory is shown, to copy or to download, and changes no file", async () => {
  const before = await readFile(`${folder}/now/2-mobile-app.yaml`, "utf8");
  await page.goto(`${running.origin}/applications/team-shop/mobile-app`);
  await page.getByRole("button", { name: "Suspend" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("suspended: true").waitFor();
  await dialog.getByRole("button", { name: "Copy the YAML" }).click();
  const copied = String(await page.evaluate("navigator.clipboard.readText()"));
  expect(copied).toContain("suspended: true");
  const download = page.waitForEvent("download");
  await dialog.getByRole("link", { name: "Download" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("mobile-app.yaml");
  expect(await readFile(await file.path(), "utf8")).toBe(copied);
  expect(await dialog.getByRole("button", { name: "Check in the cluster" }).count()).toBe(0);
  expect(await readFile(`${folder}/now/2-mobile-app.yaml`, "utf8")).toBe(before);
});

test("an object that does not exist is reported, not a blank page", async () => {
  await page.goto(`${running.origin}/applications/team-shop/missing`);
  await page.getByRole("alert").filter({ hasText: "there is no such object" }).waitFor();
});

test("a display name that holds markup is shown as text", async () => {
  await open("Applications");
  await page.getByText(MARKUP).waitFor();
  await page.getByRole("link", { name: /^odd/ }).click();
  await page.getByText(MARKUP, { exact: true }).first().waitFor();
  expect(await page.title()).toBe("Countersign");
  expect(errors.filter((error) => !error.includes("404"))).toEqual([]);
});
