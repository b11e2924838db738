import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { COMMAND_STATUSES } from "../../../src/cli/shared/exitStatus.ts";
import { lockFile } from "../../../src/store/files/state/fileLock.ts";
import { countersign } from "../../support/cluster.ts";
import { freshBundle } from "../../support/freshBundle.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const REQUEST = "GET /orders HTTP/1.1\r\nHost: api.example.com\r\n\r\n";
const URL_TO_SIGN = "http://api.example.com/orders";
const KEY = ["--key-id", "APIDx", "--secret-file", "secret"];
const PORTS = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
const UPSTREAM = ["--upstream", "http://127.0.0.1:1"];

let folder: string;
/** An API server that accepts connections and never responds. */
let silent: Server;
let unlock: (() => void) | undefined;

beforeAll(async () => {
  folder = await temporaryFolder("status");
  silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  await mkdir(join(folder, "empty"));
  await mkdir(join(folder, "in-use"));
  await mkdir(join(folder, "broken"));
  await writeFile(join(folder, "in-use/lock"), `${process.pid}\n`);
  unlock = lockFile(join(folder, "in-use/lock.db"));
  await writeFile(join(folder, "broken/a.yaml"), "a: [\n");
  await writeFile(join(folder, "request"), REQUEST);
  await writeFile(join(folder, "secret"), "a-secret-of-somebody");
  await writeFile(join(folder, "cut-request"), "GET /orders HTTP/1.1\r\nHost:");
  await writeFile(join(folder, "traffic"), "");
  await writeFile(join(folder, "no-yaml"), "a: [\n");
  await writeFile(join(folder, "unreachable"), kubeconfig("https://127.0.0.1:1"));
  await writeFile(join(folder, "silent"), kubeconfig(urlOf(silent)));
});
afterAll(async () => {
  unlock?.();
  silent.close();
  await rm(folder, { recursive: true });
});

const urlOf = (server: Server) => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    "current-context": "c",
  });
}

const start = (args: readonly string[]) => countersign(args, { KUBECONFIG: join(folder, "missing") }, folder);

/** The smallest command line that each command understands. */
const MINIMAL: Readonly<Record<string, readonly string[]>> = {
  standalone: ["standalone", "empty"],
  operator: ["operator"],
  verifier: ["verifier"],
  sign: ["sign", ...KEY, URL_TO_SIGN],
  explain: ["explain", "--request", "request"],
  replay: ["replay", "traffic"],
  validate: ["validate", "empty"],
  access: ["access"],
  console: ["console"],
  import: ["import", "tencent", "empty", "--out", "out"],
  "export-script": ["export-script", "tencent"],
  "envoy-config": ["envoy-config", ...UPSTREAM],
  doctor: ["doctor"],
  verifiers: ["verifiers"],
  crds: ["crds"],
  uninstall: ["uninstall"],
  version: ["version"],
};
const OF_A_CLUSTER = [
  "operator",
  "verifier",
  "explain",
  "replay",
  "access",
  "console",
  "doctor",
  "verifiers",
  "uninstall",
];

/** A mistake in a command line: its title, the arguments, a pattern of the one error message. */
type Mistake = readonly [title: string, args: readonly string[], message: RegExp];

const wrong = (name: string): readonly Mistake[] => [
  [`${name} with an unknown option`, [...(MINIMAL[name] ?? []), "--loud"], /unknown option '--loud'/],
  [
    `${name} with a surplus argument`,
    [...(MINIMAL[name] ?? []), "surplus"],
    // replay, validate and import take any number of files.
    /too many arguments|unknown command 'surplus'|surplus cannot be read \(ENOENT\)/,
  ],
];
const withoutCluster = (name: string): readonly Mistake[] => [
  [`${name} without a kubeconfig`, MINIMAL[name] ?? [], /the kubeconfig cannot be used: .*missing/],
  [
    `${name} with a kubeconfig that is not there`,
    [...(MINIMAL[name] ?? []), "--kubeconfig", "none"],
    /the kubeconfig cannot be used: .*none/,
  ],
  [
    `${name} with a kubeconfig that is not YAML`,
    [...(MINIMAL[name] ?? []), "--kubeconfig", "no-yaml"],
    /the kubeconfig cannot be used/,
  ],
  [
    `${name} with a context that is not there`,
    [...(MINIMAL[name] ?? []), "--kubeconfig", "silent", "--context", "other"],
    /the kubeconfig has no context "other"/,
  ],
];

/** Flags of which one would be ignored. */
const IGNORED: readonly Mistake[] = [
  ...["--key-id", "--secret-file", "--secret-env"].map(
    (flag): Mistake => [
      `sign with --credentials and ${flag}`,
      ["sign", "--credentials", "none", flag, "x", URL_TO_SIGN],
      new RegExp(`'--credentials <file>' cannot be used with option '${flag} `),
    ],
  ),
  [
    "sign with two places of a secret",
    ["sign", "--key-id", "A", "--secret-file", "secret", "--secret-env", "A", URL_TO_SIGN],
    /'--secret-file <file>' cannot be used with option '--secret-env /,
  ],
  [
    "sign with two formats",
    ["sign", ...KEY, "--curl", "-o", "json", URL_TO_SIGN],
    /'--curl' cannot be used with option '-o, --output /,
  ],
  ...["--kubeconfig", "--context", "--data-namespace"].flatMap((flag): readonly Mistake[] => [
    [
      `explain by a directory and with ${flag}`,
      ["explain", "--request", "request", "--resources", "empty", flag, "x"],
      new RegExp(`'--resources <directory>' cannot be used with option '${flag} `),
    ],
    [
      `replay by a directory and with ${flag}`,
      ["replay", "traffic", "--resources", "empty", flag, "x"],
      new RegExp(`'--resources <directory>' cannot be used with option '${flag} `),
    ],
  ]),
  ...["--resources", "--kubeconfig", "--state-dir"].map(
    (flag): Mistake => [
      `explain with a key and ${flag}`,
      ["explain", "--request", "request", ...KEY, flag, "empty"],
      new RegExp(`'--key-id <key>' cannot be used with option '${flag} `),
    ],
  ),
  ...[
    ["--environment-prefix", "/release"],
    ["--parameters", "Decoded"],
    ["--open", "JoinedValues"],
  ].map(
    ([flag = "", value = ""]): Mistake => [
      `explain without a key and with ${flag}`,
      ["explain", "--request", "request", "--resources", "empty", flag, value],
      new RegExp(`${flag} has no effect without --key-id or --credentials`),
    ],
  ),
  [
    "explain by a cluster with --state-dir",
    ["explain", "--request", "request", "--state-dir", "empty"],
    /--state-dir has no effect without --resources/,
  ],
  [
    "replay by a cluster with --state-dir",
    ["replay", "traffic", "--state-dir", "empty"],
    /--state-dir has no effect without --resources/,
  ],
  ...["verifier", "standalone"].map(
    (name): Mistake => [
      `${name} in plaintext with --tls-max-connection-age`,
      [...(MINIMAL[name] ?? []), "--tls-max-connection-age", "5m"],
      /--tls-max-connection-age has no effect without --tls-dir/,
    ],
  ),
  [
    "envoy-config in plaintext with --sds-dir",
    ["envoy-config", ...UPSTREAM, "--sds-dir", "sds"],
    /--sds-dir has no effect without --verifier-tls-dir/,
  ],
  [
    "doctor with --probe alone",
    ["doctor", "--probe", "http://127.0.0.1:1"],
    /--probe has no effect without --host/,
  ],
  ["doctor with --host alone", ["doctor", "--host", "a.example.com"], /--host has no effect without --probe/],
];

const CANNOT_RUN: readonly Mistake[] = [
  ...IGNORED,
  ...Object.keys(COMMAND_STATUSES).flatMap(wrong),
  ...OF_A_CLUSTER.flatMap(withoutCluster),
  ["no command", [], /Usage: countersign/],
  ["an unknown command", ["stand"], /unknown command 'stand'/],
  ["standalone without a directory", ["standalone"], /missing required argument/],
  [
    "standalone of a directory that is not there",
    ["standalone", "none"],
    /the directory none does not exist/,
  ],
  ["standalone of a file", ["standalone", "request", ...PORTS], /request is not a directory/],
  [
    "standalone with certificates that are not there",
    ["standalone", "empty", ...PORTS, "--tls-dir", "none", "--tls-client-name", "envoy.example.internal"],
    /none\/tls\.crt/,
  ],
  [
    "verifier with certificates that are not there",
    [
      "verifier",
      "--kubeconfig",
      "silent",
      "--tls-dir",
      "none",
      "--tls-client-name",
      "envoy.example.internal",
    ],
    /none\/tls\.crt/,
  ],
  ["verifier with an invalid duration", ["verifier", "--drain", "soon"], /Write a duration/],
  ["sign without a key", ["sign", URL_TO_SIGN], /give --credentials FILE/],
  ["sign with credentials that are not there", ["sign", "--credentials", "none", URL_TO_SIGN], /none cannot/],
  [
    "sign with credentials that are not YAML",
    ["sign", "--credentials", "no-yaml", URL_TO_SIGN],
    /no-yaml is not valid YAML/,
  ],
  [
    "sign with a secret that is not there",
    ["sign", "--key-id", "APIDx", "--secret-file", "none", URL_TO_SIGN],
    /none cannot be read/,
  ],
  ["sign with a body that is not there", ["sign", ...KEY, "-d", "@none", URL_TO_SIGN], /none cannot be read/],
  ["explain without a request", ["explain"], /required option '--request <file>'/],
  ["explain of a request that is not there", ["explain", "--request", "none", ...KEY], /none cannot be read/],
  [
    "explain of a directory without a capture",
    ["explain", "--request", "empty", ...KEY],
    /empty holds no request/,
  ],
  [
    "explain of a cut request",
    ["explain", "--request", "cut-request", ...KEY],
    /cut-request: the empty line/,
  ],
  [
    "explain with a string to sign that is not there",
    ["explain", "--request", "request", ...KEY, "--string-to-sign", "none"],
    /none cannot be read/,
  ],
  [
    "explain with resources that are not there",
    ["explain", "--request", "request", "--resources", "none"],
    /none is not a directory/,
  ],
  ["replay of a file that is not there", ["replay", "none", "--resources", "empty"], /none cannot be read/],
  [
    "replay with resources that are not there",
    ["replay", "traffic", "--resources", "none"],
    /none is not a directory/,
  ],
  ["envoy-config without an upstream", ["envoy-config"], /required option '--upstream <url>'/],
  [
    "envoy-config with resources that are not there",
    ["envoy-config", ...UPSTREAM, "--resources", "none"],
    /--resources cannot be used:\n {2}none:1: the directory cannot be read/,
  ],
  [
    "envoy-config with resources that are not YAML",
    ["envoy-config", ...UPSTREAM, "--resources", "broken"],
    /--resources cannot be used:\n {2}broken\/a\.yaml/,
  ],
  [
    "envoy-config with a folder that cannot be written",
    [
      ...["envoy-config", ...UPSTREAM, "--verifier-tls-dir", "tls", "--verifier-tls-name", "a.example"],
      ...["--sds-dir", "request/sds"],
    ],
    /--sds-dir .* cannot be written: .*ENOTDIR/,
  ],
  [
    "envoy-config with one of two flags that belong together",
    ["envoy-config", ...UPSTREAM, "--verifier-tls-dir", "tls"],
    /need each other/,
  ],
  [
    "envoy-config with a timeout in bare seconds",
    ["envoy-config", ...UPSTREAM, "--timeout", "0.5"],
    /Write a duration in h, m, s and ms, for example 1h, 90s or 500ms/,
  ],
  [
    "envoy-config with a timeout of nothing",
    ["envoy-config", ...UPSTREAM, "--timeout", "0s"],
    /Write a duration above 0s and up to 60s/,
  ],
  [
    "envoy-config with a timeout of more than a minute",
    ["envoy-config", ...UPSTREAM, "--timeout", "61s"],
    /Write a duration above 0s and up to 60s/,
  ],
  [
    "envoy-config with --cors-max-age and no --cors-origin",
    ["envoy-config", ...UPSTREAM, "--cors-max-age", "60"],
    /need --cors-origin/,
  ],
  ["doctor with an unknown finding", ["doctor", "--accept", "everything"], /Write the name of a finding/],
  [
    "explain by a cluster that does not respond",
    [...(MINIMAL.explain ?? []), "--kubeconfig", "unreachable"],
    /the cluster cannot be read: .*ECONNREFUSED/,
  ],
  [
    "replay by a cluster that does not respond",
    [...(MINIMAL.replay ?? []), "--kubeconfig", "unreachable"],
    /the cluster cannot be read: .*ECONNREFUSED/,
  ],
  [
    "import of a folder without files",
    MINIMAL.import ?? [],
    /empty: no file is there: name files or folders/,
  ],
  [
    "access of a cluster that does not respond",
    ["access", "--kubeconfig", "unreachable"],
    /the cluster cannot be read: .*ECONNREFUSED/,
  ],
  ["access of files with an error", ["access", "broken"], /broken has 1 error; countersign validate lists/],
  [
    "access of files and of a cluster",
    ["access", "empty", "--context", "x"],
    /--context has no effect with a path/,
  ],
  [
    "access of a request without an Application",
    ["access", "empty", "--can", "GET https://a.x/"],
    /--can has no effect without --application/,
  ],
  [
    "access of an Application that is missing",
    ["access", "empty", "--application", "x", "--can", "GET https://a.x/"],
    /no Application x is declared/,
  ],
  [
    "access of a request without a method",
    ["access", "empty", "--application", "x", "--can", "a.x"],
    /Write method and URL/,
  ],
  ["access diff of one version", ["access", "diff", "empty"], /missing required argument 'new'/],
  ["access diff of a version with an error", ["access", "diff", "empty", "broken"], /broken has 1 error/],
  ["validate without a path", ["validate"], /missing required argument 'path'/],
  ["validate in an unknown format", ["validate", "empty", "-o", "xml"], /text, json, github, sarif/],
  ["doctor of a cluster that does not respond", ["doctor", "--kubeconfig", "unreachable"], /cannot-look/],
];

const FAILED: readonly Mistake[] = [
  [
    "validate of files with an error",
    ["validate", "broken"],
    /broken\/a\.yaml:2:1: error FileUnreadable: is not valid YAML/,
  ],
  [
    "standalone with a state directory that is in use",
    ["standalone", "empty", ...PORTS, "--state-dir", "in-use"],
    /in-use is in use by process/,
  ],
  [
    "standalone with a state directory that cannot be made",
    ["standalone", "empty", ...PORTS, "--state-dir", "request/state"],
    /request\/state cannot be made \(ENOTDIR\)/,
  ],
  [
    "verifiers of a cluster that does not respond",
    ["verifiers", "--kubeconfig", "unreachable"],
    /the API server did not respond: .*ECONNREFUSED/,
  ],
  [
    "uninstall from a cluster that does not respond",
    ["uninstall", "--kubeconfig", "unreachable"],
    /run it again/,
  ],
];

test("the mistakes are of every command", () => {
  expect(Object.keys(MINIMAL)).toEqual(Object.keys(COMMAND_STATUSES));
});

describe.each([
  [2, CANNOT_RUN],
  [1, FAILED],
] as const)("ends with %i and a sentence, without a stack trace:", (expected, mistakes) => {
  test.each(mistakes)("%s", async (_, args, message) => {
    const program = start(args);
    expect([await program.ended, program.output]).toEqual([expected, expect.stringMatching(message)]);
    expect(program.output).not.toMatch(/^ +at |internal error/m);
  });
});

describe("ends with 0:", () => {
  const fine = ["sign", "validate", "envoy-config", "crds", "version"];
  test.each(fine)("%s", async (name) => {
    const program = start(MINIMAL[name] ?? []);
    expect([await program.ended, program.output]).toEqual([0, expect.any(String)]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("standalone that %s stops", async (signal) => {
    const program = start(["standalone", "empty", ...PORTS]);
    await program.waitFor(/^ready/m);
    expect([await program.stop(signal), program.output]).toEqual([0, expect.any(String)]);
  });
});

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s, while the API server does not respond, ends with %i:", (signal, status) => {
  test.each(["explain", "replay", "access", "doctor", "verifiers", "uninstall"])("%s", async (name) => {
    const connected = once(silent, "connection");
    const program = start([...(MINIMAL[name] ?? []), "--kubeconfig", "silent"]);
    await connected;
    expect([await program.stop(signal), program.output]).toEqual([
      status,
      expect.stringMatching(/^countersign: interrupted/m),
    ]);
  });
});

describe("a reader that closes the pipe ends with 141, without a word, whatever was found:", () => {
  const printing: Readonly<Record<string, readonly string[]>> = {
    sign: MINIMAL.sign ?? [],
    "envoy-config": MINIMAL["envoy-config"] ?? [],
    crds: MINIMAL.crds ?? [],
    version: MINIMAL.version ?? [],
    explain: ["explain", "--request", "request", ...KEY],
    validate: ["validate", "broken"],
    access: ["access", "empty"],
    doctor: ["doctor", "--verifier", "http://127.0.0.1:1"],
  };
  test.each(Object.entries(printing))("%s", async (_, args) => {
    const child = spawn(process.execPath, [freshBundle(), ...args], {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    const [status] = await once(child, "close");
    expect([status, errors]).toEqual([141, ""]);
  });
});
