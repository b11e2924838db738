import type { MetaView } from "../../../src/console/server/apiRoutes.ts";
import type { VerifierRow } from "../../../src/console/source.ts";
import { useData } from "../api.tsx";
import { distance } from "../parts/when.tsx";
import { useSettings, useText } from "../settings.tsx";

/** The verifiers, and how far each is behind. */
export function Verifiers({ rows }: { readonly rows: readonly VerifierRow[] }) {
  const t = useText();
  const { data: meta } = useData<MetaView>("/api/meta");
  const none = meta?.about.mode === "directory" ? "overview.directoryVerifiers" : "overview.noVerifiers";
  return (
    <section class="card">
      <h2>{t("overview.verifiers")}</h2>
      {rows.length === 0 && <p class="quiet">{t(none)}</p>}
      <ul class="lines">
        {rows.map((row) => (
          <Verifier key={row.name} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Verifier({ row }: { readonly row: VerifierRow }) {
  const { t, language } = useSettings();
  const { name, state, version, lastContact, lagChanges, lagSeconds = 0 } = row;
  const lag =
    lagChanges === undefined
      ? t("verifier.noLag")
      : lagChanges === 0
        ? t("verifier.current")
        : t("verifier.lag", { changes: lagChanges, seconds: lagSeconds });
  return (
    <li>
      <span class={`dot dot-${DOTS[state]}`}>{t(`verifier.${state}`)}</span>
      <code class="cut" title={name}>
        {name}
      </code>
      <span class="quiet">{version}</span>
      <span class="message">
        {state === "live" ? lag : t("verifier.contact", { when: distance(lastContact, language) })}
      </span>
    </li>
  );
}

const DOTS = { live: "ready", silent: "notReady", ended: "off" } as const;
