import { Registry } from "prom-client";
import { createLogger, type Logger } from "../../observe/logger.ts";
import { exposeBuildInfo } from "../../observe/metrics/buildInfo.ts";
import { exposeProcess } from "../../observe/metrics/processMetrics.ts";
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
