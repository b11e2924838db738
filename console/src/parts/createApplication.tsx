import { useState } from "preact/hooks";
import { useText } from "../settings.tsx";
import { ActionButton } from "./action.tsx";
import { timeOf } from "./applicationActions.tsx";

/** Creates an Application; the operator generates its key pair. */
export function CreateApplication() {
  const t = useText();
  const [fields, setFields] = useState({ namespace: "", name: "", displayName: "", expires: "" });
  const { expires, ...named } = fields;
  const isFilled = fields.namespace !== "" && fields.name !== "";
  const set = (name: keyof typeof fields) => (event: InputEvent) =>
    setFields({ ...fields, [name]: (event.currentTarget as HTMLInputElement).value });
  const field = (name: keyof typeof fields, label: string) => (
    <label>
      <span>{label}</span>
      <input value={fields[name]} onInput={set(name)} />
    </label>
  );
  return (
    <ActionButton
      label={t("action.create")}
      isPlain={false}
      explanation={t("action.create.does")}
      action={isFilled ? { kind: "createApplication", ...named, expiresAt: timeOf(expires) } : undefined}
    >
      {field("namespace", t("column.namespace"))}
      {field("name", t("column.name"))}
      {field("displayName", t("action.create.displayName"))}
      <label>
        <span>{t("column.expires")}</span>
        <input type="datetime-local" value={expires} onInput={set("expires")} />
      </label>
    </ActionButton>
  );
}
