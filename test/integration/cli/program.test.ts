import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { leaseName } from "../../../src/cli/commands/verifier/processIdentity.ts";
import { countersign } from "../../support/cluster.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder("cli");
});

/** Runs the program to its end, in an empty folder. */
async function run(...args: string[]) {
  const program = countersign(args, { KUBECONFIG: join(folder, "none") }, folder);
  const status = await program.ended;
  return { status, stdout: program.stdout, stderr: program.output };
}

const COMMANDS = [
  "standalone",
  "operator",
  "verifier",
  "sign",
  "explain",
  "replay",
  "validate",
  "access",
  "import",
  "export-script",
  "envoy-config",
  "doctor",
  "crds",
  "uninstall",
  "version",
];

describe("the program", () => {
  test("lists its commands, and every one of them explains itself", async () => {
    const { status, stdout } = await run("--help");
    expect(status).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    const helps = await Promise.all(COMMANDS.map((command) => run(command, "--help")));
    for (const help of helps)
      expect([help.status, help.stdout]).toEqual([0, expect.stringMatching(/^Usage: /)]);
  });

  const misuses: Record<string, [string[], RegExp]> = {
    "without a command": [[], /Usage: countersign/],
    "with an unknown command": [["stand"], /unknown command 'stand'.*(standalone|--help)/s],
    "with an unknown option": [["version", "--loud"], /unknown option '--loud'/],
    "with an invalid value": [["verifier", "--max-staleness", "1 day"], /Write a duration in h, m, s and ms/],
    "without a directory for standalone": [["standalone"], /missing required argument 'directory'/],
    "with an invalid address": [["verifier", "--listen", "nowhere"], /Write host:port/],
    "a directory that is not there": [
      ["standalone", "nowhere"],
      /the directory nowhere does not exist: create it/,
    ],
    "sign without a key": [["sign", "http://a.example.com/"], /--credentials FILE, or --key-id/],
    "sign with an invalid URL": [["sign", "orders"], /must begin with http/],
    "a secret variable that is not set": [
      ["sign", "--key-id", "A", "--secret-env", "NOT_SET", "http://a.example.com/"],
      /environment variable NOT_SET contains no secret/,
    ],
    "credentials that are not there": [
      ["sign", "--credentials", "none.yaml", "http://a.example.com/"],
      /none\.yaml cannot be read/,
    ],
  };
  test.each(Object.entries(misuses))(
    "%s ends with status 2 and an error with the remedy",
    async (_, [args, message]) => {
      const { status, stderr } = await run(...args);
      expect([status, stderr]).toEqual([2, expect.stringMatching(message)]);
    },
  );

  test.each([
    [["--timeout", "1s500ms"], "1.5s"],
    [[], "0.5s"],
  ])("prints the timeout of an Envoy configuration as Envoy writes durations: %j", async (flags, timeout) => {
    const { stdout } = await run("envoy-config", "--upstream", "http://127.0.0.1:3000", ...flags);
    expect(stdout).toContain(`timeout: ${timeout}\n`);
    expect(stdout).toContain(`max_interval: ${timeout}\n`);
  });

  test("prints its version as text and as JSON, and the CRDs as YAML", async () => {
    const [text, json, crds] = await Promise.all([run("version"), run("version", "-o", "json"), run("crds")]);
    expect(text.stdout).toMatch(/^countersign \d+\.\d+\.\d+ \(Node /);
    expect(JSON.parse(json.stdout)).toMatchObject({
      countersign: expect.any(String),
      node: process.versions.node,
    });
    expect(crds.stdout.match(/^kind: CustomResourceDefinition$/gm)).toHaveLength(3);
  });
});

describe("sign", () => {
  const secretFile = () => join(folder, "secret");
  const manifest = (fields: object) =>
    writeFile(join(folder, "credentials.yaml"), JSON.stringify({ kind: "Secret", ...fields }));
  const sign = (...args: string[]) => run("sign", ...args);

  test("prints the headers to add, and P31: never the secret", async () => {
    await writeFile(secretFile(), "a-secret-of-somebody\n");
    const { status, stdout, stderr } = await sign(
      "--key-id",
      "APIDx",
      "--secret-file",
      secretFile(),
      "http://a.example.com/x",
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Accept: \*\/\*\nx-date: .* GMT\nauthorization: hmac id="APIDx", algorithm="hmac-sha256", headers="x-date", signature="[^"]{44}"\n$/,
    );
    expect(stderr).not.toContain("somebody");
  });

  test("takes a credentials Secret, with data or stringData", async () => {
    const forms = [
      { stringData: { ApiAppKey: "APIDx", ApiAppSecret: "s" } },
      {
        data: {
          ApiAppKey: Buffer.from("APIDx").toString("base64"),
          ApiAppSecret: Buffer.from("s").toString("base64"),
        },
      },
    ];
    for (const form of forms) {
      await manifest(form);
      const { stdout } = await sign(
        "--credentials",
        "credentials.yaml",
        "-o",
        "json",
        "http://a.example.com/x",
      );
      expect(JSON.parse(stdout).authorization).toContain('id="APIDx"');
    }
  });

  test("P31: an unreadable Secret is refused without a word of it", async () => {
    await writeFile(join(folder, "credentials.yaml"), "stringData: {ApiAppSecret: hidden\n");
    const { status, stderr } = await sign("--credentials", "credentials.yaml", "http://a.example.com/x");
    expect([status, stderr]).toEqual([2, expect.stringContaining("credentials.yaml is not valid YAML")]);
    expect(stderr).not.toContain("hidden");
  });

  test("prints a curl command that a shell takes apart into the same request", async () => {
    await manifest({ stringData: { ApiAppKey: "APIDx", ApiAppSecret: "s" } });
    const body = `{"it's": "$HOME é"}`;
    const { stdout } = await sign(
      ...["--credentials", "credentials.yaml", "--curl", "-H", "Content-Type: application/json", "-d", body],
      "http://a.example.com/x?a=1&b=2",
    );
    expect(stdout).toMatch(/^curl -i -X POST -H /);
    expect(stdout).toContain(
      String.raw`--data-raw '{"it'\''s": "$HOME é"}' 'http://a.example.com/x?a=1&b=2'`,
    );
  });
});

describe("a verifier's Lease is named", () => {
  test("after its Pod and instance", () => {
    expect(leaseName("0", { POD_NAME: "verifier-x", POD_UID: "0123456789" })).toBe("verifier-x.01234567.0");
  });

  test("after the machine where there is no Pod, the same at every start", () => {
    expect(leaseName("1", {})).toBe(leaseName("1", {}));
    expect(leaseName("1", {})).toMatch(/^[a-z0-9-]+\.[0-9a-f]{8}\.1$/);
  });
});
