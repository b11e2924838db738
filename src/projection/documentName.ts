import { projectionName } from "../api/names.ts";
import type { Projection } from "./documents.ts";

/** The projection name of the document's object. A document that is stored under another name belongs to another object. */
export function documentName(document: Projection): string {
  const namespace = document.kind === "ApiDomain" ? "" : document.namespace;
  return projectionName(document.kind, namespace, document.name);
}
