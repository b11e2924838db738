import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { openPage, startBrowser } from "../support/console/browser.ts";
import { type ConsoleProcess, startConsole } from "../support/console/consoleProcess.ts";
import { writeShop } from "../support/console/shopFolder.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

let browser: Browser;
let running: ConsoleProcess;
let site: Server;
/** The page of another site, in the browser that has the session of the console. */
let foreign: Page;
/** Requests to the console that the foreign page has caused, as `METHOD /path status`. */
let seen: string[];

beforeAll(async () => {
  const folder = await temporaryFolder("console-foreign");
  await writeShop(folder);
  running = await startConsole(["--resources", folder, "--state-dir", `${folder}/none`]);
  browser = await startBrowser();
  const { page } = await openPage(browser);
  await page.goto(running.url);
  await page.getByRole("navigation").waitFor();
  site = createServer((_, response) =>
    response
      .writeHead(200, { "content-type": "text/html" })
      .end('<!doctype html><html lang="en"><title>Another site</title><body></body></html>'),
  );
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  foreign = await page.context().newPage();
  seen = [];
  foreign.on("response", (response) => {
    const { pathname, origin } = new URL(response.url());
    if (origin === running.origin)
      seen.push(`${response.request().method()} ${pathname} ${response.status()}`);
  });
});

afterAll(async () => {
  site?.close();
  await browser?.close();
  await running?.program.stop();
});

/** Opens the foreign page by a name of loopback: another site (localhost), or the same site on another port (127.0.0.1). */
async function visit(host: string): Promise<void> {
  seen = [];
  await foreign.goto(`http://${host}:${(site.address() as AddressInfo).port}/`);
}

/** What a script of the foreign page returns. */
const run = (script: string) => foreign.evaluate<string>(`(async () => { ${script} })()`);
const settled = (make: string) =>
  run(`return await new Promise((resolve) => {
    ${make}
    setTimeout(() => resolve("nothing"), 5_000);
  });`);

const PLAN = JSON.stringify({ action: { kind: "suspend", namespace: "team-shop", name: "mobile-app" } });
const SECRET = JSON.stringify({ namespace: "team-shop", name: "legacy" });

describe.each(["localhost", "127.0.0.1"])("a page of another server at %s", (host) => {
  const read = (path: string, options: string) =>
    run(`try {
      const response = await fetch("${running.origin}${path}", ${options});
      return response.type + " " + response.status + " " + (await response.text());
    } catch (error) { return error.name; }`);

  test("reads nothing by fetch with the cookie, in any mode", async () => {
    await visit(host);
    for (const path of ["/api/applications", "/api/overview", "/"])
      expect(await read(path, '{ credentials: "include" }')).toBe("TypeError");
    // Cross-Origin-Resource-Policy withholds the response even from a request that may not look at it.
    expect(await read("/api/applications", '{ credentials: "include", mode: "no-cors" }')).toBe("TypeError");
    expect(seen.filter((line) => line.endsWith(" 200"))).toEqual([]);
  });

  test("changes nothing by fetch: neither a plan, nor a secret, nor an apply", async () => {
    await visit(host);
    const post = (body: string) =>
      `{ method: "POST", credentials: "include", mode: "no-cors", headers: { "content-type": "text/plain" }, body: ${JSON.stringify(body)} }`;
    expect(await read("/api/plan", post(PLAN))).toBe("TypeError");
    expect(await read("/api/apply", post(PLAN))).toBe("TypeError");
    expect(await read("/api/secret", post(SECRET))).toBe("TypeError");
    expect(seen.filter((line) => !line.endsWith(" 403"))).toEqual([]);
  });

  test("cannot send a form", async () => {
    await visit(host);
    const answered = foreign.waitForResponse((response) => response.url().endsWith("/api/secret"));
    await foreign.evaluate(`
      const form = document.createElement("form");
      form.method = "post"; form.enctype = "text/plain"; form.action = "${running.origin}/api/secret";
      const field = document.createElement("input");
      field.name = '{"namespace":"team-shop","name":"legacy","x":"'; field.value = '"}';
      form.append(field); document.body.append(form); form.submit();
    `);
    const response = await answered;
    expect(response.status()).toBe(403);
    expect(await response.text()).not.toContain("legacy-secret");
  });

  test("cannot show it in a frame, nor load it as an image, a script or a style", async () => {
    await visit(host);
    const framed = await settled(`
      const frame = document.createElement("iframe");
      frame.src = "${running.origin}/";
      frame.onload = () => { try { resolve(frame.contentDocument ? "readable" : "opaque"); } catch { resolve("opaque"); } };
      document.body.append(frame);
    `);
    expect(framed).toBe("opaque");
    const frames = await Promise.all(
      foreign
        .frames()
        .slice(1)
        .map((frame) => frame.content()),
    );
    expect(frames.join()).not.toContain('id="app"');
    for (const [element, path] of [
      ["img", "/api/applications"],
      ["script", "/api/applications"],
    ])
      expect(
        await settled(`
          const one = document.createElement("${element}");
          one.onload = () => resolve("loaded"); one.onerror = () => resolve("failed");
          one.src = "${running.origin}${path}"; document.body.append(one);
        `),
      ).toBe("failed");
  });

  test("hears nothing of events, and opens no WebSocket", async () => {
    await visit(host);
    const events = await settled(`
      const events = new EventSource("${running.origin}/api/events", { withCredentials: true });
      events.onmessage = ({ data }) => resolve("heard " + data); events.onerror = () => resolve("failed");
    `);
    expect(events).toBe("failed");
    const socket = await settled(`
      const socket = new WebSocket("${running.origin.replace("http", "ws")}/api/events");
      socket.onopen = () => resolve("open"); socket.onerror = () => resolve("failed");
    `);
    expect(socket).toBe("failed");
  });
});

test("the console's own page still works after all of this", async () => {
  const own = await foreign.context().newPage();
  await own.goto(`${running.origin}/applications/team-shop/mobile-app`);
  await own.getByRole("button", { name: "Suspend" }).waitFor();
});
