import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { bootstrap } from "../../../../../src/cli/commands/envoyConfig/bootstrap.ts";
import { corsOf } from "../../../../../src/cli/commands/envoyConfig/browserFlags.ts";
import { parseOrigin } from "../../../../../src/cli/commands/envoyConfig/cors.ts";
import type { EnvoyOptions } from "../../../../../src/cli/commands/envoyConfig/envoyOptions.ts";
import { sdsFiles } from "../../../../../src/cli/commands/envoyConfig/verifierTls.ts";
import { readVirtualHosts } from "../../../../../src/cli/commands/envoyConfig/virtualHosts.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

const options: EnvoyOptions = {
  listen: { host: "0.0.0.0", port: 8080 },
  admin: { host: "127.0.0.1", port: 9901 },
  upstream: { address: { host: "127.0.0.1", port: 3000 } },
  verifiers: [
    { host: "127.0.0.1", port: 9001 },
    { host: "127.0.0.1", port: 9002 },
  ],
  maxRequestBytes: 1024,
  timeoutSeconds: 0.5,
  virtualHosts: [{ name: "shop", hosts: ["api.shop.example.com"], pathPrefixes: ["/", "/test", "/test.eu"] }],
};

const text = (value: Partial<EnvoyOptions> = {}) => JSON.stringify(bootstrap({ ...options, ...value }));

describe("the Envoy configuration", () => {
  const settings: Record<string, string> = {
    "P23: it fails closed when the verifier does not answer": '"failure_mode_allow":false',
    "an error of the verifier is a 503": '"status_on_error":{"code":"ServiceUnavailable"}',
    "P6: headers arrive byte for byte": '"encode_raw_headers":true',
    "P13: a body is whole and byte for byte, or refused":
      '"with_request_body":{"max_request_bytes":1024,"allow_partial_message":false,"pack_as_bytes":true}',
    "P1: dot segments are resolved before the verifier sees them": '"normalize_path":true',
    "P1: double slashes are folded": '"merge_slashes":true',
    "P1: escaped slashes are refused": '"path_with_escaped_slashes_action":"REJECT_REQUEST"',
    "the verifier can change no header but its own": '"disallow_all":true,"disallow_is_error":true',
    "no endpoint is used that reports NOT_SERVING": '"healthy_panic_threshold":{"value":0}',
    "a retry asks another process": "previous_hosts",
  };
  test.each(Object.entries(settings))("%s", (_, setting) => {
    expect(text()).toContain(setting);
  });

  test("a header whose name has an underscore ends the request, or is dropped where callers send one", () => {
    expect(text()).toContain('"headers_with_underscores_action":"REJECT_REQUEST"');
    expect(text({ underscores: "drop" })).toContain('"headers_with_underscores_action":"DROP_HEADER"');
  });

  test("each verifier process is an endpoint of its own", () => {
    expect(text().match(/"port_value":900[12]/g)).toHaveLength(2);
  });

  test("the longest environment prefix is cut first, and / is left alone", () => {
    const regexes = [...text().matchAll(/"regex":"(\^[^"]*)"/g)].map((match) => match[1]);
    expect(regexes).toEqual(["^/test\\\\.eu/?", "^/test/?"]);
  });

  test("P35: the verifier is spoken to by mTLS, by files that Envoy follows, and is known by its name", () => {
    const verifierTls = { folder: "/tls", serverName: "verifier.test", sdsFolder: "/etc/envoy" };
    const config = text({ verifierTls });
    expect(config).toContain('"sni":"verifier.test"');
    expect(config).toContain('"path":"/etc/envoy/verifier-client.sds.json"');
    expect(config).toContain('"path":"/etc/envoy/verifier-ca.sds.json"');
    expect(config).toContain('"alpn_protocols":["h2"]');
    expect(config).toContain('"tls_minimum_protocol_version":"TLSv1_2"');
    const files = JSON.stringify(Object.fromEntries(sdsFiles(verifierTls)));
    expect(files).toContain('"private_key":{"filename":"/tls/tls.key"},"watched_directory":{"path":"/tls"}');
    expect(files).toContain('[{"san_type":"DNS","matcher":{"exact":"verifier.test"}}]');
    expect(text()).not.toContain('"sni"');
  });

  test("a verifier is known by a URI too", () => {
    const verifierTls = { folder: "/tls", serverName: "spiffe://test/verifier", sdsFolder: "/sds" };
    expect(JSON.stringify([...sdsFiles(verifierTls)])).toContain('"san_type":"URI"');
    expect(text({ verifierTls })).not.toContain('"sni"');
  });

  test("an https upstream is verified by name", () => {
    const tls = { serverName: "orders.internal", caFile: "/ca.pem" };
    const upstream = { address: { host: "orders.internal", port: 443 }, tls };
    expect(text({ upstream })).toContain('"match_typed_subject_alt_names":[{"san_type":"DNS"');
    expect(text({ upstream })).toContain('"type":"STRICT_DNS"');
  });
});

describe("for browsers", () => {
  const cors = corsOf({ corsOrigin: [{ kind: "exact", origin: "https://shop.example.com" }] });
  const filters = (value: Partial<EnvoyOptions>) =>
    [...text(value).matchAll(/"name":"envoy\.filters\.http\.(\w+)"/g)].map(([, name]) => name);

  test("CORS stands before the verifier, whose denials a script could not read otherwise", () => {
    expect(filters({ ...(cors ? { cors } : {}) })).toEqual(["cors", "ext_authz", "router"]);
    expect(filters({})).toEqual(["ext_authz", "router"]);
  });

  test("every virtual host has the policy", () => {
    expect(text({ ...(cors ? { cors } : {}) }).match(/"@type":"[^"]+CorsPolicy"/g)).toHaveLength(2);
  });

  test("connections are upgraded only to what was asked for", () => {
    expect(text({ upgrades: ["websocket"] })).toContain('"upgrade_configs":[{"upgrade_type":"websocket"}]');
    expect(text()).not.toContain("upgrade");
  });

  const origins: Record<string, [string, ReturnType<typeof parseOrigin>]> = {
    "a name": ["https://shop.example.com", { kind: "exact", origin: "https://shop.example.com" }],
    "a port": ["http://localhost:3000", { kind: "exact", origin: "http://localhost:3000" }],
    "an address": ["http://[::1]:3000", { kind: "exact", origin: "http://[::1]:3000" }],
    "an app's own scheme": ["capacitor://localhost", { kind: "exact", origin: "capacitor://localhost" }],
    "all names below one": [
      "https://*.example.com:8443",
      { kind: "subdomains", scheme: "https", host: "example.com", port: ":8443" },
    ],
    everything: ["*", { kind: "any" }],
    "no path": ["https://shop.example.com/", undefined],
    "no upper case": ["https://Shop.example.com", undefined],
    "no default port": ["https://shop.example.com:443", undefined],
    "no name without a scheme": ["shop.example.com", undefined],
    "no wildcard that is a part of a label": ["https://shop-*.example.com", undefined],
    "no wildcard of a whole top-level domain": ["https://*.com", undefined],
    "no wildcard of schemes": ["*://shop.example.com", undefined],
    "no null, which every sandboxed page sends": ["null", undefined],
    "no port above 65535": ["https://shop.example.com:99999", undefined],
  };
  test.each(Object.entries(origins))("an origin is %s", (_, [given, expected]) => {
    expect(parseOrigin(given)).toEqual(expected);
  });

  test("cookies are not sent for every origin", () => {
    const flags = { corsOrigin: [{ kind: "any" } as const], corsAllowCredentials: true };
    expect(() => corsOf(flags)).toThrow("name the origins");
  });

  test("a flag that has no effect alone is refused", () => {
    expect(() => corsOf({ corsMaxAge: 60 })).toThrow("need --cors-origin");
    expect(corsOf({})).toBeUndefined();
  });
});

describe("the virtual hosts of a directory", () => {
  /** A directory with one file in it. */
  async function directoryOf(name: string, text: string): Promise<string> {
    const directory = await temporaryFolder("hosts");
    await writeFile(join(directory, name), text);
    return directory;
  }

  test("are the ApiDomains that have a prefix to cut", async () => {
    const hosts = await readVirtualHosts(
      new URL("../../../../../examples/quickstart", import.meta.url).pathname,
    );
    expect(hosts).toEqual([{ name: "shop", hosts: ["api.shop.example.com"], pathPrefixes: ["/", "/test"] }]);
  });

  test("are refused whole, with the file's name, when one file cannot be read", async () => {
    const directory = await directoryOf("broken.yaml", "kind: [ApiDomain\n");
    await expect(readVirtualHosts(directory)).rejects.toThrow("broken.yaml");
  });

  const domain = (spec: string) =>
    `apiVersion: countersign.dev/v1alpha1\nkind: ApiDomain\nmetadata: {name: shop}\nspec: ${spec}\n`;

  test("are refused with all problems of an ApiDomain, each with file and line", async () => {
    const spec = "{hosts: [A.b], namespaces: {names: [a]}, environments: [{name: a, pathPrefix: test}]}";
    const directory = await directoryOf("domain.yaml", domain(spec));
    const file = join(directory, "domain.yaml");
    await expect(readVirtualHosts(directory)).rejects.toThrow(
      new RegExp(
        `${file}:4: ApiDomain shop: spec.hosts\\[0\\]: .*\n  ${file}:4: ApiDomain shop: spec.environments\\[0\\].pathPrefix`,
      ),
    );
  });

  test("do not depend on objects of other kinds", async () => {
    const spec = "{hosts: [a.b], namespaces: {names: [a]}, environments: [{name: a, pathPrefix: /test}]}";
    const grant = "apiVersion: countersign.dev/v1alpha1\nkind: ApiGrant\nmetadata: {name: x}\nspec: {}\n";
    const directory = await directoryOf("all.yaml", `${domain(spec)}---\n${grant}`);
    expect(await readVirtualHosts(directory)).toMatchObject([{ name: "shop", pathPrefixes: ["/test"] }]);
  });
});
