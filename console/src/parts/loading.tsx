import type { ComponentChildren } from "preact";
import type { Loaded } from "../api.tsx";
import { useText } from "../settings.tsx";
import { Notice } from "./notice.tsx";

/** Shows data once it is there. An error beside older data does not hide it. */
export function Load<T>({
  from,
  children,
}: {
  readonly from: Loaded<T>;
  readonly children: (data: T) => ComponentChildren;
}) {
  const t = useText();
  const { data, error } = from;
  return (
    <>
      {error !== undefined && <Notice kind="error">{t("page.failed", { error })}</Notice>}
      {data === undefined && error === undefined && (
        <p class="quiet" aria-busy="true">
          {t("page.loading")}
        </p>
      )}
      {data !== undefined && children(data)}
    </>
  );
}
