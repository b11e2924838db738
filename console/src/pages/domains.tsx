import type { DomainRow, DomainView } from "../../../src/console/view/domains.ts";
import { useData } from "../api.tsx";
import { Load } from "../parts/loading.tsx";
import { Conditions, Facts, Findings, ObjectHead, Yaml } from "../parts/object.tsx";
import { StatePill } from "../parts/pill.tsx";
import { Link, objectPath } from "../router.tsx";
import { useText } from "../settings.tsx";

/** Domains with their environments. There are few of them, so each is a card. */
export function Domains() {
  const t = useText();
  const loaded = useData<readonly DomainRow[]>("/api/domains");
  return (
    <>
      <h1>{t("domains.title")}</h1>
      <Load from={loaded}>
        {(rows) =>
          rows.length === 0 ? (
            <p class="quiet">{t("domains.none")}</p>
          ) : (
            <div class="halves">
              {rows.map((row) => (
                <Card key={row.name} row={row} />
              ))}
            </div>
          )
        }
      </Load>
    </>
  );
}

function Card({ row }: { readonly row: DomainRow }) {
  return (
    <section class="card">
      <div class="title">
        <h2>
          <Link to={objectPath("ApiDomain", "", row.name)}>{row.name}</Link>
        </h2>
        <StatePill state={row.state} />
      </div>
      <DomainFacts row={row} />
      <Environments row={row} />
    </section>
  );
}

function DomainFacts({ row }: { readonly row: DomainRow }) {
  const t = useText();
  return (
    <Facts
      facts={[
        [t("column.hosts"), <Codes key="hosts" texts={row.hosts} />],
        [t("domain.namespaces"), row.namespaces.length > 0 ? row.namespaces.join(", ") : row.selector],
        [t("column.grants"), row.grants],
      ]}
    />
  );
}

function Codes({ texts }: { readonly texts: readonly string[] }) {
  return (
    <>
      {texts.map((text) => (
        <code key={text} class="one-each">
          {text}
        </code>
      ))}
    </>
  );
}

function Environments({ row }: { readonly row: DomainRow }) {
  const t = useText();
  return (
    <div class="scroll">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{t("column.environment")}</th>
            <th scope="col">{t("column.pathPrefix")}</th>
          </tr>
        </thead>
        <tbody>
          {row.environments.map(({ name, pathPrefix }) => (
            <tr key={pathPrefix}>
              <td>{name}</td>
              <td>
                <code>{pathPrefix}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The page of one domain. */
export function DomainPage({ name }: { readonly name: string }) {
  const t = useText();
  const loaded = useData<DomainView>(`/api/domains/${name}`);
  return (
    <Load from={loaded}>
      {(view) => (
        <>
          <ObjectHead list="/domains" listName={t("domains.title")} name={view.row.name} state={view.row} />
          <section class="card">
            <DomainFacts row={view.row} />
            <Environments row={view.row} />
          </section>
          <Findings findings={view.findings} />
          <Conditions conditions={view.conditions} />
          <Yaml text={view.yaml} name={view.row.name} />
        </>
      )}
    </Load>
  );
}
