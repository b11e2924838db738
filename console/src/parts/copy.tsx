import { useEffect, useState } from "preact/hooks";
import { useText } from "../settings.tsx";
import { Icon } from "./icon.tsx";

/** A button that puts a text on the clipboard. `what` names the text for screen readers. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  const t = useText();
  // The text, not a flag: in a table the same button may belong to another row a moment later.
  const [copied, setCopied] = useState<string>();
  const isDone = copied === text;
  useEffect(() => {
    if (copied === undefined) return;
    const timer = setTimeout(() => setCopied(undefined), 1_500);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = isDone ? t("copy.done") : t("copy.copy", { what });
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(text));
  return (
    <button type="button" class="copy" title={label} aria-label={label} onClick={copy}>
      <Icon name={isDone ? "ready" : "copy"} />
    </button>
  );
}
