import { NONCE_STORE_KINDS } from "../../api/vocabulary.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import type { ProcessSnapshot } from "./processChecks.ts";

/**
 * Checks whether a verifier can check nonces, and whether verifiers that check them share their store. `processes` is the number of
 * verifiers that are known.
 */
export function checkNonces(
  { where, samples }: Pick<ProcessSnapshot, "where" | "samples">,
  processes: number,
): readonly Finding[] {
  const available = (kind: string) => samples.value("countersign_nonce_store_available", "kind", kind);
  const kind = NONCE_STORE_KINDS.find((one) => available(one) !== undefined);
  // A verifier of an earlier release has no nonce store.
  if (!kind) return [];
  const count = samples.sum("countersign_nonce_checks_total");
  const isAvailable = available(kind) === 1;
  const isAlone = kind === "memory" && count > 0 && processes > 1;
  return [
    judge(
      "nonce-store-away",
      where,
      isAvailable ? `its nonce store (${kind}) is available` : `its nonce store (${kind}) is full or away`,
      !isAvailable &&
        error(
          kind === "memory"
            ? "a shorter signing.clockSkew and window, or --nonce-store with a server"
            : "the server of --nonce-store: the verifier's log has the reason",
        ),
    ),
    judge(
      "nonces-not-shared",
      where,
      `${count} nonces were checked, with ${kind === "memory" ? "its own memory" : "a server"} as the store`,
      isAlone &&
        warning(`--nonce-store with a Valkey or Redis server, since there are ${processes} verifiers`),
    ),
  ];
}
