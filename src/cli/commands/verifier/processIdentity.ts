import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { VerifierProcess } from "../../../store/store.ts";
import { packageVersion } from "../../shared/packageVersion.ts";

/**
 * The name of a verifier's Lease: `<Pod>.<8 characters of its UID>.<instance>`. Outside a Pod it is the machine's name and id instead, so
 * that a process that was restarted takes over its own Lease.
 */
export function leaseName(instanceName: string, environment: NodeJS.ProcessEnv = process.env): string {
  const { POD_NAME, POD_UID } = environment;
  if (POD_NAME && POD_UID) return `${POD_NAME}.${POD_UID.slice(0, 8)}.${instanceName}`;
  const host = hostname()
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "-")
    .replace(/^-+|-+$/g, "");
  const machine = createHash("sha256").update(machineId()).digest("hex").slice(0, 8);
  return `${host.slice(0, 63) || "host"}.${machine}.${instanceName}`;
}

/** Where this process runs, from the environment variables that the chart fills with the Pod's own fields. */
export function processOf({
  POD_NAME,
  POD_NAMESPACE,
  POD_UID,
  NODE_NAME,
}: NodeJS.ProcessEnv): VerifierProcess {
  const isPod = POD_NAME && POD_NAMESPACE && POD_UID;
  return {
    ...(isPod ? { pod: { namespace: POD_NAMESPACE, name: POD_NAME, uid: POD_UID } } : {}),
    node: NODE_NAME || hostname(),
    version: packageVersion(),
  };
}

function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim() || hostname();
  } catch {
    return hostname();
  }
}
