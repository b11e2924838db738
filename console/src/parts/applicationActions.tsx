import { useState } from "preact/hooks";
import type { ApplicationView } from "../../../src/console/view/application.ts";
import type { GrantRow } from "../../../src/console/view/grants.ts";
import { useData } from "../api.tsx";
import { useText } from "../settings.tsx";
import { ActionButton } from "./action.tsx";

/** What can be done with an Application. */
export function ApplicationActions({ view }: { readonly view: ApplicationView }) {
  const t = useText();
  const { namespace, name } = view.row;
  const suspend = view.isSuspended ? "resume" : "suspend";
  return (
    <>
      <AuthorizeFor view={view} />
      <ActionButton
        label={t("action.rotate")}
        explanation={t("action.rotate.does")}
        action={{ kind: "rotateKeys", namespace, name }}
      />
      <ActionButton
        label={t("action.reset")}
        explanation={t("action.reset.does")}
        action={{ kind: "resetKeys", namespace, name }}
      />
      <ActionButton
        label={t(`action.${suspend}`)}
        explanation={t(`does.${suspend}`)}
        action={{ kind: suspend, namespace, name }}
      />
      <ExpiryAction of="Application" namespace={namespace} name={name} />
    </>
  );
}

interface ExpiryProps {
  readonly of: "Application" | "ApiGrant";
  readonly namespace: string;
  readonly name: string;
}

/** Sets an expiry, or removes it. */
export function ExpiryAction({ of, namespace, name }: ExpiryProps) {
  const t = useText();
  const [local, setLocal] = useState("");
  return (
    <ActionButton
      label={t("action.expiry")}
      explanation={t("action.expiry.does")}
      action={{ kind: "setExpiry", of, namespace, name, expiresAt: timeOf(local) }}
    >
      <label>
        <span>{t("action.expiry.at")}</span>
        <input type="datetime-local" value={local} onInput={(event) => setLocal(event.currentTarget.value)} />
      </label>
    </ActionButton>
  );
}

/** The viewer's local time as RFC 3339; "" for none. */
export function timeOf(local: string): string {
  return local === "" ? "" : `${new Date(local).toISOString().slice(0, 19)}Z`;
}

/** Adds the Application to a grant: by name in its own namespace, otherwise by its id. */
function AuthorizeFor({ view }: { readonly view: ApplicationView }) {
  const t = useText();
  const { namespace, name, applicationId } = view.row;
  const { data: grants = [] } = useData<readonly GrantRow[]>("/api/grants");
  const [chosen, setChosen] = useState("");
  const [grantNamespace = "", grantName = ""] = chosen.split("/");
  const entry = grantNamespace === namespace ? { name } : { applicationId };
  return (
    <ActionButton
      label={t("action.authorize")}
      isPlain={false}
      explanation={t("action.authorizeFor.does")}
      action={
        chosen === "" ? undefined : { kind: "authorize", namespace: grantNamespace, name: grantName, entry }
      }
    >
      <label>
        <span>{t("action.authorizeFor.grant")}</span>
        <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="" />
          {grants.map((grant) => (
            <option key={`${grant.namespace}/${grant.name}`} value={`${grant.namespace}/${grant.name}`}>
              {`${grant.environment}: ${grant.namespace}/${grant.name} (${grant.apis.join(", ")})`}
            </option>
          ))}
        </select>
      </label>
    </ActionButton>
  );
}
