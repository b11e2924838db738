import type { ApiDomain } from "../../api/apiDomain.ts";
import type { ApiGrant } from "../../api/apiGrant.ts";
import type { Application } from "../../api/application.ts";
import { type HttpRoute, readHttpRoute } from "../../api/httpRoute.ts";
import type { ObjectMeta } from "../../api/meta.ts";
import { ANNOTATION_CHANGE, API_VERSION, objectKey, PROJECTION_KEY } from "../../api/names.ts";
import { isRecord } from "../../base/json.ts";
import { decodeProjection } from "../../projection/codec.ts";
import { documentName } from "../../projection/documentName.ts";
import type { StoredProjection } from "../../projection/feed.ts";
import { CredentialsData } from "../credentialsData.ts";
import type { NamespaceObject, PodObject, SecretObject } from "../store.ts";
import { shareTexts } from "./sharedTexts.ts";

/** An object as JSON of which only the metadata is validated. */
export interface RawObject {
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** A Secret, as far as projections are read of it; `data` are texts in base64, or bytes of a list in protobuf. */
export interface ListedSecret {
  readonly metadata: Pick<ObjectMeta, "name" | "uid" | "resourceVersion" | "annotations">;
  readonly data?: unknown;
}

/** One object in the form that a collection stores. */
export interface Item<T> {
  readonly key: string;
  readonly uid: string;
  readonly version: string;
  readonly value: T;
}

export type Decode<T> = (object: RawObject) => Item<T>;

/**
 * Checks that the value is an object with a name, a UID and a version, and strips unused parts: managedFields, and kubectl's
 * annotation that repeats the whole object, including a Secret's data. Undefined if it is not such an object.
 */
export function rawObject(value: unknown): RawObject | undefined {
  if (!isRecord(value) || !isRecord(value.metadata)) return undefined;
  const { managedFields, annotations, ...metadata } = value.metadata;
  if (!isText(metadata.name) || !isText(metadata.uid) || !isText(metadata.resourceVersion)) return undefined;
  const { "kubectl.kubernetes.io/last-applied-configuration": _, ...kept } = isRecord(annotations)
    ? annotations
    : {};
  return { ...value, metadata: { ...metadata, annotations: kept } as ObjectMeta };
}

export function decodeApplication(object: RawObject): Item<Application> {
  return item(object, { ...held(object), kind: "Application" } as Application);
}

export function decodeGrant(object: RawObject): Item<ApiGrant> {
  return item(object, { ...held(object), kind: "ApiGrant" } as ApiGrant);
}

export function decodeDomain(object: RawObject): Item<ApiDomain> {
  return item(object, { ...held(object), kind: "ApiDomain" } as ApiDomain);
}

/** The fields of a custom resource that are read, with shared texts where those of many objects are alike. */
function held({ metadata, spec = {}, status }: RawObject) {
  const shared = isRecord(status) ? { status: sharedConditions(status) } : {};
  return { apiVersion: API_VERSION, metadata: heldMeta(metadata), spec, ...shared };
}

function sharedConditions(status: Readonly<Record<string, unknown>>) {
  return status.conditions === undefined ? status : { ...status, conditions: shareTexts(status.conditions) };
}

/** The metadata that is read. Nothing reads annotations here, and tools write long ones. */
function heldMeta({
  annotations: _,
  finalizers,
  labels,
  ownerReferences,
  ...metadata
}: ObjectMeta): ObjectMeta {
  return {
    ...metadata,
    ...(metadata.namespace === undefined ? {} : { namespace: shareTexts(metadata.namespace) }),
    ...(finalizers === undefined ? {} : { finalizers: shareTexts(finalizers) }),
    ...(labels === undefined ? {} : { labels: shareTexts(labels) }),
    ...(ownerReferences === undefined ? {} : { ownerReferences: ownerReferences.map(heldOwner) }),
  };
}

function heldOwner({ kind, name, uid }: NonNullable<ObjectMeta["ownerReferences"]>[number]) {
  return { kind: shareTexts(kind), name, uid };
}

export function decodeNamespace(object: RawObject): Item<NamespaceObject> {
  return item(object, { metadata: heldMeta(object.metadata) });
}

export function decodeRoute(object: RawObject): Item<HttpRoute> {
  return item(object, readHttpRoute(object.metadata, object.spec));
}

export function decodePod(object: RawObject): Item<PodObject> {
  const { namespace = "", name, uid } = object.metadata;
  const { phase }: Record<string, unknown> = { ...Object(object.status) };
  return item(object, { namespace, name, uid, phase: isText(phase) ? phase : "" });
}

/** Keeps only the three keys of a key pair: other data of a labelled Secret is not held in memory. */
export function decodeSecret(object: RawObject): Item<SecretObject> {
  const data = new CredentialsData((key) => dataOf(object.data, key));
  const type = shareTexts(isText(object.type) ? object.type : "Opaque");
  const metadata = heldMeta(object.metadata);
  return item(object, { metadata, type, immutable: object.immutable === true, data });
}

/** Projections are keyed by their name alone: they all live in one namespace. */
export function decodeStoredProjection(object: ListedSecret): Item<StoredProjection> {
  const { name, uid, resourceVersion, annotations } = object.metadata;
  const change = annotations?.[ANNOTATION_CHANGE] === "Addition" ? "Addition" : "Removal";
  return {
    key: name,
    uid,
    version: resourceVersion,
    value: { name, resourceVersion, change, ...documentOf(object) },
  };
}

function documentOf(object: ListedSecret): Pick<StoredProjection, "document" | "problem"> {
  const text = dataOf(object.data, PROJECTION_KEY);
  if (text === undefined) return { document: undefined, problem: `it has no key ${PROJECTION_KEY}` };
  const decoded = decodeProjection(text);
  if (!decoded.ok) return { document: undefined, problem: decoded.problem };
  const { document } = decoded;
  if (documentName(document) !== object.metadata.name)
    return { document: undefined, problem: "its document is another object's" };
  return { document };
}

function item<T>(object: RawObject, value: T): Item<T> {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return { key: objectKey(namespace, name), uid, version: resourceVersion, value };
}

/** The text of a key of a Secret; undefined if it is missing or empty. */
function dataOf(data: unknown, key: string): string | undefined {
  const value = isRecord(data) && Object.hasOwn(data, key) ? data[key] : undefined;
  const bytes = typeof value === "string" ? Buffer.from(value, "base64") : value;
  return Buffer.isBuffer(bytes) && bytes.length > 0 ? bytes.toString("utf8") : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
