import type { ObjectState } from "../../../src/console/view/state.ts";
import { useText } from "../settings.tsx";
import { Icon } from "./icon.tsx";

/** The state of an object, by an icon, a word and a colour. */
export function StatePill({ state }: { readonly state: ObjectState }) {
  const t = useText();
  return (
    <span class={`pill pill-${state}`}>
      <Icon name={state} />
      {t(`state.${state}`)}
    </span>
  );
}
