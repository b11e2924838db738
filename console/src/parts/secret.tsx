import { useEffect, useState } from "preact/hooks";
import type { SecretAnswer } from "../../../src/console/view/secret.ts";
import { postJson } from "../api.tsx";
import { useText } from "../settings.tsx";
import { Copy } from "./copy.tsx";
import { Gaps, Notice } from "./notice.tsx";

/** A secret is shown for this long, in milliseconds. */
const SHOWN_MS = 60_000;

/** The ApiAppSecret of an Application, read when the viewer asks for it, and hidden again after a minute. */
export function SecretOnClick({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const t = useText();
  const [answer, setAnswer] = useState<SecretAnswer | string>();
  useEffect(() => {
    if (answer === undefined) return;
    const timer = setTimeout(() => setAnswer(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [answer]);
  const show = () =>
    void postJson<SecretAnswer>("/api/secret", { namespace, name }).then(setAnswer, (error: Error) =>
      setAnswer(error.message),
    );
  if (answer === undefined)
    return (
      <button type="button" class="button plain" onClick={show}>
        {t("secret.show")}
      </button>
    );
  if (typeof answer === "string") return <Notice kind="error">{answer}</Notice>;
  if (answer.kind === "gap") return <Gaps gaps={[answer.gap]} />;
  if (answer.kind === "missing") return <p class="quiet">{t("secret.missing")}</p>;
  return (
    <span class="copied">
      <code>{answer.apiAppSecret}</code>
      <Copy text={answer.apiAppSecret} what={t("secret.name")} />
      <button type="button" class="button plain" onClick={() => setAnswer(undefined)}>
        {t("secret.hide")}
      </button>
    </span>
  );
}
