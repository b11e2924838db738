import { projectionName } from "../api/names.ts";
import type { Projection } from "./documents.ts";

/** The name under which the document's object is projected. A document that is stored under another name is another object's. */
export function documentName(document: Projection): string {
  const namespace = document.kind === "ApiDomain" ? "" : document.namespace;
  return projectionName(document.kind, namespace, document.name);
}
