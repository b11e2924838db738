import { useMemo } from "preact/hooks";
import type { ApiPlace, ApiRow, ApiView } from "../../../src/console/view/apis.ts";
import { useData } from "../api.tsx";
import { Access, methodsText, Named } from "../parts/access.tsx";
import { Filter, useFilter } from "../parts/filter.tsx";
import { Load } from "../parts/loading.tsx";
import { ObjectHead } from "../parts/object.tsx";
import { StatePill } from "../parts/pill.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { Link } from "../router.tsx";
import { type Translate, useText } from "../settings.tsx";

/** The list of APIs. */
export function Apis() {
  const t = useText();
  const loaded = useData<readonly ApiRow[]>("/api/apis");
  return (
    <>
      <h1>{t("apis.title")}</h1>
      <Load from={loaded}>{(rows) => <List rows={rows} />}</Load>
    </>
  );
}

function List({ rows }: { readonly rows: readonly ApiRow[] }) {
  const t = useText();
  const filter = useFilter(rows, textOf);
  const columns = useMemo(() => columnsFor(t), [t]);
  return (
    <>
      <Filter
        filter={filter}
        shown={filter.shown.length}
        all={rows.length}
        hint={t("apis.filterHint")}
        hasStates={false}
      />
      <Table
        label={t("apis.title")}
        rows={filter.shown}
        columns={columns}
        empty={t(rows.length === 0 ? "apis.none" : "table.empty")}
      />
    </>
  );
}

function textOf({ namespace, name, environments, hosts }: ApiRow): string {
  return `${namespace}/${name} ${environments.join(" ")} ${hosts.join(" ")}`;
}

function columnsFor(t: Translate): readonly Column<ApiRow>[] {
  return [
    {
      ...{ id: "name", title: t("column.name"), width: "minmax(10rem, 1.4fr)" },
      sortBy: ({ namespace, name }) => `${namespace}/${name}`,
      cell: ({ namespace, name }) => (
        <Link to={`/apis/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`} class="two-lines">
          <strong>{name}</strong>
          <span class="quiet">{namespace}</span>
        </Link>
      ),
    },
    {
      ...{ id: "environments", title: t("column.environments"), width: "minmax(8rem, 1fr)" },
      cell: ({ environments }) => environments.join(", "),
    },
    {
      ...{ id: "hosts", title: t("column.hosts"), width: "minmax(12rem, 2fr)" },
      cell: ({ hosts }) => <span title={hosts.join(", ")}>{hosts.join(", ")}</span>,
    },
    {
      ...{ id: "callers", title: t("column.callers"), width: "6rem" },
      sortBy: ({ callers = 0 }) => callers,
      cell: ({ callers }) => <span class="number">{callers ?? "–"}</span>,
    },
    {
      ...{ id: "grants", title: t("column.grants"), width: "6rem" },
      sortBy: ({ grants }) => grants,
      cell: ({ grants }) => <span class="number">{grants}</span>,
    },
  ];
}

/** The page of one API: where it is, and who may call it. */
export function ApiPage({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const t = useText();
  const loaded = useData<ApiView>(`/api/apis/${namespace}/${name}`);
  return (
    <Load from={loaded}>
      {(view) => (
        <>
          <ObjectHead list="/apis" listName={t("apis.title")} name={`${view.namespace}/${view.name}`} />
          <Access title={t("api.access")} rows={view.access} by="api" />
          <section class="card">
            <h2>{t("api.places")}</h2>
            <ul class="lines">
              {view.places.map((place) => (
                <Place key={place.grant} place={place} />
              ))}
            </ul>
          </section>
        </>
      )}
    </Load>
  );
}

function Place({ place }: { readonly place: ApiPlace }) {
  const t = useText();
  const { grant, environment, state, hosts, paths, methods } = place;
  return (
    <li>
      <StatePill state={state} />
      <Named page="/grants" name={grant} />
      <span>{environment}</span>
      <span class="message">
        {`${methodsText(methods, t("access.allMethods"))} `}
        {hosts.map((host) => (
          <code key={host}>{`${host} `}</code>
        ))}
        {paths.map(({ type, value }) => (
          <code key={`${type} ${value}`}>{`${type} ${value} `}</code>
        ))}
      </span>
    </li>
  );
}
