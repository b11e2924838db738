import type { AccessChange } from "../../../src/access/diff.ts";
import { useText } from "../settings.tsx";
import { Caller, methodsText } from "./access.tsx";

/** Requests that a change opens or closes. */
export function Changes({
  changes,
  none,
}: {
  readonly changes: readonly AccessChange[];
  /** The text for no change. */
  readonly none: string;
}) {
  const t = useText();
  if (changes.length === 0) return <p class="quiet">{none}</p>;
  return (
    <ul class="lines">
      {changes.map((one) => (
        <li key={`${one.change} ${one.caller} ${one.host} ${one.path.type} ${one.path.value} ${one.methods}`}>
          <span class={`pill pill-${one.change === "opens" ? "ready" : "notReady"}`}>
            {t(`change.${one.change}`)}
          </span>
          <Caller name={one.caller} />
          <span class="message">
            {`${methodsText(one.methods, t("access.allMethods"))} `}
            <code>{`${one.host}${one.path.value}`}</code> {t(`path.${one.path.type}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}
