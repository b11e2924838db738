import { describe, expect, jest, test } from "@jest/globals";
import { bootstrap } from "../../../../../src/cli/commands/envoyConfig/bootstrap.ts";
import type { EnvoyOptions } from "../../../../../src/cli/commands/envoyConfig/envoyOptions.ts";
import { warnOfTap } from "../../../../../src/cli/commands/envoyConfig/tapWarning.ts";

const admin = { host: "127.0.0.1", port: 9901 };
const options: EnvoyOptions = {
  ...{ listen: { host: "0.0.0.0", port: 8080 }, admin, maxRequestBytes: 1_024, timeoutSeconds: 0.5 },
  upstream: { address: { host: "127.0.0.1", port: 3000 } },
  ...{ verifiers: [{ host: "127.0.0.1", port: 9001 }], virtualHosts: [] },
};
const text = (value: Partial<EnvoyOptions> = {}) => JSON.stringify(bootstrap({ ...options, ...value }));
const tapped = text({ tap: { folder: "/var/tap" } });

describe("an Envoy configuration with a tap", () => {
  test("records requests as they are when the verifier gets them: directly before ext_authz, and streamed", () => {
    const filters = [...tapped.matchAll(/"name":"(envoy\.filters\.http\.[a-z_]+)"/g)].map(([, name]) => name);
    expect(filters).toEqual([
      "envoy.filters.http.tap",
      "envoy.filters.http.ext_authz",
      "envoy.filters.http.router",
    ]);
    expect(tapped).toContain('"streaming":true');
  });

  test("records bodies as bytes and as long as the verifier gets them, and no response", () => {
    expect(tapped).toContain('"max_buffered_rx_bytes":1024,"max_buffered_tx_bytes":0');
    expect(tapped).toContain(
      '"format":"JSON_BODY_AS_BYTES","file_per_tap":{"path_prefix":"/var/tap/request"}',
    );
  });

  test("records the time after it has removed a client's header of that name", () => {
    const [remove, append] = [
      '"remove_on_match":{"key_matcher":{"prefix":"x-countersign-"',
      '"key":"x-countersign-received-at"',
    ];
    expect(tapped.indexOf(remove as string)).toBeGreaterThan(0);
    expect(tapped.indexOf(append as string)).toBeGreaterThan(tapped.indexOf(remove as string));
  });

  test("can be stopped by the admin interface", () => {
    expect(tapped).toContain('"runtime_key":"countersign.tap"');
    expect(tapped).toContain('"layered_runtime":{"layers":[{"name":"admin","admin_layer":{}}]}');
  });
});

test("an Envoy configuration records nothing by default", () => {
  expect(text()).not.toMatch(/tap|layered_runtime|received-at/);
});

test("the warning is printed, and is the head of the file: what is recorded, who can read it, how much it is, how to stop", () => {
  const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  const head = warnOfTap({ folder: "/var/tap" }, admin);
  const printed = String(write.mock.calls[0]?.[0]);
  write.mockRestore();
  expect(printed).toBe(`warning: ${head.replaceAll(/^# /gm, "")}`);
  expect(
    head
      .trimEnd()
      .split("\n")
      .every((line) => line.startsWith("# ")),
  ).toBe(true);
  for (const fact of [
    "/var/tap",
    "Authorization",
    "bodies",
    "plain text",
    "0700",
    "GiB",
    "http://127.0.0.1:9901/runtime_modify?countersign.tap=0",
  ])
    expect(head).toContain(fact);
});
