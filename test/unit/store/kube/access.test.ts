import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type AccessOptions, loadAccess } from "../../../../src/store/kube/access.ts";
import { SteppedClock } from "../../../support/steppedClock.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

let folder = "";
const path = (name: string) => join(folder, name);
const variables = ["KUBECONFIG", "HOME", "KUBERNETES_SERVICE_HOST"] as const;
const saved = new Map(variables.map((name) => [name, process.env[name]]));

beforeAll(async () => {
  folder = await temporaryFolder("access");
  await writeFile(path("ca.crt"), "an authority");
  await writeFile(path("token"), "token-1\n");
  await writeFile(path("config"), config("one", { tokenFile: "token" }));
  await writeFile(path("other"), config("two", { token: "token-of-two" }));
});
beforeEach(() => {
  for (const name of variables) delete process.env[name];
  process.env.HOME = folder;
});
afterAll(async () => {
  for (const [name, value] of saved) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

function config(name: string, user: object): string {
  return JSON.stringify({
    clusters: [
      { name, cluster: { server: `https://${name}.example.com/k8s/`, "certificate-authority": "ca.crt" } },
    ],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

describe("the server is that of", () => {
  const cases: Record<string, [() => AccessOptions, () => string | undefined, string]> = {
    "the file that is named": [() => ({ kubeconfig: path("config") }), () => undefined, "one"],
    "the file that is named, whatever KUBECONFIG is": [
      () => ({ kubeconfig: path("config") }),
      () => path("other"),
      "one",
    ],
    "the first file of KUBECONFIG": [() => ({}), () => `${path("other")}:${path("config")}`, "two"],
    "a file of KUBECONFIG that exists": [() => ({}), () => `${path("none")}:${path("config")}`, "one"],
    "the context that is named": [
      () => ({ context: "one" }),
      () => `${path("other")}:${path("config")}`,
      "one",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [options, kubeconfig, name]) => {
    const files = kubeconfig();
    if (files !== undefined) process.env.KUBECONFIG = files;
    expect(loadAccess(options()).server.hostname).toBe(`${name}.example.com`);
  });
});

describe("the error states the remedy when", () => {
  const cases: Record<string, [() => AccessOptions, string]> = {
    "there is no kubeconfig at all": [
      () => ({}),
      "there is no kubeconfig: pass --kubeconfig, set KUBECONFIG, or run in a Pod",
    ],
    "the context is unknown": [
      () => ({ kubeconfig: path("config"), context: "nowhere" }),
      'the kubeconfig has no context "nowhere"',
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [options, message]) => {
    expect(() => loadAccess(options())).toThrow(message);
  });
});

test("a token file is read again when the server no longer takes the token, and the authority comes with it", async () => {
  const access = loadAccess({ kubeconfig: path("config") });
  const first = await access.identify();
  expect(first.headers).toEqual({ Authorization: "Bearer token-1" });
  expect(String(first.tls.ca)).toBe("an authority");
  await writeFile(path("token"), "token-2\n");
  expect((await access.identify()).headers).toEqual({ Authorization: "Bearer token-1" });
  access.forget();
  const second = await access.identify();
  expect(second.headers).toEqual({ Authorization: "Bearer token-2" });
  expect(second.tlsKey).toBe(first.tlsKey);
});

test("an identity is cached for 10 s", async () => {
  const clock = new SteppedClock();
  await writeFile(path("token"), "token-1\n");
  const access = loadAccess({ kubeconfig: path("config"), clock });
  const first = access.identify();
  await clock.advance(9_950);
  expect(access.identify()).toBe(first);
  await clock.advance(50);
  expect(access.identify()).not.toBe(first);
  expect(await access.identify()).toEqual(await first);
});

test("an authority that was replaced is another identity, so that a new pool is made for it", async () => {
  const access = loadAccess({ kubeconfig: path("config") });
  const first = await access.identify();
  await writeFile(path("ca.crt"), "the next authority");
  access.forget();
  expect((await access.identify()).tlsKey).not.toBe(first.tlsKey);
});

test("a kubeconfig that is away for a moment leaves what was read before", async () => {
  await writeFile(path("passing"), config("one", { token: "kept" }));
  const access = loadAccess({ kubeconfig: path("passing") });
  await rm(path("passing"));
  access.forget();
  expect((await access.identify()).headers).toEqual({ Authorization: "Bearer kept" });
});
