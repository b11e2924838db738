import { useState } from "preact/hooks";
import type { ExplainAnswer, ExplainView, StepView } from "../../../src/console/view/explain.ts";
import { postJson } from "../api.tsx";
import { Icon } from "../parts/icon.tsx";
import { Gaps, Notice } from "../parts/notice.tsx";
import { useText } from "../settings.tsx";
import { Strings } from "./strings.tsx";

/** Explains a pasted request. What is pasted stays in this page and in the local server's memory. */
export function ExplainPage() {
  const t = useText();
  const [asked, setAsked] = useState({ text: "", at: "now" });
  const [answer, setAnswer] = useState<ExplainAnswer | string>();
  const explain = (event: Event) => {
    event.preventDefault();
    postJson<ExplainAnswer>("/api/explain", asked).then(setAnswer, (error: Error) =>
      setAnswer(error.message),
    );
  };
  return (
    <>
      <h1>{t("explain.title")}</h1>
      <form class="card" onSubmit={explain}>
        <label class="stacked">
          <span>{t("explain.paste")}</span>
          <textarea
            required
            rows={8}
            spellcheck={false}
            value={asked.text}
            onInput={(event) => setAsked({ ...asked, text: event.currentTarget.value })}
          />
        </label>
        <div class="form">
          <label>
            <span>{t("explain.at")}</span>
            <select
              value={asked.at}
              onChange={(event) => setAsked({ ...asked, at: event.currentTarget.value })}
            >
              <option value="now">{t("explain.at.now")}</option>
              <option value="sent">{t("explain.at.sent")}</option>
            </select>
          </label>
          <button type="submit">{t("explain.explain")}</button>
        </div>
      </form>
      {answer !== undefined && <Answer answer={answer} />}
    </>
  );
}

function Answer({ answer }: { readonly answer: ExplainAnswer | string }) {
  const t = useText();
  if (typeof answer === "string") return <Notice kind="error">{answer}</Notice>;
  if (answer.kind === "unreadable")
    return <Notice kind="error">{t("explain.unreadable", { problem: answer.problem })}</Notice>;
  if (answer.kind === "gap")
    return (
      <>
        <Gaps gaps={[answer.gap]} />
        <Notice kind="note">{t("explain.gap")}</Notice>
      </>
    );
  return <Explained view={answer.view} />;
}

function Explained({ view }: { readonly view: ExplainView }) {
  const t = useText();
  return (
    <>
      <section class="card" aria-label={t("explain.decision")}>
        <div class={`answer answer-${view.isAllowed ? "yes" : "no"}`} role="status">
          <strong>{view.isAllowed ? t("explain.allowed") : t("explain.denied", { code: view.code })}</strong>
          <code>{view.request}</code>
          {view.message !== "" && <p>{view.message}</p>}
          {view.undecidable !== undefined && <p>{t("explain.undecidable", { reason: view.undecidable })}</p>}
        </div>
        {view.hints.length > 0 && (
          <ul class="hints">
            {view.hints.map((hint) => (
              <li key={hint}>{hint}</li>
            ))}
          </ul>
        )}
        <ol class="steps">
          {view.steps.map((step) => (
            <Step key={step.name} step={step} />
          ))}
        </ol>
      </section>
      <Strings tried={view.tried} count={view.triedCount} />
    </>
  );
}

const ICONS = { passed: "ready", failed: "notReady", notReached: "off" } as const;

function Step({ step }: { readonly step: StepView }) {
  const t = useText();
  const { name, result, facts } = step;
  return (
    <li class={`step step-${result}`}>
      <Icon name={ICONS[result]} />
      <span>
        <strong>{t(`step.${name}`)}</strong>
        <span class="quiet">{` ${t(`result.${result}`)}`}</span>
        {facts.map((fact) => (
          <code key={fact}>{fact}</code>
        ))}
      </span>
    </li>
  );
}
