import { OPEN_VARIANTS, SCHEME_NAMES } from "../../../api/vocabulary.ts";
import { settingText } from "../../../observe/settingText.ts";
import type { StrictSetting } from "../../shared/capture/subject.ts";
import type { Verdict } from "../../shared/capture/verdict.ts";
import type { Result } from "./result.ts";

type Setting = NonNullable<Verdict["wouldVerifyWith"]>;

/** A setting of `spec.signing` under which denied requests of an Application would verify. */
export interface Suggestion {
  readonly application: string;
  readonly setting: Setting;
  /** How many denied requests would verify with it. */
  readonly requests: number;
  /** How many of them would be allowed; the others would be denied for another reason. */
  readonly allowed: number;
  /** How many allowed requests the setting would deny, of the first ones with parameters, which are `checked`. */
  readonly lost: number;
  readonly checked: number;
}

/** So many allowed requests of each Application are checked with other settings. */
const CHECKED = 200;

interface Sample {
  checked: number;
  readonly lost: Record<StrictSetting, number>;
}

interface Count {
  readonly setting: Setting;
  requests: number;
  allowed: number;
}

/** Counts the settings that would help, for each Application. */
export class SettingTally {
  readonly #applications = new Map<string, Map<string, Count>>();
  readonly #samples = new Map<string, Sample>();

  add({ verdict, subject, codeWithSetting, lostWith }: Result & { readonly kind: "decided" }): void {
    if (lostWith && subject.application !== null) this.#check(subject.application, lostWith);
    const setting = verdict.wouldVerifyWith;
    if (!setting || subject.application === null) return;
    const settings = this.#applications.get(subject.application) ?? new Map<string, Count>();
    this.#applications.set(subject.application, settings);
    const text = settingText(setting);
    const count = settings.get(text) ?? { setting, requests: 0, allowed: 0 };
    settings.set(text, count);
    count.requests += 1;
    if (codeWithSetting === "Allowed") count.allowed += 1;
  }

  /**
   * For each Application, those with the most requests first: each setting, and behind several of them the one that has the effect of all.
   */
  suggestions(): readonly Suggestion[] {
    return [...this.#applications]
      .map(([application, settings]) => ({ application, counts: [...settings.values()].sort(byRequests) }))
      .sort((a, b) => sum(b.counts) - sum(a.counts) || (a.application < b.application ? -1 : 1))
      .flatMap(({ application, counts }) =>
        [...counts, ...(counts.length > 1 ? [combined(counts)] : [])].map((count) => ({
          ...{ application, ...count },
          ...this.#loss(application, count.setting),
        })),
      );
  }

  #check(application: string, lostWith: () => readonly StrictSetting[]): void {
    const sample = this.#samples.get(application) ?? { checked: 0, lost: { Decoded: 0, AsSent: 0 } };
    this.#samples.set(application, sample);
    if (sample.checked >= CHECKED) return;
    sample.checked += 1;
    for (const setting of lostWith()) sample.lost[setting] += 1;
  }

  /** Other settings than the strict ones accept everything that was accepted before. */
  #loss(application: string, { parameters }: Setting): Pick<Suggestion, "lost" | "checked"> {
    const { checked, lost } = this.#samples.get(application) ?? {
      checked: 0,
      lost: { Decoded: 0, AsSent: 0 },
    };
    return { checked, lost: parameters === "Decoded" || parameters === "AsSent" ? lost[parameters] : 0 };
  }
}

function byRequests(a: Count, b: Count): number {
  return b.requests - a.requests || (settingText(a.setting) < settingText(b.setting) ? -1 : 1);
}

function sum(counts: readonly Count[]): number {
  return counts.reduce((total, { requests }) => total + requests, 0);
}

/** The setting with the effect of all: two different ways to sign parameters need `Either`. */
function combined(counts: readonly Count[]): Count {
  const parameters = new Set(counts.flatMap(({ setting }) => setting.parameters ?? []));
  const open = new Set(counts.flatMap(({ setting }) => setting.openVariants ?? []));
  const schemes = new Set(counts.flatMap(({ setting }) => setting.schemes ?? []));
  const [only] = parameters;
  const chosen = parameters.size > 1 ? "Either" : only;
  return {
    setting: {
      ...(schemes.size === 0 ? {} : { schemes: SCHEME_NAMES.filter((one) => schemes.has(one)) }),
      ...(chosen === undefined ? {} : { parameters: chosen }),
      ...(open.size === 0 ? {} : { openVariants: OPEN_VARIANTS.filter((one) => open.has(one)) }),
    },
    requests: sum(counts),
    allowed: counts.reduce((total, { allowed }) => total + allowed, 0),
  };
}
