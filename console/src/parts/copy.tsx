import { useEffect, useState } from "preact/hooks";
import { useText } from "../settings.tsx";
import { Icon } from "./icon.tsx";

/** A button that puts a text on the clipboard. `what` names the text for screen readers. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const t = useText();
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), 1_500);
    return () => clearTimeout(timer);
  }, [isDone]);
  const label = isDone ? t("copy.done") : t("copy.copy", { what });
  const copy = () => void navigator.clipboard.writeText(text).then(() => setDone(true));
  return (
    <button type="button" class="copy" title={label} aria-label={label} onClick={copy}>
      <Icon name={isDone ? "ready" : "copy"} />
    </button>
  );
}
