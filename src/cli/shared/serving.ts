import type { VerifierOptions } from "../../verifier/verifier.ts";
import type { VerifierFlags } from "./flags.ts";
import { openTls } from "./tls.ts";

/** What the flags ask of a verifier, with its certificates read. Throws CliFailure with the remedy. */
export async function openVerifierOptions(flags: VerifierFlags): Promise<VerifierOptions> {
  const tls = await openTls(flags);
  return {
    ...flags,
    keepAuthorization: flags.keepAuthorization === true,
    drainMs: flags.drain,
    ...(tls ? { tls } : {}),
  };
}
