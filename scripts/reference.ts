import type { KindDefinition } from "../src/api/crds.ts";
import { API_VERSION } from "../src/api/names.ts";
import type { Rule, Schema } from "../src/api/schema/schema.ts";

/** What a page holds beside its schema: an example that the API server accepts. */
export interface ReferencePage {
  readonly definition: KindDefinition;
  /** YAML. */
  readonly example: string;
}

interface Field {
  readonly path: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

/** A kind's page in docs/reference, made from its schema, so that the two cannot differ. */
export function referencePage({ definition, example }: ReferencePage): string {
  const { kind, plural, shortName, scope, description, spec, status } = definition;
  const fields = fieldsOf(spec, "spec");
  return [
    `# ${kind}`,
    "",
    description,
    "",
    `\`${API_VERSION}\`, ${scope === "Cluster" ? "cluster-scoped" : "namespaced"}; \`kubectl get ${plural}\`, short \`${shortName}\`.`,
    "",
    "```yaml",
    example.trim(),
    "```",
    "",
    "## Spec",
    ...table(fields),
    "## Validation",
    "An object that breaks one of these rules is rejected when it is applied, with this message.",
    "",
    "| field | message |",
    "|---|---|",
    ...[{ path: "metadata.name", rules: [definition.nameRule] }, ...rulesOf(spec, "spec", fields)].flatMap(
      refusals,
    ),
    "",
    "## Status",
    "Only the operator writes the status.",
    "",
    ...table(fieldsOf(status, "status").filter(({ path }) => !path.startsWith("status.conditions[]."))),
    "The reasons of conditions and Events are in [reasons.md](../reasons.md).",
    "",
  ].join("\n");
}

/** Every field below a schema, in its order: `spec.apis[].hosts`. */
function fieldsOf(schema: Schema, path: string): readonly Field[] {
  if (schema.items) return fieldsOf(schema.items, `${path}[]`);
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const isRequired = schema.required?.includes(name) ?? false;
    const place = `${path}.${name}`;
    return [{ path: place, schema: child, isRequired }, ...fieldsOf(child, place)];
  });
}

function table(fields: readonly Field[]): readonly string[] {
  const rows = fields.map(
    ({ path, schema, isRequired }) =>
      `| \`${path}\` | ${typeOf(schema)} | ${defaultOf(schema, isRequired)} | ${cell(schema.description ?? "")} |`,
  );
  return ["| field | type | default | meaning |", "|---|---|---|---|", ...rows, ""];
}

function typeOf(schema: Schema): string {
  if (schema.type === "array") {
    const most = schema.maxItems === undefined ? "" : `, at most ${schema.maxItems}`;
    return `list of ${typeOf(schema.items as Schema)}${most}`;
  }
  if (schema.additionalProperties) return `map of ${typeOf(schema.additionalProperties)}`;
  return schema.enum ? schema.enum.map((value) => `\`${value}\``).join(", ") : schema.type;
}

function defaultOf({ default: value }: Schema, isRequired: boolean): string {
  if (isRequired) return "required";
  // The default of an object or a list is described in words.
  return value === undefined || typeof value === "object" ? "" : `\`${JSON.stringify(value)}\``;
}

function rulesOf(schema: Schema, path: string, fields: readonly Field[]) {
  const at = (place: string, { "x-kubernetes-validations": rules = [], items }: Schema) => [
    { path: place, rules },
    ...(items ? [{ path: `${place}[]`, rules: items["x-kubernetes-validations"] ?? [] }] : []),
  ];
  return [...at(path, schema), ...fields.flatMap((field) => at(field.path, field.schema))];
}

function refusals({ path, rules }: { readonly path: string; readonly rules: readonly Rule[] }) {
  return rules.flatMap((rule) =>
    sentences(rule).map((text) => `| \`${path}${rule.fieldPath ?? ""}\` | ${cell(text)} |`),
  );
}

/** The texts that a messageExpression chooses from stand between quotation marks, and are longer than what it compares with. */
function sentences({ message, messageExpression }: Rule): readonly string[] {
  if (message !== undefined) return [message];
  const literals = [...(messageExpression ?? "").matchAll(/'([^']*)'/g)].map(([, text]) => text ?? "");
  return literals.filter((text) => text.length >= 12);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
