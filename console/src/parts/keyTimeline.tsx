import type { KeyView } from "../../../src/console/view/application.ts";
import { useSettings, useText } from "../settings.tsx";
import { Copy } from "./copy.tsx";

/** The time that the line shows beside the keys' own times, as a share of them. */
const MARGIN = 0.08;
const DAY_MS = 86_400_000;

/** The key pairs on a time line: where two bars overlap, callers may use either. */
export function KeyTimeline({ keys }: { readonly keys: readonly KeyView[] }) {
  const t = useText();
  const now = Date.now();
  const span = spanOf(keys, now);
  const at = (time: number) => `${(100 * (time - span.from)) / (span.to - span.from)}%`;
  return (
    <section class="card">
      <h2>{t("keys.title")}</h2>
      {keys.length === 0 && <p class="quiet">{t("keys.none")}</p>}
      {keys.length > 0 && (
        <ul class="keys">
          {keys.map((key) => (
            <KeyLine key={key.apiAppKey} view={key} now={now} at={at} span={span} />
          ))}
          <li class="axis" aria-hidden="true">
            <span />
            <span class="track">
              <span class="now-label" style={{ left: at(now) }}>
                {t("keys.now")}
              </span>
            </span>
          </li>
        </ul>
      )}
    </section>
  );
}

interface Span {
  readonly from: number;
  readonly to: number;
}

interface LineProps {
  readonly view: KeyView;
  readonly now: number;
  readonly at: (time: number) => string;
  readonly span: Span;
}

function KeyLine({ view, now, at, span }: LineProps) {
  const { t, language } = useSettings();
  const { apiAppKey, state, createdAt, retiresAt } = view;
  const from = createdAt === undefined ? span.from : Date.parse(createdAt);
  const to = retiresAt === undefined ? span.to : Date.parse(retiresAt);
  const day = (time: string) => new Date(time).toLocaleDateString(language);
  const words = [
    createdAt === undefined ? "" : t("keys.since", { day: day(createdAt) }),
    retiresAt === undefined ? "" : t("keys.until", { day: day(retiresAt) }),
  ];
  return (
    <li>
      <span class="key-name">
        <span class={`dot dot-${DOTS[state]}`}>{t(`keyState.${state}`)}</span>
        <span class="copied">
          <code class="cut" title={apiAppKey}>
            {apiAppKey}
          </code>
          <Copy text={apiAppKey} what={apiAppKey} />
        </span>
        <span class="quiet">{words.filter((word) => word !== "").join(", ")}</span>
      </span>
      <span class="track" aria-hidden="true">
        <span
          class={`bar bar-${state}${retiresAt === undefined ? " bar-open" : ""}`}
          style={{ left: at(from), right: `calc(100% - ${at(to)})` }}
        />
        <span class="now" style={{ left: at(now) }} />
      </span>
    </li>
  );
}

const DOTS = { Active: "ready", Pending: "waiting", Retiring: "off" } as const;

function spanOf(keys: readonly KeyView[], now: number): Span {
  const times = keys.flatMap(({ createdAt, retiresAt }) => [createdAt, retiresAt]);
  const known = times.filter((time) => time !== undefined).map((time) => Date.parse(time));
  const from = Math.min(now - DAY_MS, ...known);
  const to = Math.max(now + DAY_MS, ...known);
  const margin = MARGIN * (to - from);
  return { from: from - margin / 2, to: to + margin };
}
