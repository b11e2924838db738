import type { ComponentChildren } from "preact";
import type { Gap } from "../../../src/console/gap.ts";
import { useText } from "../settings.tsx";
import { Copy } from "./copy.tsx";

/** A text in a box: an error is announced to screen readers. */
export function Notice({
  kind,
  children,
}: {
  readonly kind: "error" | "note";
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`notice notice-${kind}`} role={kind === "error" ? "alert" : "note"}>
      {children}
    </div>
  );
}

/** What the viewer cannot see, and how to ask for it. */
export function Gaps({ gaps }: { readonly gaps: readonly Gap[] }) {
  const t = useText();
  if (gaps.length === 0) return null;
  const commands = gaps.flatMap((gap) => gap.commands).join("\n");
  return (
    <section class="notice notice-note" aria-label={t("gap.title")}>
      <h2>{t("gap.title")}</h2>
      <ul>
        {gaps.map((gap) => (
          <li key={gap.resource}>
            {t(textOf(gap), { resource: gap.resource, namespace: gap.onlyNamespace ?? "" })}
          </li>
        ))}
      </ul>
      {commands !== "" && (
        <>
          <p>{t("gap.ask")}</p>
          <div class="code">
            <pre>{commands}</pre>
            <Copy text={commands} what={t("copy.commands")} />
          </div>
        </>
      )}
    </section>
  );
}

function textOf({ reason, onlyNamespace }: Gap) {
  return onlyNamespace === undefined ? (`gap.${reason}` as const) : "gap.onlyNamespace";
}
