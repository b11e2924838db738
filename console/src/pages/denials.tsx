import { useMemo } from "preact/hooks";
import type { MetaView } from "../../../src/console/server/apiRoutes.ts";
import type { DenialCount } from "../../../src/console/view/metrics.ts";
import { useData } from "../api.tsx";
import { type Decisions, useDecisions } from "../decisions.ts";
import { Named } from "../parts/access.tsx";
import { Filter, useFilter } from "../parts/filter.tsx";
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

/** More lines than these are counted, not shown. */
const SHOWN = 200;

function Counts({ decisions }: { readonly decisions: Decisions }) {
  const t = useText();
  const denials = useMemo(
    () => [...decisions.denials.values()].sort((a, b) => b.count - a.count),
    [decisions.denials],
  );
  const filter = useFilter(denials, textOf);
  const { shown } = filter;
  return (
    <section class="card">
      <h2>{t("denials.counts")}</h2>
      <p class="quiet">{t("denials.source")}</p>
      {denials.length === 0 && <p>{t("denials.none")}</p>}
      {denials.length > 0 && (
        <Filter
          filter={filter}
          shown={shown.length}
          all={denials.length}
          hint={t("denials.filterHint")}
          hasStates={false}
        />
      )}
      <ul class="lines">
        {shown.slice(0, SHOWN).map((denial) => (
          <Denial key={`${denial.code} ${denial.application} ${denial.api}`} denial={denial} />
        ))}
      </ul>
      {shown.length > SHOWN && <p class="quiet">{t("overview.more", { count: shown.length - SHOWN })}</p>}
      <p>
        <Link to="/explain">{t("denials.explain")}</Link>
      </p>
    </section>
  );
}

function textOf({ code, application, api }: DenialCount): string {
  return `${code} ${application} ${api}`;
}

function Denial({ denial }: { readonly denial: DenialCount }) {
  const t = useText();
  const { code, application, api, count } = denial;
  return (
    <li class="denial">
      <span class="big-number">{count}</span>
      <span class="names">
        <strong>{code}</strong>
        <Name page="/applications" name={application} unknown={t("denials.unknownKey")} />
        {api !== "" && <Name page="/apis" name={api} unknown="" />}
      </span>
      <span class="message">{t(`code.${code}`)}</span>
    </li>
  );
}

interface NameProps {
  readonly page: string;
  /** `namespace/name`. */
  readonly name: string;
  /** The text for no name. */
  readonly unknown: string;
}

/** A verifier counts a limited number of names one by one. */
function Name({ page, name, unknown }: NameProps) {
  const t = useText();
  if (name.includes("/")) return <Named page={page} name={name} />;
  return <span class="quiet">{name === "" ? unknown : t("denials.others")}</span>;
}
