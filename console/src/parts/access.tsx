import { ANYBODY } from "../../../src/access/anybody.ts";
import type { AccessRow } from "../../../src/access/rows.ts";
import { Link, objectPath } from "../router.tsx";
import { useText } from "../settings.tsx";

/** Access by environment and host; `by` is what the rows have in common, which is not repeated. */
export function Access({
  title,
  rows,
  by,
}: {
  readonly title: string;
  readonly rows: readonly AccessRow[] | undefined;
  readonly by: "caller" | "api" | "grant";
}) {
  const t = useText();
  return (
    <section class="card">
      <h2>{title}</h2>
      {rows === undefined && <p class="quiet">{t("access.unknown")}</p>}
      {rows?.length === 0 && <p class="quiet">{t(`access.none.${by}`)}</p>}
      {rows !== undefined && rows.length > 0 && <AccessTable rows={rows.slice(0, SHOWN)} by={by} />}
      {rows !== undefined && rows.length > SHOWN && (
        <p class="quiet">{t("overview.more", { count: rows.length - SHOWN })}</p>
      )}
    </section>
  );
}

const SHOWN = 100;

interface TableProps {
  readonly rows: readonly AccessRow[];
  /** What all rows have in common. */
  readonly by: "caller" | "api" | "grant";
}

function AccessTable({ rows, by }: TableProps) {
  const t = useText();
  return (
    <div class="scroll">
      <table class="plain">
        <thead>
          <tr>
            {by !== "caller" && <th scope="col">{t("column.caller")}</th>}
            <th scope="col">{t("column.environment")}</th>
            <th scope="col">{t("column.methods")}</th>
            <th scope="col">{t("column.where")}</th>
            {by !== "api" && <th scope="col">{t("column.api")}</th>}
            {by !== "grant" && <th scope="col">{t("column.grant")}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={`${row.caller} ${row.host} ${row.path.type} ${row.path.value} ${row.grant} ${row.methods}`}
            >
              {by !== "caller" && (
                <td>
                  <Caller name={row.caller} />
                </td>
              )}
              <td>{row.environment}</td>
              <td>{methodsText(row.methods, t("access.allMethods"))}</td>
              <td>
                <code>{`${row.host}${row.path.value}`}</code>{" "}
                <span class="quiet">{t(`path.${row.path.type}`)}</span>
              </td>
              {by !== "api" && (
                <td>
                  <Named page="/apis" name={row.api} />
                </td>
              )}
              {by !== "grant" && (
                <td>
                  <Named page="/grants" name={row.grant} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Methods as a text. */
export function methodsText(methods: readonly string[], all: string): string {
  return methods.length === 0 || methods[0] === "*" ? all : methods.join(" ");
}

/** A caller: an Application, an id that no Application is known to have, or everybody. */
export function Caller({ name }: { readonly name: string }) {
  const t = useText();
  const [namespace, application] = name.split("/");
  if (name === ANYBODY) return <>{t("access.anybody")}</>;
  if (application === undefined) return <code>{name}</code>;
  return <Link to={objectPath("Application", namespace ?? "", application)}>{name}</Link>;
}

/** A link to an object by its `namespace/name`. */
export function Named({ page, name }: { readonly page: string; readonly name: string }) {
  return <Link to={`${page}/${name.split("/").map(encodeURIComponent).join("/")}`}>{name}</Link>;
}
