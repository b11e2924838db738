import { Registry } from "prom-client";
import { exposeBuildInfo } from "../../observe/buildInfo.ts";
import { createLogger, type Logger } from "../../observe/logger.ts";
import { exposeProcess } from "../../observe/processMetrics.ts";
import { packageVersion } from "./packageVersion.ts";
import { untilSignal } from "./untilSignal.ts";

/** The parts of every command that runs until it is stopped. */
export interface ServerProcess {
  /** Aborts on the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Already contains the metrics of the process and of the program's version. */
  readonly registry: Registry;
}

/** Takes over SIGINT and SIGTERM, and opens the log at the level of `--log-level`. */
export function serverProcess({ logLevel }: { readonly logLevel: string }): ServerProcess {
  const registry = new Registry();
  exposeBuildInfo(registry, packageVersion());
  exposeProcess(registry);
  return { signal: untilSignal(), logger: createLogger(logLevel), registry };
}
