import { useState } from "preact/hooks";
import type { Entry } from "../../../src/console/actions/action.ts";
import type { ApplicationRow } from "../../../src/console/view/applications.ts";
import { useData } from "../api.tsx";
import { useText } from "../settings.tsx";
import { ActionButton } from "./action.tsx";

interface GrantName {
  readonly namespace: string;
  readonly name: string;
}

/** Adds an Application to a grant: one of its namespace from a list, or a partner's by the id that the partner has told. */
export function AuthorizeAction({ namespace, name }: GrantName) {
  const t = useText();
  const { data: applications = [] } = useData<readonly ApplicationRow[]>("/api/applications");
  const [chosen, setChosen] = useState("");
  const [id, setId] = useState("");
  const entry: Entry | undefined =
    id !== "" ? { applicationId: id.trim() } : chosen !== "" ? { name: chosen } : undefined;
  return (
    <ActionButton
      label={t("action.authorize")}
      isPlain={false}
      explanation={t("action.authorize.does")}
      action={entry && { kind: "authorize", namespace, name, entry }}
    >
      <label>
        <span>{t("action.authorize.choose")}</span>
        <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          <option value="" />
          {applications
            .filter((one) => one.namespace === namespace)
            .map((one) => (
              <option key={one.name}>{one.name}</option>
            ))}
        </select>
      </label>
      <label>
        <span>{t("action.authorize.paste")}</span>
        <input
          value={id}
          placeholder={t("action.authorize.hint")}
          onInput={(event) => setId(event.currentTarget.value)}
        />
      </label>
    </ActionButton>
  );
}

/** Removes an entry of a grant. */
export function UnauthorizeAction({ namespace, name, entry }: GrantName & { readonly entry: Entry }) {
  const t = useText();
  return (
    <ActionButton
      label={t("action.unauthorize")}
      explanation={t("action.unauthorize.does")}
      action={{ kind: "unauthorize", namespace, name, entry }}
    />
  );
}
