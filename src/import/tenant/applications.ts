import type { ApplicationFact, FactOf } from "../facts.ts";
import { placeText } from "../facts.ts";
import type { Finding, InputProblem } from "../finding.ts";
import type { GatewayWords } from "../gateway/gateway.ts";
import { type ChosenPair, choosePair } from "./keys.ts";
import type { VendorApplication } from "./model.ts";
import { byId, byOrigin, byText, grouped, timeOf } from "./order.ts";

/** The merged applications, and what was found on the way. */
interface MergedApplications {
  readonly applications: ReadonlyMap<string, VendorApplication>;
  readonly findings: readonly Finding[];
  readonly problems: readonly InputProblem[];
}

interface Draft extends VendorApplication {
  readonly modified: number | undefined;
  readonly fact: ApplicationFact;
}

/** Merges what all files have of each application. */
export function mergeApplications(
  facts: readonly ApplicationFact[],
  resets: readonly FactOf<"keyReset">[],
  words: GatewayWords,
): MergedApplications {
  const findings: Finding[] = [];
  const problems: InputProblem[] = [];
  const resetsById = byId(resets);
  const drafts = [...byId(facts)].map(([id, all]) =>
    draftOf(id, all, choosePair(all.toSorted(byAge), resetsById.get(id) ?? [], words), {
      findings,
      problems,
    }),
  );
  const applications = withoutSharedKeys(drafts, findings);
  return { applications, findings, problems };
}

/** How the report names an application. */
export function applicationText({ id, name }: { readonly id: string; readonly name: string }): string {
  return name === "" ? `application ${id}` : `application ${name} (${id})`;
}

/** The one that was modified last first, then the more trusted origin. */
function byAge(a: ApplicationFact, b: ApplicationFact): number {
  return (timeOf(b.modified) ?? 0) - (timeOf(a.modified) ?? 0) || byOrigin(a, b);
}

function draftOf(
  id: string,
  all: readonly ApplicationFact[],
  chosen: ChosenPair,
  { findings, problems }: { readonly findings: Finding[]; readonly problems: InputProblem[] },
): Draft {
  const sorted = all.toSorted(byAge);
  const fact = sorted.find(({ name }) => name !== "") ?? (sorted[0] as ApplicationFact);
  const subject = applicationText({ id, name: fact.name });
  const modified = timeOf(fact.modified);
  const { name, description } = fact;
  if (chosen.kind === "conflict") {
    const [one, other] = chosen.facts;
    const message = `${subject} has another key pair in ${placeText(other.from)}, and their ModifiedTime does not order them: leave the older file out`;
    problems.push({ ...one.from, message });
  } else if (chosen.kind === "none") {
    const text = `${chosen.why}; its Application is written, and is Ready once the Secret exists`;
    findings.push({ level: "decision", code: "KeyMissing", subject, text, from: [fact.from] });
  } else if (chosen.older.length > 0) {
    const text = `the key pair of ${placeText(chosen.fact.from)} was taken, since its ModifiedTime is later than in the other files`;
    findings.push({
      level: "note",
      code: "KeyConflict",
      subject,
      text,
      from: chosen.older.map((one) => one.from),
    });
  }
  const pair = chosen.kind === "pair" ? chosen.pair : undefined;
  return { id, name, description, pair, modified, fact };
}

/** Two applications with one ApiAppKey: copied state. The one that was modified last keeps it; of equal ones none does. */
function withoutSharedKeys(
  drafts: readonly Draft[],
  findings: Finding[],
): ReadonlyMap<string, VendorApplication> {
  const keyed = drafts.filter(({ pair }) => pair !== undefined);
  const losers = new Set<Draft>();
  for (const sharing of grouped(keyed, ({ pair }) => pair?.apiAppKey ?? "").values()) {
    if (sharing.length < 2) continue;
    const [last, next] = sharing.toSorted(
      (a, b) => (b.modified ?? 0) - (a.modified ?? 0) || byText(a.id, b.id),
    );
    const winner = last && next && (last.modified ?? 0) > (next.modified ?? 0) ? last : undefined;
    for (const one of sharing) if (one !== winner) losers.add(one);
    const subject = sharing.map(applicationText).join(", ");
    const kept = winner
      ? `only ${applicationText(winner)}, which was modified last, gets it`
      : "it is given to no one of them";
    const text = `they have the same ApiAppKey, which can belong to one application alone: ${kept}`;
    findings.push({
      level: "decision",
      code: "KeyConflict",
      subject,
      text,
      from: sharing.map(({ fact }) => fact.from),
    });
  }
  return new Map(
    drafts.map((draft) => {
      const { id, name, description, pair } = draft;
      return [id, { id, name, description, pair: losers.has(draft) ? undefined : pair }];
    }),
  );
}
