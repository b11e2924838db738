import type { DenialCode } from "../../../src/api/vocabulary.ts";
import { DENIAL_CODES } from "../../../src/api/vocabulary.ts";
import type { MetaView } from "../../../src/console/server/apiRoutes.ts";
import { useData } from "../api.tsx";
import { type Decisions, useDecisions } from "../decisions.ts";
import { Gaps, Notice } from "../parts/notice.tsx";
import { DecisionPlot } from "../parts/plot.tsx";
import { Link } from "../router.tsx";
import { useText } from "../settings.tsx";

/** Decisions and denials of the verifiers, live, by their metrics. */
export function Denials() {
  const t = useText();
  const { data: meta } = useData<MetaView>("/api/meta");
  const decisions = useDecisions(meta?.hasMetrics === true);
  return (
    <>
      <h1>{t("denials.title")}</h1>
      {meta?.hasMetrics === false && <Notice kind="note">{t("denials.noMetrics")}</Notice>}
      {meta?.hasMetrics === true && (
        <>
          <Unread decisions={decisions} />
          <section class="card">
            <h2>{t("decisions.title")}</h2>
            <DecisionPlot decisions={decisions} />
          </section>
          <Counts decisions={decisions} />
        </>
      )}
    </>
  );
}

/** Verifiers that could not be read. */
function Unread({ decisions }: { readonly decisions: Decisions }) {
  const { last } = decisions;
  if (!last) return null;
  return (
    <>
      <Gaps gaps={last.gaps} />
      {last.problems.map((problem) => (
        <Notice key={problem} kind="error">
          {problem}
        </Notice>
      ))}
    </>
  );
}

function Counts({ decisions }: { readonly decisions: Decisions }) {
  const t = useText();
  const shown = DENIAL_CODES.filter((code) => (decisions.counts.get(code) ?? 0) > 0);
  return (
    <section class="card">
      <h2>{t("denials.counts")}</h2>
      <p class="quiet">{t("denials.source")}</p>
      {shown.length === 0 && <p>{t("denials.none")}</p>}
      <ul class="lines">
        {shown.map((code) => (
          <Count key={code} code={code} count={decisions.counts.get(code) ?? 0} />
        ))}
      </ul>
      <p>
        <Link to="/explain">{t("denials.explain")}</Link>
      </p>
    </section>
  );
}

function Count({ code, count }: { readonly code: DenialCode; readonly count: number }) {
  const t = useText();
  return (
    <li>
      <span class="big-number">{count}</span>
      <strong>{code}</strong>
      <span class="message">{t(`code.${code}`)}</span>
    </li>
  );
}
