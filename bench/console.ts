import { mkdir, writeFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { openPage, startBrowser } from "../test/support/console/browser.ts";
import { type ConsoleProcess, startConsole } from "../test/support/console/consoleProcess.ts";
import { makeBundle } from "../test/support/freshBundle.ts";
import { removeFolder, temporaryFolder } from "../test/support/temporaryFolder.ts";
import { figuresOf } from "./lab/processFigures.ts";

/**
 * The console over a directory of many Applications: the time from the link to the first page and to the list, the time of a filter
 * keystroke, the memory of the tab with the list, and that of the server after all pages. `npm run bench -- console [APPLICATIONS]`,
 * 10,000 by default. The status is 1 if a goal is missed.
 */
const [count = "10000"] = process.argv.slice(2);
const APPLICATIONS_OF_A_GRANT = 100;

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "ms" | "MiB";
  readonly goal?: number;
}

process.exit(await measure(Number(count)));

async function measure(applications: number): Promise<number> {
  await makeBundle();
  const folder = await temporaryFolder("bench-console");
  await writeShop(folder, applications);
  const browser = await startBrowser();
  const began = performance.now();
  const running = await startConsole(["--resources", folder, "--state-dir", `${folder}/.state`]);
  const start = performance.now() - began;
  try {
    const figures = [{ name: "start of the command", value: start, unit: "ms" } as const];
    return report([...figures, ...(await figuresIn(browser, running))]);
  } finally {
    await browser.close();
    await running.program.stop();
    await removeFolder(folder);
  }
}

async function figuresIn(browser: Browser, running: ConsoleProcess): Promise<readonly Figure[]> {
  const { page } = await openPage(browser);
  const timed = async (act: () => Promise<unknown>) => {
    const began = performance.now();
    await act();
    return performance.now() - began;
  };
  const first = await timed(async () => {
    await page.goto(running.url);
    await page.locator(".tile").first().waitFor();
  });
  const list = await timed(async () => {
    await page.goto(`${running.origin}/applications`);
    await page.locator(".rows .row").first().waitFor();
  });
  const keystroke = await slowestKeystroke(page, "app-0420 team-3");
  const tab = await tabMemory(page);
  for (const path of ["/applications/team-0/app-00000", "/access", "/grants"]) {
    await page.goto(`${running.origin}${path}`);
    await page.locator("[aria-busy]").waitFor({ state: "detached" });
  }
  return [
    { name: "first page", value: first, unit: "ms", goal: 1_500 },
    { name: "list of Applications", value: list, unit: "ms" },
    { name: "slowest filter keystroke", value: keystroke, unit: "ms", goal: 50 },
    { name: "memory of the server", value: figuresOf([running.program.pid]).rssMiB, unit: "MiB", goal: 250 },
    { name: "memory of the tab (JavaScript heap)", value: tab, unit: "MiB", goal: 250 },
  ];
}

/** Types a text into the filter; each keystroke takes from its event until the page has handled it and laid out the result. */
async function slowestKeystroke(page: Page, text: string): Promise<number> {
  await page.getByRole("searchbox").focus();
  await page.evaluate(`
    globalThis.taken = [];
    document.querySelector("input[type=search]").addEventListener("input", () => {
      const began = performance.now();
      requestAnimationFrame(() => {
        document.body.getBoundingClientRect();
        globalThis.taken.push(performance.now() - began);
      });
    }, { capture: true });
  `);
  await page.keyboard.type(text, { delay: 50 });
  return await page.evaluate<number>("Math.max(...globalThis.taken)");
}

async function tabMemory(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1_048_576;
}

function report(figures: readonly Figure[]): number {
  let status = 0;
  for (const { name, value, unit, goal } of figures) {
    const isMissed = goal !== undefined && value > goal;
    if (isMissed) status = 1;
    const verdict = goal === undefined ? "" : `goal ${goal} ${unit}${isMissed ? ": missed" : ""}`;
    process.stdout.write(`${name.padEnd(40)}${value.toFixed(1).padStart(9)} ${unit.padEnd(5)}${verdict}\n`);
  }
  return status;
}

async function writeShop(folder: string, applications: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const api = "apiVersion: countersign.dev/v1alpha1";
  const namespaces = Array.from({ length: 10 }, (_, one) => `team-${one}`);
  const domain = `${api}\nkind: ApiDomain\nmetadata: {name: shop}\nspec: {hosts: [api.example.com], namespaces: {names: [${namespaces.join(", ")}]}}\n`;
  const documents = [domain];
  const name = (one: number) => `app-${String(one).padStart(5, "0")}`;
  for (let one = 0; one < applications; one++) {
    const namespace = `team-${Math.floor(one / APPLICATIONS_OF_A_GRANT) % 10}`;
    documents.push(
      `${api}\nkind: Application\nmetadata: {name: ${name(one)}, namespace: ${namespace}}\nspec: {displayName: Caller ${one}}\n`,
    );
    if (one % APPLICATIONS_OF_A_GRANT > 0) continue;
    const entries = Array.from({ length: APPLICATIONS_OF_A_GRANT }, (_, at) => `{name: ${name(one + at)}}`);
    const grant = `g-${one / APPLICATIONS_OF_A_GRANT}`;
    documents.push(
      `${api}\nkind: ApiGrant\nmetadata: {name: ${grant}, namespace: ${namespace}}\nspec:\n  environment: release\n  apis: [{name: ${grant}, hosts: [api.example.com], paths: [{value: /${grant}}]}]\n  applications: [${entries.join(", ")}]\n`,
    );
  }
  await writeFile(`${folder}/all.yaml`, documents.join("---\n"));
}
