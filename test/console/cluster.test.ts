import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
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
  await page.getByRole("navigation").waitFor();
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

describe("an admin", () => {
  let page: Page;

  beforeEach(async () => {
    page = await visit(cluster.server.kubeconfig);
    await page
      .getByRole("link", { name: /^Applications/ })
      .first()
      .waitFor();
  });

  const origin = () => (running as ConsoleProcess).origin;
  const spec = async (kind: string, namespace: string, name: string) =>
    JSON.parse(await cluster.kubectl("get", kind, name, "-n", namespace, "-o", "json")).spec;
  const dialog = () => page.getByRole("dialog");

  /** Tries the change first, and then makes it. */
  async function apply(): Promise<void> {
    await dialog().getByRole("button", { name: "Check in the cluster" }).click();
    await dialog().getByText("The cluster accepts it (dry run).").waitFor();
    await dialog().getByRole("button", { name: "Apply" }).click();
    await dialog().getByText("Applied.").waitFor();
  }

  test("creates an Application, which is there only after the dry run and Apply", async () => {
    await page.goto(`${origin()}/applications`);
    await page.getByRole("button", { name: "Create an Application" }).click();
    await dialog().getByLabel("Namespace").fill("team-shop");
    await dialog().getByLabel("Name", { exact: true }).fill("kiosk");
    await dialog().getByLabel("Display name").fill("Kiosk");
    await dialog().getByText("displayName: Kiosk").waitFor();
    await dialog().getByRole("button", { name: "Check in the cluster" }).click();
    await dialog().getByText("The cluster accepts it (dry run).").waitFor();
    await expect(spec("application", "team-shop", "kiosk")).rejects.toThrow(/not found/);
    await dialog().getByRole("button", { name: "Apply" }).click();
    await dialog().getByText("Applied.").waitFor();
    expect(await spec("application", "team-shop", "kiosk")).toMatchObject({ displayName: "Kiosk" });
    await cluster.ready("team-shop", "application/kiosk");
  });

  test("suspends an Application after seeing what that closes, and resumes it", async () => {
    await page.goto(`${origin()}/applications/team-news/mobile-app`);
    await page.getByRole("button", { name: "Suspend" }).click();
    await dialog().getByText("Closes").waitFor();
    expect(await dialog().innerText()).toContain("news.example.com/orders");
    await apply();
    expect(await spec("application", "team-news", "mobile-app")).toMatchObject({ suspended: true });
    await page.locator("button", { hasText: "Resume" }).waitFor();
    expect(await dialog().innerText()).toContain("Applied.");
    await dialog().getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Resume" }).click();
    await dialog().getByText("Opens").waitFor();
    await apply();
    expect(await spec("application", "team-news", "mobile-app")).toMatchObject({ suspended: false });
  });

  test("authorizes an Application of the list, a partner by id, and removes an entry", async () => {
    await page.goto(`${origin()}/grants/team-shop/partners`);
    await page.getByRole("button", { name: "Authorize" }).click();
    await dialog().getByLabel("Application of this namespace").selectOption("kiosk");
    await dialog().getByText("Opens").waitFor();
    await apply();
    await dialog().getByRole("button", { name: "Close" }).click();
    await page.getByRole("link", { name: "kiosk" }).first().waitFor();
    await page.getByRole("button", { name: "Authorize" }).click();
    await dialog().getByLabel("or application id of a partner").fill("app-k3v9x0q2");
    await dialog().getByText("applicationId: app-k3v9x0q2").waitFor();
    await apply();
    await dialog().getByRole("button", { name: "Close" }).click();
    const entry = page.getByRole("listitem").filter({ hasText: "kiosk" }).filter({ hasText: "Admitted" });
    await entry.getByRole("button", { name: "Remove" }).click();
    await dialog().getByText("Closes").waitFor();
    await apply();
    await page
      .locator("li", { hasText: "Remove" })
      .filter({ hasText: "kiosk" })
      .waitFor({ state: "detached" });
    expect(await dialog().innerText()).toContain("Applied.");
    expect((await spec("apigrant", "team-shop", "partners")).applications).toEqual([
      { name: "mobile-app" },
      { applicationId: "app-k3v9x0q2" },
    ]);
  });

  test("rotates and resets keys, and sets an expiry", async () => {
    await page.goto(`${origin()}/applications/team-shop/kiosk`);
    await page.getByRole("button", { name: "Rotate keys" }).click();
    await dialog().getByText("It opens and closes nothing.").waitFor();
    await apply();
    await dialog().getByRole("button", { name: "Close" }).click();
    await page.locator(".keys").getByText("Retiring").waitFor();
    await page.getByRole("button", { name: "Reset keys" }).click();
    await dialog().getByText("revokedKeys").waitFor();
    await apply();
    await dialog().getByRole("button", { name: "Close" }).click();
    await page.getByRole("button", { name: "Set expiry" }).click();
    await dialog().getByLabel("Expires, in your time zone").fill("2099-01-01T00:00");
    await dialog().getByText("expiresAt: ").waitFor();
    await apply();
    const { credentials, expiresAt } = await spec("application", "team-shop", "kiosk");
    expect([credentials.revokedKeys.length, expiresAt.slice(0, 2)]).toEqual([1, "20"]);
  });

  test("sees a secret only after a click, and it is in no URL and no log", async () => {
    const { secret } = await cluster.credentials("team-shop", "mobile-app");
    const urls: string[] = [];
    page.on("request", (request) => urls.push(request.url()));
    await page.goto(`${origin()}/applications/team-shop/mobile-app`);
    await page.getByRole("button", { name: "Show the secret" }).waitFor();
    expect(await page.content()).not.toContain(secret);
    const response = page.waitForResponse(/api\/secret$/);
    await page.getByRole("button", { name: "Show the secret" }).click();
    await page.getByText(secret).waitFor();
    expect((await response).headers()["cache-control"]).toBe("no-store");
    await page.getByRole("button", { name: "Hide" }).click();
    expect(await page.content()).not.toContain(secret);
    expect(urls.join()).not.toContain(secret);
    expect(running?.program.output).not.toContain(secret);
  });

  test("gets a change refused that was planned on an older version", async () => {
    await page.goto(`${origin()}/applications/team-news/mobile-app`);
    await page.getByRole("button", { name: "Suspend" }).click();
    await dialog().getByRole("button", { name: "Check in the cluster" }).waitFor();
    const patch = ["patch", "application", "mobile-app", "-n", "team-news", "--type=merge"];
    await cluster.kubectl(...patch, "-p", '{"spec":{"description":"changed"}}');
    await page.getByText("changed").first().waitFor({ state: "attached" });
    await dialog().getByRole("button", { name: "Check in the cluster" }).click();
    await dialog().getByText("It was changed meanwhile").waitFor();
  });
});

test("a viewer may look at an action, and sees from the cluster that the right to apply it is missing", async () => {
  const resources =
    "--resource=applications.countersign.dev,apigrants.countersign.dev,apidomains.countersign.dev";
  const kubeconfig = await userWith(
    "reader",
    ["clusterrole", "reader", "--verb=get,list,watch", resources],
    ["clusterrolebinding", "reader", "--clusterrole=reader", "--serviceaccount=countersign-system:reader"],
  );
  const page = await visit(kubeconfig);
  await page.goto(`${running?.origin}/applications/team-shop/mobile-app`);
  await page.getByRole("button", { name: "Suspend" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Check in the cluster" }).click();
  await page.getByText(/You may not do this\. .*cannot patch resource "applications"/).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Show the secret" }).click();
  await page.getByText("kubectl create role mobile-app-credentials-reader -n team-shop").waitFor();
});

test("denials are counted live by code, Application and API, from the metrics of the verifiers", async () => {
  const page = await visit(cluster.server.kubeconfig, "--verifier-metrics", cluster.verifier.metricsUrl);
  await page.getByRole("navigation").getByRole("link", { name: "Denials" }).click();
  await page.getByText("None so far.").waitFor();
  // Counts are those between two looks.
  const deny = () => cluster.call({ host: "shop.example.com", path: "/orders" });
  await eventually(
    async () => {
      await deny();
      return await page.getByText("The request has no Authorization header.").isVisible();
    },
    { intervalMs: 500, timeoutMs: 30_000 },
  );
  expect(await page.locator("figcaption").innerText()).toContain("AuthorizationMissing");
  const unsigned = page.getByRole("listitem").filter({ hasText: "AuthorizationMissing" });
  expect(await unsigned.innerText()).toContain("no known key");
  const credentials = await cluster.credentials("team-news", "mobile-app");
  await cluster.call({ host: "shop.example.com", path: "/orders", credentials });
  const notGranted = page.getByRole("listitem").filter({ hasText: "ApiNotGranted" });
  await notGranted.getByRole("link", { name: "team-news/mobile-app" }).waitFor();
  await notGranted.getByText("No grant admits this Application for the API: ask its owner.").waitFor();
  await page.getByRole("searchbox").fill("team-shop/orders");
  await page.getByText(/^1 of \d+$/).waitFor();
  await notGranted.getByRole("link", { name: "team-shop/orders" }).click();
  await page.getByRole("heading", { name: "team-shop/orders", level: 1 }).waitFor();
  await page.goBack();
  await page.locator(".plot canvas").waitFor();
  expect(await page.locator(".plot canvas").isVisible()).toBe(true);
});

test("metrics of Pods that the viewer may not read are named, with the right to ask for", async () => {
  const page = await visit(await cluster.server.kubeconfigFor("countersign-system", "reader"));
  await page.getByRole("navigation").getByRole("link", { name: "Denials" }).click();
  await page.getByRole("alert").filter({ hasText: "the Leases of namespace countersign-data" }).waitFor();
});
