import type { DecisionCode } from "../../api/vocabulary.ts";
import { Allowance } from "../../base/allowance.ts";
import type { Logger } from "../../observe/logger.ts";
import { OTHER } from "../../observe/metrics/labels.ts";
import type { VerifierMetrics } from "../../observe/metrics/verifierMetrics.ts";
import { settingText } from "../../observe/settingText.ts";
import type { Allow } from "../../policy/decision.ts";
import type { UseRecorder } from "../lastUse/useRecorder.ts";
import type { Outcome } from "../outcome.ts";
import { DenialCounts } from "./denialCounts.ts";
import { SchemeUse } from "./schemeUse.ts";

/** Applications beyond these share a series. */
const MAX_LABELLED = 1_000;

/** Requests that are allowed in Shadow mode beyond these are logged at level debug: untrusted clients choose how many there are. */
const SHADOW_LINES_PER_SECOND = 1;

/** Records the outcomes of Checks in metrics and the log. Values that untrusted clients choose never become labels. */
export class Account {
  readonly #metrics: VerifierMetrics;
  readonly #logger: Logger;
  readonly #schemes: SchemeUse;
  readonly #denials: DenialCounts;
  readonly #now: () => number;
  readonly #uses: Pick<UseRecorder, "note"> | undefined;
  /** Applications that have a series of their own. */
  readonly #open = new Set<string>();
  readonly #shadowLines = new Allowance(SHADOW_LINES_PER_SECOND);

  /** `now` returns epoch milliseconds. Without `uses`, last use is not recorded. */
  constructor(metrics: VerifierMetrics, logger: Logger, now: () => number, uses?: Pick<UseRecorder, "note">) {
    this.#metrics = metrics;
    this.#schemes = new SchemeUse(metrics.schemes);
    this.#denials = new DenialCounts(metrics.denials);
    this.#logger = logger;
    this.#now = now;
    this.#uses = uses;
  }

  note({ code, isShadowed, decision, signature, wouldVerifyWith, nonce }: Outcome): void {
    this.#metrics.decisions.inc(code);
    if (nonce) this.#metrics.nonceChecks.inc(nonce);
    if (signature) {
      this.#metrics.algorithms.inc(signature.algorithm);
      this.#schemes.note(signature.scheme, signature.key);
      this.#metrics.clockSkew.observe(signature.clockSkewMs / 1_000);
    }
    if (decision?.kind === "allow") this.#noteAllowed(decision, code);
    if (code !== "Allowed") this.#denials.note(code, decision);
    const application = decision?.kind === "deny" ? decision.caller?.application : undefined;
    if (isShadowed) this.#noteShadowed(code, application);
    else if (code !== "Allowed") this.#logger.debug({ code, application }, "refused");
    if (!wouldVerifyWith) return;
    this.#metrics.nearMisses.inc({ setting: settingText(wouldVerifyWith) });
    this.#logger.info(
      { ...wouldVerifyWith },
      "a denied request would verify under other settings of its Application",
    );
  }

  #noteShadowed(code: DecisionCode, application: string | undefined): void {
    this.#metrics.shadowed.inc(code);
    if (code === "Allowed") return;
    const message = "a request that would be denied was allowed in Shadow mode";
    if (this.#shadowLines.take(this.#now())) this.#logger.info({ code, application }, message);
    else this.#logger.debug({ code, application }, message);
  }

  /** A request that the decision allows may still be denied: with the code NotReady, its reply comes too late. */
  #noteAllowed(decision: Allow, code: DecisionCode): void {
    const { authenticated, admission, form, openVariants } = decision;
    if (code === "Allowed") this.#uses?.note(authenticated.key, admission.grant);
    this.#metrics.forms.inc(form);
    if (openVariants.length === 0) return;
    const { application } = decision;
    if (this.#open.size < MAX_LABELLED) this.#open.add(application);
    const label = this.#open.has(application) ? application : OTHER;
    for (const variant of openVariants) this.#metrics.openVariants.inc({ variant, application: label });
  }
}
