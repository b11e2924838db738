import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { stringify } from "yaml";
import { type Address, addressOfUrl } from "../../../base/address.ts";
import { CliFailure } from "../../shared/failure.ts";
import { needs } from "../../shared/flags/needs.ts";
import { address, bytesOption, duration, repeatable } from "../../shared/flags/optionValues.ts";
import { bootstrap } from "./bootstrap.ts";
import { type BrowserFlags, browserOptions, corsOf } from "./browserFlags.ts";
import {
  type EnvoyOptions,
  UNDERSCORE_ACTIONS,
  type UnderscoreAction,
  type Upstream,
  type VerifierTls,
} from "./envoyOptions.ts";
import type { TapOptions } from "./tapFilter.ts";
import { warnOfTap } from "./tapWarning.ts";
import { sdsFiles } from "./verifierTls.ts";
import { readVirtualHosts } from "./virtualHosts.ts";

interface Flags extends BrowserFlags {
  readonly listen: Address;
  readonly admin: Address;
  readonly upstream: Upstream;
  readonly upstreamCa: string;
  readonly verifier?: readonly Address[];
  readonly verifierTlsDir?: string;
  readonly verifierTlsName?: string;
  readonly sdsDir: string;
  readonly resources?: string;
  readonly maxRequestBytes: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly tap?: string;
  readonly headersWithUnderscores: UnderscoreAction;
}

const MAX_TIMEOUT_MS = 60_000;

const EXAMPLES = `
Examples:
  $ countersign envoy-config --upstream http://127.0.0.1:3000 > envoy.yaml
  $ envoy --mode validate -c envoy.yaml && envoy -c envoy.yaml

  Two verifier processes; the path prefixes of the ApiDomains in ./resources are removed before the upstream:
  $ countersign envoy-config --upstream https://orders.internal --resources ./resources \\
      --verifier 127.0.0.1:9001 127.0.0.1:9002

  Callers are the scripts of a web shop, and apps that open WebSockets:
  $ countersign envoy-config --upstream http://127.0.0.1:3000 --cors-origin https://shop.example.com \\
      --cors-origin 'https://*.preview.example.com' --upgrade websocket

  Record all requests for \`countersign replay\`; read the warning on standard error first:
  $ countersign envoy-config --upstream http://127.0.0.1:3000 --tap /var/lib/envoy/tap > envoy.yaml

  mTLS with verifiers that run with --tls-dir; with two SDS files next to envoy.yaml, Envoy reloads certificates:
  $ countersign envoy-config --upstream http://127.0.0.1:3000 --verifier 10.0.0.7:9001 \\
      --verifier-tls-dir /etc/envoy/verifier-tls --verifier-tls-name verifier.example.internal \\
      --sds-dir /etc/envoy > /etc/envoy/envoy.yaml
`;

/** `countersign envoy-config`: prints a complete Envoy configuration with the settings that the verifier relies on. */
export function envoyConfigCommand(): Command {
  const command = needs(new Command("envoy-config"), { sdsDir: ["verifierTlsDir"] })
    .summary("print a complete Envoy configuration")
    .description(
      "Prints a complete Envoy configuration (YAML): a listener, an upstream, and the verifier in between. Envoy and the verifier interpret each request in the same way, and Envoy denies all requests while no verifier responds.",
    )
    .requiredOption(
      "--upstream <url>",
      "where allowed requests go: http://host[:port] or https://host[:port]",
      upstream,
    )
    .addOption(addressOption("--listen <host:port>", "where callers connect", "0.0.0.0:8080"))
    .addOption(addressOption("--admin <host:port>", "Envoy's admin interface", "127.0.0.1:9901"));
  for (const option of [...verifierOptions(), ...upstreamOptions(), ...browserOptions()])
    command.addOption(option);
  return command.addHelpText("after", EXAMPLES).action(async (flags: Flags) => {
    process.stdout.write(await configuration(flags));
  });
}

/** Where the verifiers are, and how Envoy connects to them. */
function verifierOptions(): readonly Option[] {
  return [
    new Option(
      "--verifier <host:port...>",
      "the verifier processes, one endpoint each (default: 127.0.0.1:9001)",
    ).argParser(repeatable(address)),
    new Option(
      "--verifier-tls-dir <folder>",
      "use mTLS with the verifiers: folder with Envoy's tls.crt and tls.key, and the ca.crt that issues the verifiers' certificates",
    ),
    new Option(
      "--verifier-tls-name <name>",
      "DNS name or URI (SAN) in the verifiers' certificates",
    ).argParser(sanName),
    new Option(
      "--sds-dir <folder>",
      "with --verifier-tls-dir: where to write the two SDS files by which Envoy reloads certificates",
    ).default("."),
  ];
}

function upstreamOptions(): readonly Option[] {
  return [
    new Option(
      "--resources <dir>",
      "directory of YAML files; the path prefixes of its ApiDomains are removed before the upstream",
    ),
    new Option("--upstream-ca <file>", "trusted authorities for an https upstream").default(
      "/etc/ssl/certs/ca-certificates.crt",
    ),
    bytesOption("--max-request-bytes <n>", "largest body; give the verifier the same value", 16_777_216),
    new Option("--timeout <duration>", "how long Envoy waits for a decision")
      .argParser(timeout)
      .default(timeout("500ms"), "500ms"),
    new Option(
      "--headers-with-underscores <action>",
      "what Envoy does with a header whose name has an underscore: reject the request, or drop the header, which no caller can then sign",
    )
      .choices(UNDERSCORE_ACTIONS)
      .default("reject"),
    new Option(
      "--tap <folder>",
      "record every request, with its credentials and body, in this folder of Envoy's machine, for `replay`; prints a warning",
    ),
  ];
}

async function configuration(flags: Flags): Promise<string> {
  const verifierTls = verifierTlsOf(flags);
  if (verifierTls) await writeSdsFiles(verifierTls);
  const tap = flags.tap === undefined ? undefined : { folder: resolve(flags.tap) };
  const options = await optionsOf(flags, verifierTls, tap);
  return `${tap ? warnOfTap(tap, flags.admin) : ""}${stringify(bootstrap(options), { lineWidth: 0 })}`;
}

async function optionsOf(
  flags: Flags,
  verifierTls: VerifierTls | undefined,
  tap: TapOptions | undefined,
): Promise<EnvoyOptions> {
  const cors = corsOf(flags);
  const tls = flags.upstream.tls && { ...flags.upstream.tls, caFile: flags.upstreamCa };
  return {
    listen: flags.listen,
    admin: flags.admin,
    upstream: { address: flags.upstream.address, ...(tls ? { tls } : {}) },
    verifiers: flags.verifier ?? [address("127.0.0.1:9001")],
    ...(verifierTls ? { verifierTls } : {}),
    maxRequestBytes: flags.maxRequestBytes,
    timeoutSeconds: flags.timeout / 1_000,
    underscores: flags.headersWithUnderscores,
    virtualHosts: flags.resources === undefined ? [] : await readVirtualHosts(flags.resources),
    ...(cors ? { cors } : {}),
    ...(flags.upgrade ? { upgrades: flags.upgrade } : {}),
    ...(tap ? { tap } : {}),
  };
}

/** Paths are absolute: Envoy may run in another working directory. */
function verifierTlsOf({ verifierTlsDir, verifierTlsName, sdsDir }: Flags): VerifierTls | undefined {
  if (verifierTlsDir === undefined && verifierTlsName === undefined) return undefined;
  if (verifierTlsDir === undefined || verifierTlsName === undefined)
    throw new CliFailure(
      "--verifier-tls-dir and --verifier-tls-name need each other: give the folder of Envoy's certificates, and the name in the verifiers' certificates",
    );
  return { folder: resolve(verifierTlsDir), serverName: verifierTlsName, sdsFolder: resolve(sdsDir) };
}

async function writeSdsFiles(tls: VerifierTls): Promise<void> {
  try {
    await mkdir(tls.sdsFolder, { recursive: true });
    for (const [name, content] of sdsFiles(tls)) {
      const path = join(tls.sdsFolder, name);
      await writeFile(path, `${JSON.stringify(content, undefined, 2)}\n`);
      process.stderr.write(`wrote ${path}\n`);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliFailure(`--sds-dir ${tls.sdsFolder} cannot be written: ${reason}`);
  }
}

function sanName(text: string): string {
  if (text === "" || /[\s*]/.test(text))
    throw new InvalidArgumentError(
      "Write a full name without wildcards, for example verifier.example.internal.",
    );
  return text;
}

function addressOption(flags: string, description: string, text: string): Option {
  return new Option(flags, description).argParser(address).default(address(text), text);
}

function upstream(text: string): Upstream {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.pathname !== "/" || url.search !== "") {
    throw new InvalidArgumentError("Write http://host:port or https://host:port, without a path.");
  }
  const address = addressOfUrl(url);
  const isSecure = url.protocol === "https:";
  return { address, ...(isSecure ? { tls: { serverName: address.host, caFile: "" } } : {}) };
}

function timeout(text: string): number {
  const ms = duration(text);
  if (ms === 0 || ms > MAX_TIMEOUT_MS)
    throw new InvalidArgumentError("Write a duration above 0s and up to 60s, for example 500ms.");
  return ms;
}
