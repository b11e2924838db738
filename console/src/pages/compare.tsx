import type { CompareView } from "../../../src/console/view/access.ts";
import { useData } from "../api.tsx";
import { Changes } from "../parts/changes.tsx";
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
            {problem === undefined && <Changes changes={changes} none={t("compare.same")} />}
          </>
        )}
      </Load>
    </section>
  );
}
