import { Verifier, type VerifierDeps } from "../../verifier/verifier.ts";
import { openTls } from "./flags/tlsFlags.ts";
import type { VerifierFlags } from "./flags/verifierFlags.ts";

/** A verifier as the flags configure it, with its certificates read; its ports are closed. Throws CliFailure with the remedy. */
export async function openVerifier(flags: VerifierFlags, deps: VerifierDeps): Promise<Verifier> {
  const tls = await openTls(flags);
  if (flags.shadow === true)
    deps.logger.warn(
      "--shadow: every request is allowed, whatever the decision; start without it to enforce decisions",
    );
  return new Verifier(
    {
      ...flags,
      keepAuthorization: flags.keepAuthorization === true,
      shadow: flags.shadow === true,
      drainMs: flags.drain,
      ...(tls ? { tls } : {}),
    },
    deps,
  );
}
