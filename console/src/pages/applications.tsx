import { useMemo } from "preact/hooks";
import type { ApplicationRow } from "../../../src/console/view/applications.ts";
import { useData } from "../api.tsx";
import { Copy } from "../parts/copy.tsx";
import { CreateApplication } from "../parts/createApplication.tsx";
import { Filter, useFilter } from "../parts/filter.tsx";
import { Load } from "../parts/loading.tsx";
import { StatePill } from "../parts/pill.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { When } from "../parts/when.tsx";
import { Link, objectPath } from "../router.tsx";
import { type Translate, useText } from "../settings.tsx";

/** The list of Applications. */
export function Applications() {
  const t = useText();
  const loaded = useData<readonly ApplicationRow[]>("/api/applications");
  return (
    <>
      <div class="title">
        <h1>{t("applications.title")}</h1>
        <span class="actions">
          <CreateApplication />
        </span>
      </div>
      <Load from={loaded}>{(rows) => <List rows={rows} />}</Load>
    </>
  );
}

function List({ rows }: { readonly rows: readonly ApplicationRow[] }) {
  const t = useText();
  const filter = useFilter(rows, textOf);
  const columns = useMemo(() => columnsFor(t), [t]);
  return (
    <>
      <Filter filter={filter} shown={filter.shown.length} all={rows.length} hint={t("table.filterHint")} />
      <Table
        label={t("applications.title")}
        rows={filter.shown}
        columns={columns}
        empty={t(rows.length === 0 ? "applications.none" : "table.empty")}
      />
    </>
  );
}

function textOf({ namespace, name, displayName, applicationId, activeKey, reason }: ApplicationRow): string {
  return `${namespace}/${name} ${displayName} ${applicationId} ${activeKey} ${reason}`;
}

function columnsFor(t: Translate): readonly Column<ApplicationRow>[] {
  return [
    {
      ...{ id: "name", title: t("column.name"), width: "minmax(9rem, 2fr)" },
      sortBy: ({ name }) => name,
      cell: ({ namespace, name, displayName }) => (
        <Link to={objectPath("Application", namespace, name)} class="two-lines">
          <strong>{name}</strong>
          {displayName !== "" && <span class="quiet">{displayName}</span>}
        </Link>
      ),
    },
    {
      ...{ id: "namespace", title: t("column.namespace"), width: "minmax(6rem, 1fr)" },
      sortBy: ({ namespace }) => namespace,
      cell: ({ namespace }) => namespace,
    },
    {
      ...{ id: "state", title: t("column.state"), width: "7.5rem" },
      sortBy: ({ state }) => state,
      cell: ({ state, message }) => (
        <span title={message}>
          <StatePill state={state} />
        </span>
      ),
    },
    idColumn(t),
    keyColumn(t),
    {
      ...{ id: "grants", title: t("column.grants"), width: "4rem" },
      sortBy: ({ grants }) => grants,
      cell: ({ grants }) => <span class="number">{grants}</span>,
    },
    {
      ...{ id: "expires", title: t("column.expires"), width: "6.5rem" },
      sortBy: ({ expiresAt }) => (expiresAt === undefined ? Infinity : Date.parse(expiresAt)),
      cell: ({ expiresAt }) =>
        expiresAt === undefined ? (
          <span class="quiet">{t("applications.never")}</span>
        ) : (
          <When at={expiresAt} />
        ),
    },
    {
      ...{ id: "lastUse", title: t("column.lastUse"), width: "7.5rem" },
      sortBy: ({ lastUsedAt }) => (lastUsedAt === undefined ? 0 : Date.parse(lastUsedAt)),
      cell: ({ lastUsedAt }) =>
        lastUsedAt === undefined ? (
          <span class="quiet">{t("lastUse.unknown")}</span>
        ) : (
          <When at={lastUsedAt} />
        ),
    },
  ];
}

function idColumn(t: Translate): Column<ApplicationRow> {
  return {
    ...{ id: "applicationId", title: t("column.applicationId"), width: "9.5rem" },
    sortBy: ({ applicationId }) => applicationId,
    cell: ({ applicationId }) =>
      applicationId === "" ? (
        <span class="quiet">{t("applications.idUnknown")}</span>
      ) : (
        <span class="copied">
          <code>{applicationId}</code>
          <Copy text={applicationId} what={applicationId} />
        </span>
      ),
  };
}

function keyColumn(t: Translate): Column<ApplicationRow> {
  return {
    ...{ id: "activeKey", title: t("column.activeKey"), width: "minmax(6rem, 1.4fr)" },
    cell: ({ activeKey }) =>
      activeKey === "" ? null : (
        <span class="copied">
          <code title={activeKey}>{activeKey}</code>
          <Copy text={activeKey} what={activeKey} />
        </span>
      ),
  };
}
