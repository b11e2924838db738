import type { Denial, SignedRequest } from "../model.ts";
import { spelledAuthority } from "./authority.ts";
import type { Component } from "./component.ts";
import { componentMissing, componentRepeated, componentUnsupported, DENIALS } from "./denials.ts";
import { queryParameterValues } from "./queryParameter.ts";
import type { HttpSignature } from "./signatureInput.ts";
import type { HttpVariant } from "./variants.ts";

/**
 * The signature base (RFC 9421, section 2.5): a line for each covered component, then the signature's parameters. Every
 * component must have a value, see `checkComponent`. One variant has one base, and two requests that differ in a covered
 * component have different bases, since no value holds a line feed.
 */
export function signatureBase(
  request: SignedRequest,
  { list, parametersText }: Pick<HttpSignature, "list" | "parametersText">,
  variant: HttpVariant,
): string {
  let base = "";
  for (const component of list.components)
    base += `${component.id}: ${componentValue(component, request, variant)}\n`;
  return `${base}"@signature-params": ${parametersText}`;
}

function componentValue(component: Component, request: SignedRequest, variant: HttpVariant): string {
  const { name } = component;
  switch (name) {
    case "@method":
      return request.method;
    case "@authority":
      return spelledAuthority(request.authority, variant.authority);
    case "@path":
      return pathOf(request.path);
    case "@query":
      return queryOf(request.path);
    case "@request-target":
      return request.path;
    case "@target-uri":
      return `${variant.uriScheme}://${spelledAuthority(request.authority, variant.authority)}${request.path}`;
    case "@scheme":
      return variant.uriScheme;
    case "@query-param":
      return queryParameterValues(request, component.queryParameter ?? "")?.[0] ?? "";
    default:
      return headerValue(component, request);
  }
}

function headerValue({ name, isBytes }: Component, request: SignedRequest): string {
  const value = fieldOf(request, name) ?? "";
  return isBytes ? `:${Buffer.from(value, "latin1").toString("base64")}:` : value;
}

/** A covered `host` is the authority as received: the proxy hands it over under that name alone. */
function fieldOf(request: SignedRequest, name: string): string | undefined {
  return name === "host" ? request.authority : request.headers.single(name);
}

/** A path without its query; an empty one is `/` (RFC 9421, section 2.2.6). */
export function pathOf(target: string): string {
  const cut = target.indexOf("?");
  return (cut < 0 ? target : target.slice(0, cut)) || "/";
}

/** The query with its `?`, which is there without a query too (RFC 9421, section 2.2.7). */
export function queryOf(target: string): string {
  const cut = target.indexOf("?");
  return cut < 0 ? "?" : target.slice(cut);
}

/** Why a covered component has no single value in the request; undefined if it has one. */
export function checkComponent(component: Component, request: SignedRequest): Denial | undefined {
  const { id, name } = component;
  if (component.isUnsupported) return componentUnsupported(id);
  if (name === "@query-param") {
    const values = queryParameterValues(request, component.queryParameter ?? "");
    if (!values) return DENIALS.tooManyParameters;
    return values.length === 1
      ? undefined
      : values.length === 0
        ? componentMissing(id)
        : componentRepeated(id);
  }
  if (name.startsWith("@")) return undefined;
  if (name !== "host" && request.headers.count(name) > 1) return componentRepeated(id);
  return fieldOf(request, name) === undefined ? componentMissing(id) : undefined;
}
