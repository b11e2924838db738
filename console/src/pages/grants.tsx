import { useMemo } from "preact/hooks";
import type { GrantRow, GrantView } from "../../../src/console/view/grants.ts";
import { useData } from "../api.tsx";
import { Access } from "../parts/access.tsx";
import { ExpiryAction } from "../parts/applicationActions.tsx";
import { Filter, useFilter } from "../parts/filter.tsx";
import { AuthorizeAction, UnauthorizeAction } from "../parts/grantActions.tsx";
import { Load } from "../parts/loading.tsx";
import { Conditions, Facts, Findings, ObjectHead, Yaml } from "../parts/object.tsx";
import { StatePill } from "../parts/pill.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { When } from "../parts/when.tsx";
import { Link, objectPath } from "../router.tsx";
import { type Translate, useText } from "../settings.tsx";

/** The list of grants. */
export function Grants() {
  const t = useText();
  const loaded = useData<readonly GrantRow[]>("/api/grants");
  return (
    <>
      <h1>{t("grants.title")}</h1>
      <Load from={loaded}>{(rows) => <List rows={rows} />}</Load>
    </>
  );
}

function List({ rows }: { readonly rows: readonly GrantRow[] }) {
  const t = useText();
  const filter = useFilter(rows, textOf);
  const columns = useMemo(() => columnsFor(t), [t]);
  return (
    <>
      <Filter filter={filter} shown={filter.shown.length} all={rows.length} hint={t("grants.filterHint")} />
      <Table
        label={t("grants.title")}
        rows={filter.shown}
        columns={columns}
        empty={t(rows.length === 0 ? "grants.none" : "table.empty")}
      />
    </>
  );
}

function textOf({ namespace, name, environment, apis, reason }: GrantRow): string {
  return `${namespace}/${name} ${environment} ${apis.join(" ")} ${reason}`;
}

function columnsFor(t: Translate): readonly Column<GrantRow>[] {
  return [
    {
      ...{ id: "name", title: t("column.name"), width: "minmax(9rem, 1.2fr)" },
      sortBy: ({ namespace, name }) => `${namespace}/${name}`,
      cell: ({ namespace, name }) => (
        <Link to={objectPath("ApiGrant", namespace, name)} class="two-lines">
          <strong>{name}</strong>
          <span class="quiet">{namespace}</span>
        </Link>
      ),
    },
    {
      ...{ id: "state", title: t("column.state"), width: "7.5rem" },
      sortBy: ({ state }) => state,
      cell: ({ state }) => <StatePill state={state} />,
    },
    {
      ...{ id: "environment", title: t("column.environment"), width: "6.5rem" },
      sortBy: ({ environment }) => environment,
      cell: ({ environment }) => environment,
    },
    {
      ...{ id: "apis", title: t("column.apis"), width: "minmax(7rem, 1fr)" },
      cell: ({ apis }) => <span title={apis.join(", ")}>{apis.join(", ")}</span>,
    },
    {
      ...{ id: "bound", title: t("column.admits"), width: "4.5rem" },
      sortBy: ({ bound }) => bound,
      cell: ({ bound }) => <span class="number">{bound}</span>,
    },
    {
      ...{ id: "why", title: t("column.why"), width: "minmax(18rem, 4fr)" },
      cell: (row) => <Why row={row} t={t} />,
    },
  ];
}

/** Why a grant has less effect than it seems to, in one sentence, with the field to edit. */
function Why({ row, t }: { readonly row: GrantRow; readonly t: Translate }) {
  const { why, state, message } = row;
  if (!why && state === "ready") return null;
  const text = why ? t(`finding.${why.id}`) : message;
  return (
    <span class="two-lines" title={why?.message ?? message}>
      <span>{text}</span>
      {why && why.field !== "" && <code class="quiet">{why.field}</code>}
    </span>
  );
}

/** The page of one grant. */
export function GrantPage({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const loaded = useData<GrantView>(`/api/grants/${namespace}/${name}`);
  return <Load from={loaded}>{(view) => <Shown view={view} />}</Load>;
}

function Shown({ view }: { readonly view: GrantView }) {
  const t = useText();
  const { row } = view;
  const title = `${row.namespace}/${row.name}`;
  return (
    <>
      <ObjectHead list="/grants" listName={t("grants.title")} name={title} state={row}>
        <AuthorizeAction namespace={row.namespace} name={row.name} />
        <ExpiryAction of="ApiGrant" namespace={row.namespace} name={row.name} />
      </ObjectHead>
      <Facts
        facts={[
          [t("column.environment"), row.environment],
          [t("column.apis"), row.apis.join(", ")],
          [t("grant.enforcement"), t(`enforcement.${row.enforcement}`)],
          [t("grant.notBefore"), row.notBefore === undefined ? "" : <When at={row.notBefore} />],
          [
            t("column.expires"),
            row.expiresAt === undefined ? t("applications.never") : <When at={row.expiresAt} />,
          ],
          [t("application.suspended"), row.isSuspended ? t("word.yes") : t("word.no")],
        ]}
      />
      <Findings findings={view.findings} />
      <Entries view={view} />
      <Access title={t("grant.access")} rows={view.access} by="grant" />
      <Conditions conditions={view.conditions} />
      <Yaml text={view.yaml} name={title} />
    </>
  );
}

function Entries({ view }: { readonly view: GrantView }) {
  const t = useText();
  const { namespace } = view.row;
  return (
    <section class="card">
      <h2>{t("grant.applications")}</h2>
      {view.applications.length === 0 && <p class="quiet">{t("grant.noApplications")}</p>}
      <ul class="lines">
        {view.applications.map(({ name, applicationId = "", state }) => (
          <li key={`${name} ${applicationId}`}>
            <span class={`dot dot-${state === "Bound" ? "ready" : "waiting"}`}>{t(`bound.${state}`)}</span>
            {name !== undefined && <Link to={objectPath("Application", namespace, name)}>{name}</Link>}
            <code>{applicationId}</code>
            <span class="end">
              <UnauthorizeAction
                namespace={namespace}
                name={view.row.name}
                entry={name === undefined ? { applicationId } : { name }}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
