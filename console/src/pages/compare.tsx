import type { AccessChange } from "../../../src/access/diff.ts";
import type { CompareView } from "../../../src/console/view/access.ts";
import { useData } from "../api.tsx";
import { Caller, methodsText } from "../parts/access.tsx";
import { Load } from "../parts/loading.tsx";
import { Notice } from "../parts/notice.tsx";
import { useText } from "../settings.tsx";

/** What the directory of `--compare` would open and close. */
export function Compare() {
  const t = useText();
  const loaded = useData<CompareView>("/api/compare");
  return (
    <section class="card">
      <Load from={loaded}>
        {({ directory, changes, problem }) => (
          <>
            <h2>{t("compare.title", { directory })}</h2>
            {problem !== undefined && <Notice kind="error">{problem}</Notice>}
            {problem === undefined && <Changes changes={changes} />}
          </>
        )}
      </Load>
    </section>
  );
}

/** Requests that a change opens or closes. */
function Changes({ changes }: { readonly changes: readonly AccessChange[] }) {
  const t = useText();
  if (changes.length === 0) return <p class="quiet">{t("compare.same")}</p>;
  return (
    <ul class="lines">
      {changes.map((one) => (
        <li key={`${one.change} ${one.caller} ${one.host} ${one.path.type} ${one.path.value} ${one.methods}`}>
          <span class={`pill pill-${one.change === "opens" ? "ready" : "notReady"}`}>
            {t(`change.${one.change}`)}
          </span>
          <Caller name={one.caller} />
          <span class="message">
            {`${methodsText(one.methods, t("access.allMethods"))} `}
            <code>{`${one.host}${one.path.value}`}</code> {t(`path.${one.path.type}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}
