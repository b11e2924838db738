import { InvalidArgumentError, Option } from "commander";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { repeatable } from "../../shared/flags/optionValues.ts";
import { type CorsOptions, type Origin, originOf, parseOrigin } from "./cors.ts";

/** Flags for callers in browsers. */
export interface BrowserFlags {
  readonly corsOrigin?: readonly Origin[];
  readonly corsAllowHeader?: readonly string[];
  readonly corsExposeHeader?: readonly string[];
  readonly corsAllowCredentials?: boolean;
  readonly corsMaxAge?: number;
  readonly upgrade?: readonly "websocket"[];
}

/** Chromium caches the response to a preflight for at most two hours, Firefox for at most a day. */
const MAX_AGE_SECONDS = 86_400;
const DEFAULT_MAX_AGE_SECONDS = 600;

export function browserOptions(): readonly Option[] {
  return [
    new Option(
      "--cors-origin <origin>",
      "origin of browser scripts that may call, such as https://shop.example.com; repeatable; https://*.example.com for all subdomains, * for every origin",
    ).argParser(repeatable(origin)),
    new Option(
      "--cors-allow-header <name>",
      "further request header that these scripts may send; repeatable",
    ).argParser(repeatable(headerName)),
    new Option(
      "--cors-expose-header <name>",
      "further response header that these scripts may read; repeatable",
    ).argParser(repeatable(headerName)),
    new Option("--cors-allow-credentials", "allow these scripts to send cookies; signatures do not need it"),
    new Option(
      "--cors-max-age <seconds>",
      `how long browsers cache the response to a preflight (default: ${DEFAULT_MAX_AGE_SECONDS})`,
    ).argParser(maxAge),
    new Option(
      "--upgrade <protocol>",
      "allow upgraded connections: websocket; only the request that opens a connection is checked",
    ).argParser(upgrades),
  ];
}

/** The CORS options of the flags. Throws CliFailure when a flag has no effect without another one, or allows every origin to send cookies. */
export function corsOf(flags: BrowserFlags): CorsOptions | undefined {
  const { corsOrigin, corsAllowHeader, corsExposeHeader, corsAllowCredentials, corsMaxAge } = flags;
  if (!corsOrigin) {
    const lonely = [corsAllowHeader, corsExposeHeader, corsAllowCredentials, corsMaxAge];
    if (lonely.every((value) => value === undefined)) return undefined;
    throw new CliFailure(
      "the --cors-* flags need --cors-origin: name the origins whose scripts may call",
      USAGE,
    );
  }
  if (corsAllowCredentials && corsOrigin.some(({ kind }) => kind === "any"))
    throw new CliFailure(
      "--cors-allow-credentials with --cors-origin '*' would allow every web page to send its visitors' cookies: name the origins",
      USAGE,
    );
  return {
    origins: corsOrigin,
    allowHeaders: corsAllowHeader ?? [],
    exposeHeaders: corsExposeHeader ?? [],
    allowCredentials: corsAllowCredentials ?? false,
    maxAgeSeconds: corsMaxAge ?? DEFAULT_MAX_AGE_SECONDS,
  };
}

function origin(text: string): Origin {
  const parsed = parseOrigin(text);
  if (parsed) return parsed;
  const meant = originOf(text);
  throw new InvalidArgumentError(
    meant !== undefined && parseOrigin(meant)
      ? `Browsers send this origin as ${meant}: write that.`
      : "Write an origin such as https://shop.example.com, https://*.example.com or *.",
  );
}

function headerName(text: string): string {
  if (!/^[!#$%&'+\-.^_`|~0-9A-Za-z]+$/.test(text))
    throw new InvalidArgumentError("Write the name of one header, for example X-Tenant.");
  return text;
}

function maxAge(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > MAX_AGE_SECONDS)
    throw new InvalidArgumentError(`Write whole seconds, from 0 to ${MAX_AGE_SECONDS}.`);
  return value;
}

function upgrades(text: string, before: readonly "websocket"[] = []): readonly "websocket"[] {
  if (text !== "websocket") throw new InvalidArgumentError("The only protocol is websocket.");
  return before.includes(text) ? before : [...before, text];
}
