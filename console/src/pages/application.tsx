import type { ApplicationView } from "../../../src/console/view/application.ts";
import { useData } from "../api.tsx";
import { Access, Named } from "../parts/access.tsx";
import { ApplicationActions } from "../parts/applicationActions.tsx";
import { Copy } from "../parts/copy.tsx";
import { KeyTimeline } from "../parts/keyTimeline.tsx";
import { Load } from "../parts/loading.tsx";
import { Conditions, Facts, Findings, ObjectHead, Yaml } from "../parts/object.tsx";
import { SecretOnClick } from "../parts/secret.tsx";
import { When } from "../parts/when.tsx";
import { useText } from "../settings.tsx";

/** The page of one Application. */
export function ApplicationPage({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const loaded = useData<ApplicationView>(`/api/applications/${namespace}/${name}`);
  return <Load from={loaded}>{(view) => <Shown view={view} />}</Load>;
}

function Shown({ view }: { readonly view: ApplicationView }) {
  const t = useText();
  const { row } = view;
  const title = `${row.namespace}/${row.name}`;
  return (
    <>
      <ObjectHead
        list="/applications"
        listName={t("applications.title")}
        name={title}
        subtitle={[row.displayName, view.description].filter((text) => text !== "").join(" – ")}
        state={row}
      >
        <ApplicationActions view={view} />
      </ObjectHead>
      <ApplicationFacts view={view} />
      <KeyTimeline keys={view.keys} />
      {view.access === undefined ? (
        <AdmittedBy view={view} />
      ) : (
        <Access title={t("application.access")} rows={view.access} by="caller" />
      )}
      <Findings findings={view.findings} />
      <Conditions conditions={view.conditions} />
      <Yaml text={view.yaml} name={title} />
    </>
  );
}

function ApplicationFacts({ view }: { readonly view: ApplicationView }) {
  const t = useText();
  const { row, secretName, rotationInterval, isSuspended } = view;
  const copied = (text: string) =>
    text === "" ? (
      ""
    ) : (
      <span class="copied">
        <code>{text}</code>
        <Copy text={text} what={text} />
      </span>
    );
  return (
    <Facts
      facts={[
        [t("column.applicationId"), copied(row.applicationId)],
        [t("column.activeKey"), copied(row.activeKey)],
        [t("application.secret"), copied(secretName)],
        [
          t("application.apiAppSecret"),
          <SecretOnClick key="secret" namespace={row.namespace} name={row.name} />,
        ],
        [t("application.rotation"), rotationInterval],
        [
          t("column.expires"),
          row.expiresAt === undefined ? t("applications.never") : <When at={row.expiresAt} />,
        ],
        [
          t("column.lastUse"),
          row.lastUsedAt === undefined ? t("lastUse.unknown") : <When at={row.lastUsedAt} />,
        ],
        [t("application.suspended"), isSuspended ? t("word.yes") : t("word.no")],
      ]}
    />
  );
}

/** For a viewer who may not see ApiDomains: the grants that the operator reports. */
function AdmittedBy({ view }: { readonly view: ApplicationView }) {
  const t = useText();
  return (
    <section class="card">
      <h2>{t("application.grants")}</h2>
      <p class="quiet">{t("access.unknown")}</p>
      <ul class="lines">
        {view.grants.map(({ grant, environment, apis }) => (
          <li key={grant}>
            <Named page="/grants" name={grant} />
            <span>{environment}</span>
            <span class="message">{apis.join(", ")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
