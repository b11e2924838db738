import type { ComponentChildren } from "preact";
import type { Finding } from "../../../src/access/findings/catalog.ts";
import type { ConditionView, StateView } from "../../../src/console/view/state.ts";
import { Link } from "../router.tsx";
import { useSettings, useText } from "../settings.tsx";
import { REASON_TEXTS } from "../text/reasons.ts";
import { Copy } from "./copy.tsx";
import { StatePill } from "./pill.tsx";
import { When } from "./when.tsx";

/** The head of an object's page: where it is, its name and state. */
export function ObjectHead({
  list,
  listName,
  name,
  subtitle,
  state,
  children,
}: {
  readonly list: string;
  readonly listName: string;
  readonly name: string;
  readonly subtitle?: string;
  readonly state?: StateView;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="object-head">
      <Link to={list} class="crumb">
        {listName}
      </Link>
      <div class="title">
        <h1>{name}</h1>
        {state && <StatePill state={state.state} />}
        <span class="actions">{children}</span>
      </div>
      {subtitle !== undefined && subtitle !== "" && <p class="quiet">{subtitle}</p>}
    </div>
  );
}

/** Facts as pairs of a word and a value; pairs without a value are left out. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ComponentChildren])[];
}) {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== "" && value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** The conditions of an object in words: what each reason means, and the operator's message. */
export function Conditions({ conditions }: { readonly conditions: readonly ConditionView[] }) {
  const t = useText();
  return (
    <section class="card">
      <h2>{t("object.conditions")}</h2>
      {conditions.length === 0 && <p class="quiet">{t("object.noConditions")}</p>}
      <ul class="lines">
        {conditions.map((condition) => (
          <ConditionLine key={condition.type} condition={condition} />
        ))}
      </ul>
    </section>
  );
}

/** Conditions that are good news when they are False. */
const WARNINGS = ["WeakSigning", "WeakCredentials", "BroadPaths"];

function ConditionLine({ condition }: { readonly condition: ConditionView }) {
  const { t, language } = useSettings();
  const { type, status, reason, message, since, isCurrent } = condition;
  const isGood = (status === "True") !== WARNINGS.includes(type);
  const dot = status === "Unknown" || !isCurrent ? "waiting" : isGood ? "ready" : "notReady";
  const meaning = REASON_TEXTS[language][reason];
  return (
    <li class="condition">
      <span class={`dot dot-${dot}`}>
        <strong>{type}</strong>
      </span>
      <span class="message">
        {meaning ?? reason}
        {!isCurrent && <em>{` ${t("object.outdated")}`}</em>}
        {message !== meaning && <span class="detail">{message}</span>}
      </span>
      <span class="quiet end">{since !== "" && <When at={since} />}</span>
    </li>
  );
}

/** What is odd about an object, with the field to edit. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const t = useText();
  if (findings.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("object.findings")}</h2>
      <ul class="lines">
        {findings.map(({ id, field, message }) => (
          <li key={`${id} ${field}`}>
            <span class="message strong">
              {t(`finding.${id}`)}
              <span class="detail">{message}</span>
            </span>
            {field !== "" && (
              <span class="end">
                <code>{field}</code>
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** An object as YAML, to copy into a file. */
export function Yaml({ text, name }: { readonly text: string; readonly name: string }) {
  const t = useText();
  return (
    <section class="card">
      <h2>{t("object.yaml")}</h2>
      <div class="code">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, by keyboard too. */}
        <pre tabIndex={0}>{text}</pre>
        <Copy text={text} what={t("object.yamlOf", { name })} />
      </div>
    </section>
  );
}
