import { useMemo, useState } from "preact/hooks";
import type { AccessRow } from "../../../src/access/rows.ts";
import type { MetaView } from "../../../src/console/server/apiRoutes.ts";
import type { AccessView } from "../../../src/console/view/access.ts";
import { useData } from "../api.tsx";
import { Caller, methodsText, Named } from "../parts/access.tsx";
import { Load } from "../parts/loading.tsx";
import { Notice } from "../parts/notice.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { type Translate, useText } from "../settings.tsx";
import { Compare } from "./compare.tsx";
import { Question } from "./question.tsx";

/** Who may call what: a question about one request, everything that callers may do, and what a directory would change. */
export function AccessPage() {
  const t = useText();
  const loaded = useData<AccessView>("/api/access");
  const { data: meta } = useData<MetaView>("/api/meta");
  return (
    <>
      <h1>{t("access.title")}</h1>
      <Load from={loaded}>
        {({ isComplete, rows }) =>
          rows === undefined ? (
            <Notice kind="note">{t(isComplete ? "access.tooMany" : "access.unknown")}</Notice>
          ) : (
            <>
              <Question />
              {meta?.canCompare === true && <Compare />}
              <Rows rows={rows} />
            </>
          )
        }
      </Load>
    </>
  );
}

function Rows({ rows }: { readonly rows: readonly AccessRow[] }) {
  const t = useText();
  const [words, setWords] = useState("");
  const columns = useMemo(() => columnsFor(t), [t]);
  const texts = useMemo(() => rows.map(textOf), [rows]);
  const shown = useMemo(() => {
    const wanted = words.toLowerCase().split(/\s+/);
    return rows.filter((_, position) => wanted.every((word) => texts[position]?.includes(word)));
  }, [rows, texts, words]);
  return (
    <>
      <search class="filter">
        <label>
          <span>{t("table.filter")}</span>
          <input
            type="search"
            value={words}
            placeholder={t("access.filterHint")}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </label>
        <output aria-live="polite">{t("table.shown", { shown: shown.length, all: rows.length })}</output>
      </search>
      <Table label={t("access.title")} rows={shown} columns={columns} empty={t("table.empty")} />
    </>
  );
}

function textOf({ caller, host, path, api, grant, environment, methods }: AccessRow): string {
  return `${caller} ${host}${path.value} ${api} ${grant} ${environment} ${methods.join(" ")}`.toLowerCase();
}

function columnsFor(t: Translate): readonly Column<AccessRow>[] {
  return [
    {
      ...{ id: "caller", title: t("column.caller"), width: "minmax(10rem, 1.3fr)" },
      sortBy: ({ caller }) => caller,
      cell: ({ caller }) => <Caller name={caller} />,
    },
    {
      ...{ id: "environment", title: t("column.environment"), width: "6rem" },
      sortBy: ({ environment }) => environment,
      cell: ({ environment }) => environment,
    },
    {
      ...{ id: "methods", title: t("column.methods"), width: "7rem" },
      cell: ({ methods }) => methodsText(methods, t("access.allMethods")),
    },
    {
      ...{ id: "where", title: t("column.where"), width: "minmax(13rem, 1.8fr)" },
      sortBy: ({ host, path }) => host + path.value,
      cell: ({ host, path }) => <code title={`${path.type} ${path.value}`}>{`${host}${path.value}`}</code>,
    },
    {
      ...{ id: "api", title: t("column.api"), width: "minmax(9rem, 1.2fr)" },
      sortBy: ({ api }) => api,
      cell: ({ api }) => <Named page="/apis" name={api} />,
    },
    {
      ...{ id: "grant", title: t("column.grant"), width: "minmax(9rem, 1.2fr)" },
      sortBy: ({ grant }) => grant,
      cell: ({ grant }) => <Named page="/grants" name={grant} />,
    },
  ];
}
