import { InvalidArgumentError, Option } from "commander";
import type { AskedRequest } from "../../../access/decide.ts";
import type { ClusterFlags } from "../../shared/flags/clusterFlags.ts";
import { timeOption } from "../../shared/flags/timeOption.ts";

/** Flags of `access`. */
export interface AccessFlags extends ClusterFlags {
  readonly application?: string;
  readonly api?: string;
  readonly host?: string;
  readonly can?: AskedRequest;
  readonly class?: string;
  /** Milliseconds. */
  readonly unused?: number;
  readonly stateDir: string;
  /** Epoch milliseconds; default: now. */
  readonly at?: number;
  readonly output: "table" | "json" | "csv" | "markdown";
}

/** Options that `access` and `access diff` share. */
export function commonOptions(): readonly Option[] {
  return [
    timeOption(),
    new Option(
      "--class <name>",
      "only the installation of this spec.className (default: all, each on its own)",
    ),
  ];
}

/** Parses `GET https://api.example.com/path`. Throws InvalidArgumentError. */
export function parseRequest(text: string): AskedRequest {
  const [, method = "", host = "", path = "/"] =
    /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) +https?:\/\/([^/?#\s]+)([/?][^\s#]*)?$/.exec(text) ?? [];
  if (method === "")
    throw new InvalidArgumentError("Write method and URL, such as 'GET https://api.example.com/orders'.");
  return { method, host, path: path.startsWith("?") ? `/${path}` : path };
}
