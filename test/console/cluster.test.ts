import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { type Cluster, startCluster } from "../support/cluster.ts";
import { openPage, startBrowser } from "../support/console/browser.ts";
import { type ConsoleProcess, startConsole } from "../support/console/consoleProcess.ts";
import { eventually } from "../support/events.ts";

let browser: Browser;
let cluster: Cluster;
let running: ConsoleProcess | undefined;

beforeAll(async () => {
  browser = await startBrowser();
  cluster = await startCluster();
  await cluster.granted("shop");
  await cluster.granted("news");
}, 180_000);

afterEach(async () => {
  await running?.program.stop();
  running = undefined;
});

afterAll(async () => {
  await browser?.close();
  await cluster?.stop();
});

/** A page of the console for the user of a kubeconfig. */
async function visit(kubeconfig: string, ...args: readonly string[]) {
  running = await startConsole(["--kubeconfig", kubeconfig, ...args]);
  const { page } = await openPage(browser);
  await page.goto(running.url);
  return page;
}

/** The kubeconfig of a new user who may do this. */
async function userWith(name: string, ...rights: readonly (readonly string[])[]): Promise<string> {
  await cluster.kubectl("create", "serviceaccount", name, "-n", "countersign-system");
  for (const right of rights) await cluster.kubectl("create", ...right);
  return await cluster.server.kubeconfigFor("countersign-system", name);
}

test("an admin sees the objects, and the verifiers with their lag", async () => {
  const page = await visit(cluster.server.kubeconfig);
  await page.getByRole("link", { name: /^Applications 2 All are ready/ }).waitFor();
  await page.getByText("up to date").waitFor();
  expect(await page.getByText("Live").isVisible()).toBe(true);
  await page.getByRole("navigation").getByRole("link", { name: "Applications" }).click();
  const row = page.getByRole("row", { name: /team-shop/ });
  const { status } = JSON.parse(
    await cluster.kubectl("get", "application", "mobile-app", "-n", "team-shop", "-o", "json"),
  );
  await row.getByText(status.applicationId).waitFor();
  await row.getByRole("button", { name: `Copy ${status.applicationId}` }).click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toBe(status.applicationId);
  expect(await row.textContent()).toContain(status.keys[0].apiAppKey);
});

test("a change in the cluster is shown without a reload", async () => {
  const page = await visit(cluster.server.kubeconfig);
  await page.getByRole("link", { name: /^Applications 2 All are ready/ }).waitFor();
  const suspend = ["patch", "application", "mobile-app", "-n", "team-news", "--type=merge"];
  await cluster.kubectl(...suspend, "-p", '{"spec":{"suspended":true}}');
  await page.getByRole("link", { name: /^Applications 2 1 not in force/ }).waitFor();
  await cluster.kubectl(...suspend, "-p", '{"spec":{"suspended":false}}');
});

test("a viewer without rights sees what is missing, and the commands to ask for, which help", async () => {
  const kubeconfig = await userWith("newcomer");
  const page = await visit(kubeconfig);
  const gaps = page.getByRole("region", { name: "You cannot see everything" });
  await gaps.waitFor();
  expect(await gaps.textContent()).toContain("Your user may not list applications.countersign.dev.");
  const commands = (await gaps.locator("pre").innerText()).split("\n");
  expect(commands.join(" ")).toContain("--user='system:serviceaccount:countersign-system:newcomer'");
  await running?.program.stop();
  for (const command of commands.filter((line) => !line.includes("<your user>")))
    await cluster.kubectl(...command.replaceAll("'", "").split(" ").slice(1));
  const after = await visit(kubeconfig);
  await after.getByRole("link", { name: /^Applications 2 All are ready/ }).waitFor();
});

test("a viewer of one namespace sees that namespace, and that there may be others", async () => {
  const kubeconfig = await userWith(
    "tenant",
    [
      ...["role", "tenant", "-n", "team-shop", "--verb=get,list,watch"],
      "--resource=applications.countersign.dev,apigrants.countersign.dev",
    ],
    [
      "rolebinding",
      "tenant",
      "-n",
      "team-shop",
      "--role=tenant",
      "--serviceaccount=countersign-system:tenant",
    ],
  );
  const page = await visit(kubeconfig, "--namespace", "team-shop");
  await page.getByRole("link", { name: /^Applications 1 All are ready/ }).waitFor();
  expect(await page.getByText("only namespace team-shop").isVisible()).toBe(true);
  expect(
    await page
      .getByText("Your user may list apigrants.countersign.dev in namespace team-shop only.")
      .isVisible(),
  ).toBe(true);
  const { program } = running as ConsoleProcess;
  await eventually(() => !program.output.includes("countersign:"));
});
