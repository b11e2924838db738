import type { Kind } from "../../../src/api/vocabulary.ts";
import type { EndingRow, OverviewView, ProblemRow, StateCounts } from "../../../src/console/view/overview.ts";
import { useData } from "../api.tsx";
import { Load } from "../parts/loading.tsx";
import { Gaps } from "../parts/notice.tsx";
import { StatePill } from "../parts/pill.tsx";
import { When } from "../parts/when.tsx";
import { Link, objectPath } from "../router.tsx";
import { useText } from "../settings.tsx";
import { Verifiers } from "./verifiers.tsx";

/** How often verifiers are looked at, in milliseconds. */
const EVERY_MS = 5_000;

/** The first page: what needs somebody, what ends soon, and the verifiers. */
export function Overview() {
  const t = useText();
  const loaded = useData<OverviewView>("/api/overview", EVERY_MS);
  return (
    <>
      <h1>{t("overview.title")}</h1>
      <Load from={loaded}>
        {(view) => (
          <>
            <Gaps gaps={view.gaps} />
            <div class="tiles">
              <Tile kind="Application" to="/applications" counts={view.counts.Application} />
              <Tile kind="ApiGrant" to="/grants" counts={view.counts.ApiGrant} />
              <Tile kind="ApiDomain" to="/domains" counts={view.counts.ApiDomain} />
            </div>
            <Problems rows={view.problems} count={view.problemCount} />
            <div class="halves">
              <Ending rows={view.ending} count={view.endingCount} />
              <Verifiers rows={view.verifiers} />
            </div>
          </>
        )}
      </Load>
    </>
  );
}

interface TileProps {
  readonly kind: Kind;
  readonly to: string;
  readonly counts: StateCounts;
}

const MENTIONED = ["notReady", "waiting", "deleting", "off"] as const;

function Tile({ kind, to, counts }: TileProps) {
  const t = useText();
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  const mentioned = MENTIONED.filter((state) => counts[state] > 0);
  const good = all === 0 ? t("overview.none") : t("overview.allReady");
  return (
    <Link to={to} class="tile">
      <span class="quiet">{t(`kinds.${kind}`)}</span>
      <span class="big">{all}</span>
      <span class="tile-states">
        {mentioned.length === 0 && <span class={all === 0 ? "quiet" : "dot dot-ready"}>{good}</span>}
        {mentioned.map((state) => (
          <span key={state} class={`dot dot-${state}`}>
            {t(`overview.count.${state}`, { count: counts[state] })}
          </span>
        ))}
      </span>
    </Link>
  );
}

function Problems({ rows, count }: { readonly rows: readonly ProblemRow[]; readonly count: number }) {
  const t = useText();
  return (
    <section class="card">
      <h2>{t("overview.problems")}</h2>
      {rows.length === 0 && <p class="quiet">{t("overview.noProblems")}</p>}
      <ul class="lines">
        {rows.map(({ kind, namespace, name, state, message }) => (
          <li key={`${kind} ${namespace}/${name}`}>
            <StatePill state={state} />
            <span class="quiet">{t(`kind.${kind}`)}</span>
            <Link to={objectPath(kind, namespace, name)}>
              {namespace === "" ? name : `${namespace}/${name}`}
            </Link>
            <span class="message">{message}</span>
          </li>
        ))}
      </ul>
      <More count={count - rows.length} />
    </section>
  );
}

function Ending({ rows, count }: { readonly rows: readonly EndingRow[]; readonly count: number }) {
  const t = useText();
  return (
    <section class="card">
      <h2>{t("overview.ending")}</h2>
      {rows.length === 0 && <p class="quiet">{t("overview.noEnding")}</p>}
      <ul class="lines">
        {rows.map(({ what, namespace, name, key, at }) => (
          <li key={`${what} ${namespace}/${name} ${key}`}>
            <span class="quiet">{t(`kind.${what}`)}</span>
            <Link to={objectPath(what === "KeyPair" ? "Application" : what, namespace, name)}>
              {`${namespace}/${name}`}
            </Link>
            {key !== "" && <code class="cut">{key}</code>}
            <span class="end">
              <When at={at} />
            </span>
          </li>
        ))}
      </ul>
      <More count={count - rows.length} />
    </section>
  );
}

function More({ count }: { readonly count: number }) {
  const t = useText();
  return count > 0 ? <p class="quiet">{t("overview.more", { count })}</p> : null;
}
