import {
  ALGORITHMS,
  KEY_SOURCES,
  KEY_STATES,
  OPEN_VARIANTS,
  PARAMETER_SETTINGS,
  PATH_TYPES,
  SELECTOR_OPERATORS,
} from "../api/vocabulary.ts";
import { isRecord } from "../base/json.ts";
import type {
  ApiDomainProjection,
  ApiGrantProjection,
  ApplicationProjection,
  GrantedApi,
  GrantedApplication,
  KeyRecord,
  LabelSelector,
  SigningPolicy,
} from "./documents.ts";

/** An Application's document as JSON has it: secrets are still text. */
export type ApplicationJson = Omit<ApplicationProjection, "keys"> & {
  readonly keys: readonly (Omit<KeyRecord, "apiAppSecret"> & { readonly apiAppSecret: string })[];
};

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const time: Check = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    typeof value === "string" && words.includes(value);
const listOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const labels: Check = (value) => isRecord(value) && Object.values(value).every(text);
/** Every field is checked, and a field that nobody knows is a document of somebody else. */
const shape = (fields: Readonly<Record<string, Check>>): Check => {
  const known = new Map(Object.entries(fields));
  return (value) =>
    isRecord(value) &&
    Object.keys(value).every((name) => known.has(name)) &&
    [...known].every(([name, check]) => check(Object.hasOwn(value, name) ? value[name] : undefined));
};

const common = {
  version: (value: unknown) => value === 1,
  uid: text,
  name: text,
  createdAt: time,
  tombstone: flag,
};

const key: Check = shape({
  apiAppKey: text,
  apiAppSecret: text,
  source: oneOf(...KEY_SOURCES),
  state: oneOf(...KEY_STATES),
  createdAt: time,
  replacedAt: optional(time),
  retiresAt: optional(time),
} satisfies Record<keyof KeyRecord, Check>);

const signing: Check = shape({
  algorithms: listOf(oneOf(...ALGORITHMS)),
  clockSkewSeconds: (value) => typeof value === "number" && value >= 1 && value <= 900,
  parameters: oneOf(...PARAMETER_SETTINGS),
  openVariants: listOf(oneOf(...OPEN_VARIANTS)),
} satisfies Record<keyof SigningPolicy, Check>);

const application = shape({
  ...common,
  kind: oneOf("Application"),
  namespace: text,
  applicationId: text,
  labels,
  suspended: flag,
  expiresAt: optional(time),
  signing,
  keys: listOf(key),
  rotatedFor: optional(time),
  revokedKeys: listOf(text),
} satisfies Record<keyof ApplicationProjection, Check>);

const selector: Check = shape({
  matchLabels: optional(labels),
  matchExpressions: optional(
    listOf(
      shape({
        key: text,
        operator: oneOf(...SELECTOR_OPERATORS),
        values: optional(listOf(text)),
      }),
    ),
  ),
} satisfies Record<keyof LabelSelector, Check>);

const grantedApi: Check = shape({
  name: text,
  hosts: listOf(text),
  paths: listOf(shape({ type: oneOf(...PATH_TYPES), value: text })),
  methods: listOf(text),
} satisfies Record<keyof GrantedApi, Check>);

const byKind: Readonly<Record<GrantedApplication["kind"], Check>> = {
  name: shape({ kind: text, name: text }),
  selector: shape({ kind: text, selector }),
  id: shape({ kind: text, applicationId: text, namespace: optional(text) }),
};
const grantedApplication: Check = (value) =>
  isRecord(value) &&
  (value.kind === "name" || value.kind === "selector" || value.kind === "id") &&
  byKind[value.kind](value);

const grant = shape({
  ...common,
  kind: oneOf("ApiGrant"),
  namespace: text,
  namespaceLabels: labels,
  environment: text,
  apis: listOf(grantedApi),
  applications: listOf(grantedApplication),
  notBefore: optional(time),
  expiresAt: optional(time),
  suspended: flag,
  plan: optional(text),
} satisfies Record<keyof ApiGrantProjection, Check>);

const namesOrSelector: Check = (value) =>
  shape({ kind: oneOf("names"), names: listOf(text) })(value) ||
  shape({ kind: oneOf("selector"), selector })(value);

const domain = shape({
  ...common,
  kind: oneOf("ApiDomain"),
  hosts: listOf(text),
  namespaces: namesOrSelector,
  environments: listOf(shape({ name: text, pathPrefix: text })),
} satisfies Record<keyof ApiDomainProjection, Check>);

/** Whether the JSON is an Application's document, field by field. */
export function isApplication(value: object): value is ApplicationJson {
  return application(value);
}

/** Whether the JSON is an ApiGrant's document, field by field. */
export function isApiGrant(value: object): value is ApiGrantProjection {
  return grant(value);
}

/** Whether the JSON is an ApiDomain's document, field by field. */
export function isApiDomain(value: object): value is ApiDomainProjection {
  return domain(value);
}
