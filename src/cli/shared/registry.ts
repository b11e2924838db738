import { Registry } from "prom-client";
import { exposeBuildInfo } from "../../observe/buildInfo.ts";
import { exposeProcess } from "../../observe/processMetrics.ts";
import { packageVersion } from "./packageVersion.ts";

/** A registry that tells of the process and of the program's version already. */
export function createRegistry(): Registry {
  const registry = new Registry();
  exposeBuildInfo(registry, packageVersion());
  exposeProcess(registry);
  return registry;
}
