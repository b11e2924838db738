import { useState } from "preact/hooks";
import type { ApplicationRow } from "../../../src/console/view/applications.ts";
import type { CanView } from "../../../src/console/view/can.ts";
import { postJson, useData } from "../api.tsx";
import { Named } from "../parts/access.tsx";
import { Notice } from "../parts/notice.tsx";
import { useText } from "../settings.tsx";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** May this Application send this request, and why not? */
export function Question() {
  const t = useText();
  const [asked, setAsked] = useState({ application: "", method: "GET", url: "" });
  const [answer, setAnswer] = useState<CanView | string>();
  const { data: applications = [] } = useData<readonly ApplicationRow[]>("/api/applications");
  const set = (part: Partial<typeof asked>) => setAsked((before) => ({ ...before, ...part }));
  const ask = (event: Event) => {
    event.preventDefault();
    postJson<CanView>("/api/can", asked).then(setAnswer, (error: Error) => setAnswer(error.message));
  };
  return (
    <section class="card">
      <h2>{t("question.title")}</h2>
      <form class="form" onSubmit={ask}>
        <label>
          <span>{t("kind.Application")}</span>
          <input
            required
            list="applications"
            value={asked.application}
            onInput={(event) => set({ application: event.currentTarget.value })}
          />
        </label>
        <datalist id="applications">
          {applications.slice(0, 1_000).map(({ namespace, name }) => (
            <option key={`${namespace}/${name}`} value={`${namespace}/${name}`} />
          ))}
        </datalist>
        <label>
          <span>{t("question.method")}</span>
          <select value={asked.method} onChange={(event) => set({ method: event.currentTarget.value })}>
            {METHODS.map((method) => (
              <option key={method}>{method}</option>
            ))}
          </select>
        </label>
        <label class="wide">
          <span>{t("question.url")}</span>
          <input
            required
            value={asked.url}
            placeholder={t("question.urlHint")}
            onInput={(event) => set({ url: event.currentTarget.value })}
          />
        </label>
        <button type="submit">{t("question.ask")}</button>
      </form>
      {answer !== undefined && <Answer answer={answer} />}
    </section>
  );
}

function Answer({ answer }: { readonly answer: CanView | string }) {
  const t = useText();
  if (typeof answer === "string") return <Notice kind="error">{answer}</Notice>;
  const { isAllowed, code, reasons, environment, api, grant, enforcement } = answer;
  return (
    <div class={`answer answer-${isAllowed ? "yes" : "no"}`} role="status">
      <strong>{t(isAllowed ? "question.yes" : "question.no", { code })}</strong>
      {isAllowed && (
        <p>
          {t("question.by", { environment })} <Named page="/apis" name={api} />{" "}
          <Named page="/grants" name={grant} />
        </p>
      )}
      {enforcement === "Shadow" && <p>{t("question.shadow")}</p>}
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
    </div>
  );
}
