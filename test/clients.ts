import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { run } from "./parts/cache.ts";
import { Program } from "./support/childProcess.ts";
import { countersign, startEnvoyFor } from "./support/cluster.ts";
import { eventually } from "./support/events.ts";
import { makeBundle } from "./support/freshBundle.ts";
import { team } from "./support/manifests.ts";
import { removeFolder, temporaryFolder } from "./support/temporaryFolder.ts";
import { startUpstream } from "./support/upstream.ts";

/**
 * Runs every program of docs/clients.md through a real Envoy and `standalone`: a GET with a query, a POST with a body, and
 * a GET with a wrong secret. Needs bash with curl and openssl, Python 3, Go, and Java 17 or newer.
 */
const LANGUAGES: Readonly<
  Record<string, { readonly file: string; readonly command: readonly string[]; readonly needs: string }>
> = {
  bash: { file: "client.sh", command: ["bash", "client.sh"], needs: "bash with curl and openssl" },
  python: { file: "client.py", command: ["python3", "client.py"], needs: "Python 3" },
  js: { file: "client.cjs", command: [process.execPath, "client.cjs"], needs: "Node" },
  go: { file: "client.go", command: ["go", "run", "client.go"], needs: "Go" },
  java: {
    file: "Main.java",
    command: ["java", "-Djdk.httpclient.allowRestrictedHeaders=host", "Main.java"],
    needs: "Java 17 or newer",
  },
};
const { namespace, host, domain, application, grant } = team("clients");
const cleanups: (() => Promise<unknown>)[] = [];

process.exitCode = await main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  })
  .finally(async () => {
    for (const end of cleanups.reverse()) await end().catch(() => {});
  });

async function main(): Promise<number> {
  await makeBundle();
  const folder = await temporaryFolder("clients");
  cleanups.push(() => removeFolder(folder));
  const { url, pair } = await startAll(folder);
  const docs = await readFile(new URL("../docs/clients.md", import.meta.url), "utf8");
  let failed = 0;
  for (const [language, { file, command, needs }] of Object.entries(LANGUAGES)) {
    const source = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "m").exec(docs)?.[1];
    if (source === undefined) throw new Error(`docs/clients.md has no program in ${language}`);
    await writeFile(join(folder, file), source);
    const env = { URL: `${url}/orders?b=2&a=x%20y&c=`, KEY_ID: pair.key, SECRET: pair.secret, HOST: host };
    // The shell's client is for paths whose parameters are sorted and plain already.
    if (language === "bash") env.URL = `${url}/orders?a=1&b=2`;
    const wanted = {
      GET: [env, "200"],
      POST: [{ ...env, BODY: '{"sku":7}' }, "200"],
      forged: [{ ...env, SECRET: "wrong" }, "401"],
    } as const;
    for (const [what, [variables, status]] of Object.entries(wanted)) {
      const got = await outputOf(command, folder, variables, needs);
      const isWell = got === status;
      if (!isWell) failed += 1;
      process.stdout.write(
        `${isWell ? "ok    " : "FAILED"}  ${language.padEnd(7)} ${what.padEnd(7)} ${got}\n`,
      );
    }
  }
  return failed === 0 ? 0 : 1;
}

async function outputOf(
  command: readonly string[],
  cwd: string,
  env: Record<string, string>,
  needs: string,
): Promise<string> {
  const [name = "", ...args] = command;
  await run("sh", ["-c", `command -v "${name}"`]).catch(() => {
    throw new Error(`${name} was not found: install ${needs}, which docs/clients.md is tested with.`);
  });
  const program = new Program(name, args, { cwd, env: { ...process.env, ...env } });
  const late = setTimeout(() => program.kill("SIGKILL"), 120_000);
  await program.ended;
  clearTimeout(late);
  return program.stdout.trim() || program.output.slice(-500);
}

async function startAll(folder: string) {
  const directory = join(folder, "yaml");
  await mkdir(directory);
  await writeFile(
    join(directory, "all.yaml"),
    [domain, application, grant].map((one) => stringify(one)).join("---\n"),
  );
  const upstream = await startUpstream();
  cleanups.push(() => upstream.stop());
  const anyPort = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  const standalone = countersign(["standalone", directory, ...anyPort, "--state-dir", join(folder, "state")]);
  cleanups.push(() => standalone.stop());
  const [, verifier = ""] = await standalone.waitFor(/^ready +gRPC \S+:(\d+)/m);
  const envoy = await startEnvoyFor([Number(verifier)], upstream.port);
  cleanups.push(() => envoy.stop());
  const text = await readFile(
    join(folder, "state/credentials", namespace, "mobile-app-credentials.yaml"),
    "utf8",
  );
  const field = (name: string) => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? "";
  const url = `http://127.0.0.1:${await envoy.listenerPort("in")}`;
  await eventually(async () => (await fetch(`${url}/orders`)).status === 401);
  return { url, pair: { key: field("ApiAppKey"), secret: field("ApiAppSecret") } };
}
