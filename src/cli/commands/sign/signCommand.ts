import { Command, InvalidArgumentError, Option } from "commander";
import { schemeNamed } from "../../../signing/scheme.ts";
import { repeatable } from "../../shared/flags/optionValues.ts";
import { curlCommand } from "./curlCommand.ts";
import { type RequestFlags, readRequest } from "./requestFlags.ts";
import { keyOptions, readSigningKey, type SigningKeyFlags } from "./signingKey.ts";

interface Flags extends RequestFlags, SigningKeyFlags {
  readonly signedHeader?: readonly string[];
  readonly pathPrefix: string;
  readonly curl?: boolean;
  readonly showString?: boolean;
  readonly output: string;
}

const EXAMPLES = `
Examples:
  With a credentials Secret, from a cluster or from the state directory of \`standalone\`:
  $ kubectl get secret -n team-shop mobile-app-credentials -o yaml \\
      | countersign sign --credentials - --curl https://api.shop.example.com/orders
  With a key pair of your own:
  $ countersign sign --key-id APIDx --secret-env SECRET -X POST -d '{"sku": 7}' \\
      -H 'Content-Type: application/json' https://api.shop.example.com/orders
  As RFC 9421 has it, with a private key whose public key the Application lists:
  $ countersign sign --scheme HTTPMessageSignatures --key-id billing --private-key-file private.pem https://api.shop.example.com/orders

The secret is never taken from the command line, where every process of the machine could read it.
`;

/** `countersign sign`: the headers that make a request a signed one, or a whole curl command. */
export function signCommand(): Command {
  const command = new Command("sign")
    .summary("sign a request: print its headers, or a curl command")
    .description("Signs a request as its signature scheme documents it, and prints the headers to send.")
    .argument("<url>", "whole URL, as it will be sent")
    .option("-X, --request <method>", "method (default: GET, or POST with a body)", method)
    .option("-H, --header <header>", "header that the request carries, as `Name: value`", repeatable(String))
    .option("-d, --data <body>", "body; @file reads it from a file, @- from standard input")
    .option("--form <field>", "form field name=value; sets Content-Type", repeatable(String));
  for (const option of keyOptions()) command.addOption(option);
  return command
    .option(
      "--signed-header <name>",
      "a further header of the request to sign; those that the scheme requires always are",
      repeatable(String),
    )
    .option("--path-prefix <prefix>", "prefix of the environment, which is not signed, such as /release", "")
    .addOption(new Option("--curl", "print a curl command instead of the headers").conflicts("output"))
    .option("--show-string", "print the string that was signed on standard error")
    .addOption(
      new Option("-o, --output <format>", "headers as text or json")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText("after", EXAMPLES)
    .action(run);
}

async function run(url: string, flags: Flags): Promise<void> {
  const request = await readRequest(url, flags);
  const key = await readSigningKey(flags);
  const nonce = flags.nonce === undefined ? {} : { nonce: flags.nonce };
  const signed = schemeNamed(flags.scheme).sign(
    { ...request, ...nonce, environmentPrefix: flags.pathPrefix },
    key,
    new Date(),
    flags.signedHeader ?? [],
  );
  if (flags.showString) process.stderr.write(`${Buffer.from(signed.stringToSign, "latin1")}\n`);
  const headers = [...request.headers, ...signed.headers];
  const text = flags.curl
    ? curlCommand(url, { ...request, headers })
    : flags.output === "json"
      ? JSON.stringify(Object.fromEntries(headers))
      : headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  process.stdout.write(`${text}\n`);
}

function method(text: string): string {
  if (!/^[A-Z]+$/.test(text))
    throw new InvalidArgumentError("Write a method in upper case, for example POST.");
  return text;
}
