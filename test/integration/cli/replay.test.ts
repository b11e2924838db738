import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { signedHeaders } from "../../support/caller.ts";
import { Program } from "../../support/childProcess.ts";
import { countersign } from "../../support/cluster.ts";
import { freshBundle } from "../../support/freshBundle.ts";
import { applicationManifest, team } from "../../support/manifests.ts";

const AT = new Date("2026-11-24T09:00:00Z");
const pair = { key: "APIDcaller", secret: "a-secret-of-the-caller" };
const { namespace, host, domain, grant } = team("replay");
const RESOURCES = ["--resources", "yaml"];
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder("replay");
  await mkdir(join(folder, "yaml"));
  await mkdir(join(folder, "tmp"));
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "pair", namespace },
    stringData: { ApiAppKey: pair.key, ApiAppSecret: pair.secret },
  };
  const application = applicationManifest("mobile-app", namespace, {
    credentials: { source: "Imported", importFrom: { name: "pair" } },
  });
  const items = [domain, application, grant, secret];
  await writeFile(join(folder, "yaml/all.json"), JSON.stringify({ kind: "List", items }));
});

/** A captured request in parts. */
function line(path: string, signedPath = path) {
  const headers = signedHeaders({ port: 0, path, signedPath, credentials: pair, date: AT });
  return {
    time: AT.toISOString(),
    method: "GET",
    target: path,
    headers: [["Host", host], ...Object.entries(headers)],
  };
}
const raw = (text: string) => ({ time: AT.toISOString(), raw: Buffer.from(text).toString("base64") });
const textOf = (one: unknown) => (typeof one === "string" ? one : JSON.stringify(one));
const ALLOWED = line("/orders");
const DENIED = line("/refunds");
/** What a day's capture holds beside requests. */
const SCANNER = raw(`GET /a b HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
const CUT = textOf(ALLOWED).slice(0, 100);

async function replay(lines: readonly unknown[], ...args: string[]) {
  await writeFile(join(folder, "traffic.jsonl"), lines.map(textOf).join("\n"));
  const program = countersign(["replay", "traffic.jsonl", ...RESOURCES, ...args], {}, folder);
  const status = await program.ended;
  const { stdout, output } = program;
  return { status, stdout, output, rows: stdout.trimEnd().split("\n") };
}
const json = (rows: readonly string[]) => rows.map((row) => JSON.parse(row));

describe("the report", () => {
  test("counts by API, environment, Application and code, and names the setting that would help", async () => {
    const { status, stdout, rows } = await replay([
      line("/orders"),
      line("/orders/2"),
      line("/refunds"),
      line("/orders?a=b%2Bc", "/orders?a=b+c"),
      line("/orders?a=b%20c"),
    ]);
    expect(status).toBe(1);
    expect(rows[0]).toMatch(/^API +ENVIRONMENT +APPLICATION +CODE +REQUESTS$/);
    expect(rows[1]).toMatch(/^team-replay\/orders +release +team-replay\/mobile-app +Allowed +3$/);
    expect(stdout).toMatch(/^- +release +team-replay\/mobile-app +NoApiMatch +1$/m);
    expect(stdout).toMatch(/SignatureMismatch +1$/m);
    expect(rows).toContain(
      "1 request of team-replay/mobile-app would be allowed with spec.signing.parameters: Decoded; it would deny 1 of the first 1 allowed requests with parameters, which parameters: Either does not",
    );
    expect(rows.at(-1)).toBe("3 of 5 requests are allowed");
  });

  test("counts unreadable lines, and names each with its reason", async () => {
    const { status, rows } = await replay([ALLOWED, SCANNER, ALLOWED, CUT, ALLOWED]);
    expect(status).toBe(1);
    expect(rows.slice(-3)).toEqual([
      `traffic.jsonl:2: unreadable: raw: the first line is not METHOD PATH HTTP/1.1 (the path contains a space): "GET /a b HTTP/1.1"`,
      "traffic.jsonl:4: unreadable: is not JSON; it may have been truncated",
      "3 of 3 requests are allowed, 2 places are unreadable",
    ]);
  });
});

describe("the rows of -o jsonl", () => {
  const FIELDS = [
    ...["id", "decision", "code", "form", "applicationId", "wouldVerifyWith", "codeWithSetting"],
    ...["application", "environment", "api", "file", "line", "reason"],
  ];

  test("are one for each request, with the line's number where it has no id", async () => {
    const { rows } = await replay([line("/orders"), { id: "second", ...line("/orders") }], "-o", "jsonl");
    const decided = json(rows);
    expect(decided.map(({ id, decision }) => [id, decision])).toEqual([
      [1, "allow"],
      ["second", "allow"],
    ]);
    expect(Object.keys(decided[0])).toEqual(FIELDS);
  });

  test("are one for each unreadable line too, and the lines behind it are decided", async () => {
    const lines = [ALLOWED, { id: "scan", ...SCANNER }, CUT, DENIED, ALLOWED];
    const { status, rows } = await replay(lines, "-o", "jsonl");
    expect(status).toBe(1);
    const results = json(rows);
    expect(results.map(({ id, decision, line: at }) => [id, decision, at])).toEqual([
      [1, "allow", 1],
      ["scan", "unreadable", 2],
      [3, "unreadable", 3],
      [4, "deny", 4],
      [5, "allow", 5],
    ]);
    expect(Object.keys(results[1])).toEqual(FIELDS);
    expect(results[2]).toEqual({
      ...Object.fromEntries(FIELDS.map((field) => [field, null])),
      ...{ id: 3, decision: "unreadable", file: "traffic.jsonl", line: 3 },
      reason: "is not JSON; it may have been truncated",
    });
  });

  test("of a long capture with unreadable lines in it are complete", async () => {
    const block = [...Array(99).fill(ALLOWED), SCANNER];
    const { rows } = await replay(Array(20).fill(block).flat(), "-o", "jsonl");
    const decisions = json(rows).map(({ decision }) => decision);
    expect(decisions).toHaveLength(2_000);
    expect(decisions.filter((decision) => decision === "unreadable")).toHaveLength(20);
  });
});

describe("several files and folders", () => {
  const har = (headers: readonly (readonly string[])[], more = {}) => ({
    startedDateTime: AT.toISOString(),
    request: {
      ...{ method: "GET", url: `https://${host}/orders`, bodySize: 0 },
      headers: headers.map(([name, value]) => ({ name, value })),
      ...more,
    },
    response: {},
  });

  test("of several formats are read in one call, and what cannot be decided is counted with its reason", async () => {
    await mkdir(join(folder, "captured/deep"), { recursive: true });
    const entries = [har(ALLOWED.headers), har(ALLOWED.headers, { bodySize: 5 })];
    await writeFile(
      join(folder, "captured/a.har"),
      JSON.stringify({ log: { creator: { name: "x" }, entries } }),
    );
    await writeFile(join(folder, "captured/deep/b"), textOf(DENIED));
    await writeFile(join(folder, "captured/.hidden"), "nonsense");
    const { status, rows, stdout } = await replay([ALLOWED], "captured");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^team-replay\/orders +release +team-replay\/mobile-app +not decidable +1$/m);
    expect(rows).toContain("1 request not decidable: the HAR has no body of it (5 bytes were sent)");
    expect(rows.at(-1)).toBe("2 of 4 requests are allowed, 1 is not decidable");
    const found = json((await replay([ALLOWED], "captured", "-o", "jsonl")).rows);
    expect(found.map(({ file, id, decision }) => [file, id, decision])).toEqual([
      ["traffic.jsonl", 1, "allow"],
      ["captured/a.har", 1, "allow"],
      ["captured/a.har", 2, "undecidable"],
      ["captured/deep/b", 1, "deny"],
    ]);
  });

  test("are reported as one JSON object by -o json", async () => {
    const { stdout } = await replay([ALLOWED, DENIED], "-o", "json");
    expect(JSON.parse(stdout)).toMatchObject({ allowed: 1, denied: 1, undecidable: 0, unreadable: 0 });
  });

  test("that do not exist end the run before anything is decided", async () => {
    const { status, output } = await replay([ALLOWED], "missing.har");
    expect([status, output]).toEqual([2, "countersign: missing.har cannot be read (ENOENT)\n"]);
  });
});

describe("the exit status", () => {
  const cases: Record<string, [readonly unknown[], number]> = {
    "is 0 when every request is allowed": [[ALLOWED, "", ALLOWED], 0],
    "is 1 when a request is denied": [[ALLOWED, DENIED], 1],
    "is 1 when a line is unreadable": [[ALLOWED, SCANNER], 1],
    "is 1 when every line is unreadable": [[CUT], 1],
    "is 2 when there is no request at all": [["", " "], 2],
  };
  test.each(Object.entries(cases))("%s", async (_, [lines, expected]) => {
    expect((await replay(lines)).status).toBe(expected);
  });
});

describe("--strict", () => {
  const broken: Record<string, [unknown, RegExp]> = {
    "no JSON": ["{", /traffic\.jsonl:2: unreadable: is not JSON/],
    "no time": [{ raw: "" }, /traffic\.jsonl:2: unreadable: time must be a time/],
    "no request": [{ time: AT.toISOString() }, /needs "raw", or "method"/],
    "bytes that are not a request": [raw("GET"), /raw: the empty line/],
  };
  test.each(Object.entries(broken))(
    "ends with status 2 at a line with %s, and names it",
    async (_, [text, message]) => {
      const { status, output } = await replay([ALLOWED, text, ALLOWED], "--strict");
      expect([status, output]).toEqual([2, expect.stringMatching(message)]);
      expect(output).not.toContain("    at ");
    },
  );

  test("prints the rows before that line", async () => {
    const { status, stdout } = await replay([ALLOWED, DENIED, CUT, ALLOWED], "--strict", "-o", "jsonl");
    expect(status).toBe(2);
    expect(json(stdout.trimEnd().split("\n")).map(({ decision }) => decision)).toEqual(["allow", "deny"]);
  });

  test("changes nothing where every line is a request", async () => {
    expect((await replay([ALLOWED], "--strict")).status).toBe(0);
  });
});

/** Starts replay of standard input, which stays open, with its temporary files in a folder of their own. */
function started(...args: string[]) {
  const child = spawn(process.execPath, [freshBundle(), "replay", "-", ...RESOURCES, ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: join(folder, "tmp") },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.stderr += text;
  });
  // It ends before it has read everything.
  child.stdin.on("error", () => {});
  return { child, printed };
}

describe("Ctrl-C", () => {
  /** More than one read of the pipe, so that rows are written before the input ends. */
  const MANY = `${textOf(ALLOWED)}\n`.repeat(2_000);

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "(%s) prints the report of what was decided so far, and ends with %i",
    async (signal, status) => {
      const { child, printed } = started();
      // The writes end when the program has read all but what fits into the pipe.
      await new Promise((resolve) => child.stdin.write(MANY, resolve));
      child.kill(signal);
      expect(await once(child, "close")).toEqual([status, null]);
      expect(printed.stdout).toMatch(
        /^API .*\nteam-replay\/orders +release +team-replay\/mobile-app +Allowed +\d+\n\d+ of \d+ requests are allowed\n$/,
      );
      expect(printed.stderr).toMatch(/^countersign: interrupted: \d+ requests were read\n$/);
      expect(await readdir(join(folder, "tmp"))).toEqual([]);
    },
  );

  test("leaves whole rows behind", async () => {
    const { child, printed } = started("-o", "jsonl");
    child.stdin.write(MANY);
    await once(child.stdout, "data");
    child.kill("SIGINT");
    expect(await once(child, "close")).toEqual([130, null]);
    expect(printed.stdout.endsWith("\n")).toBe(true);
    expect(json(printed.stdout.trimEnd().split("\n")).every(({ decision }) => decision === "allow")).toBe(
      true,
    );
  });
});

test("a reader that closes the pipe ends it with 141, without a word", async () => {
  const { child, printed } = started("-o", "jsonl");
  child.stdin.write(`${textOf(ALLOWED)}\n`.repeat(5_000));
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect(await once(child, "close")).toEqual([141, null]);
  expect(printed.stderr).toBe("");
});

/**
 * Runs a command whose standard error is a terminal, and feeds it one line after the other until progress is shown; prints
 * what the terminal saw.
 */
const ON_A_TERMINAL = `
import os, pty, subprocess, sys, threading
line = sys.argv[1].encode() + b"\\n"
terminal, other = pty.openpty()
child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=other)
os.close(other)
shown = threading.Event()
def feed():
    while not shown.wait(0.05):
        child.stdin.write(line)
        child.stdin.flush()
    child.stdin.close()
threading.Thread(target=feed).start()
seen = b""
while True:
    try:
        data = os.read(terminal, 1024)
    except OSError:
        break
    if not data:
        break
    seen += data
    if b"replaying" in seen:
        shown.set()
sys.stdout.write(repr(seen.decode()))
sys.exit(child.wait())
`;

import { temporaryFolder } from "../../support/temporaryFolder.ts";

describe("progress", () => {
  test("is shown on a terminal while a long input is read, and erased at the end", async () => {
    const command = [process.execPath, freshBundle(), "replay", "-", ...RESOURCES];
    const program = new Program("python3", ["-c", ON_A_TERMINAL, textOf(ALLOWED), ...command], {
      cwd: folder,
      env: { ...process.env, TERM: "xterm" },
    });
    expect([await program.ended, program.output]).toEqual([
      0,
      expect.stringMatching(/^'(\\rreplaying: \d+ requests\\x1b\[K)+\\r\\x1b\[K'$/),
    ]);
  });

  test("is not shown where standard error is no terminal", async () => {
    const { output, stdout } = await replay(Array(5_000).fill(ALLOWED));
    expect(output).toBe(stdout);
  });
});
