import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { Knowledge } from "../../../../src/console/knowledge/knowledge.ts";
import { consoleApp } from "../../../../src/console/server/app.ts";
import { Revision } from "../../../../src/console/server/revision.ts";
import { Session } from "../../../../src/console/server/session.ts";
import { emptySource } from "../../../support/console/sources.ts";

const HOST = "127.0.0.1:4711";
const OWN = { host: HOST };
const html = { bytes: new TextEncoder().encode("<!doctype html>page"), type: "text/html; charset=utf-8" };

function started() {
  const session = new Session(randomBytes);
  const source = emptySource();
  const revision = new Revision(source.objects);
  const now = () => 0;
  const app = consoleApp({
    ...{ source, session, revision, version: "0.0.0", now, port: () => 4711 },
    knowledge: new Knowledge(source, () => revision.number, now),
    assets: new Map([["/index.html", html]]),
  });
  const get = (path: string, headers: Record<string, string> = OWN, method = "GET") =>
    app.request(`http://${headers.host ?? HOST}${path}`, { method, headers });
  const open = async () => {
    const response = await get(`/?token=${session.token}`);
    const cookie = response.headers.get("set-cookie") ?? "";
    return { response, cookie, headers: { ...OWN, cookie: cookie.split(";")[0] ?? "" } };
  };
  return { get, open, session };
}

test("the token sets a cookie that scripts and other sites cannot use", async () => {
  const { open } = started();
  const { response, cookie } = await open();
  expect(response.status).toBe(200);
  expect(cookie).toMatch(/^countersign-console-4711=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(response.headers.get("cache-control")).toBe("no-store");
});

test("the cookie opens pages and data", async () => {
  const { open, get } = started();
  const { headers } = await open();
  expect(await (await get("/", headers)).text()).toContain("page");
  expect(await (await get("/applications", headers)).text()).toContain("page");
  expect((await get("/api/meta", headers)).status).toBe(200);
});

test("a token works once", async () => {
  const { open, get, session } = started();
  await open();
  const again = await get(`/?token=${session.token}`);
  expect(again.status).toBe(403);
  expect(again.headers.get("set-cookie")).toBeNull();
});

describe("it denies", () => {
  const cases: Record<string, [path: string, headers: Record<string, string>, status: number]> = {
    "a request without a token": ["/", {}, 401],
    "data without a cookie": ["/api/applications", { cookie: "" }, 401],
    "scripts without a cookie": ["/assets/index.js", { cookie: "" }, 401],
    "a wrong cookie": ["/", { cookie: "countersign-console-4711=AAAA" }, 401],
    "a wrong token": ["/?token=AAAA", {}, 403],
    "another host, as after DNS rebinding": ["/api/meta", { host: "attacker.example:4711" }, 421],
    "the right host with another port": ["/api/meta", { host: "127.0.0.1:80" }, 421],
    "another origin": ["/api/meta", { origin: "http://attacker.example" }, 403],
    "the origin of another port of this machine": ["/api/meta", { origin: "http://127.0.0.1:80" }, 403],
    "a request that a page of another site sends": ["/api/meta", { "sec-fetch-site": "cross-site" }, 403],
    "a request that a page of another port sends": ["/api/meta", { "sec-fetch-site": "same-site" }, 403],
  };
  test.each(Object.entries(cases))("%s", async (_, [path, headers, status]) => {
    const { open, get } = started();
    const own = (await open()).headers;
    const response = await get(
      path,
      headers.cookie === undefined && status !== 401 ? { ...own, ...headers } : { ...OWN, ...headers },
    );
    expect(response.status).toBe(status);
  });

  test("a write without an Origin, which every browser sends", async () => {
    const { open, get } = started();
    const { headers } = await open();
    expect((await get("/api/meta", headers, "POST")).status).toBe(403);
    expect((await get("/api/meta", { ...headers, origin: `http://${HOST}` }, "POST")).status).toBe(404);
  });
});

test("every response forbids other sources, frames and sniffing", async () => {
  const { get } = started();
  const { headers } = await get("/", { host: "attacker.example" });
  expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
});
