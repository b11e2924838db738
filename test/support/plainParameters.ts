import type { Order } from "../../src/signing/parameters/orders.ts";
import type { Parameter } from "../../src/signing/parameters/parameters.ts";
import type { EmptyValue } from "../../src/signing/parameters/sortedText.ts";
import { percentDecoded } from "../../src/signing/percentDecoded.ts";

/** The items of a text, one by one. */
export function splitParameters(text: string): readonly Parameter[] {
  return text
    .split("&")
    .filter((item) => item !== "")
    .map((item) => {
      const [, name = "", equals, value = ""] = /^([^=]*)(=?)(.*)$/s.exec(item) ?? [];
      return { name, value, hasEquals: equals === "=" };
    });
}

/** Form-decoded, one by one; undefined if an escape is malformed. */
export function decodeParameters(parameters: readonly Parameter[]): readonly Parameter[] | undefined {
  const decoded: Parameter[] = [];
  for (const { name, value, hasEquals } of parameters) {
    const [first, second] = [name, value].map((text) => percentDecoded(text.replaceAll("+", " ")));
    if (first === undefined || second === undefined) return undefined;
    decoded.push({ name: first, value: second, hasEquals });
  }
  return decoded;
}

/** In an order, by a comparison of each two; equal ones in the order given. */
export function inOrder(parameters: readonly Parameter[], order: Order): readonly Parameter[] {
  const byName = [...parameters].sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value));
  switch (order) {
    case "name":
      return byName;
    case "name-alone":
      return [...parameters].sort((a, b) => compare(a.name, b.name));
    case "pair":
      return [...parameters].sort((a, b) => compare(itemOf(a, "kept"), itemOf(b, "kept")));
    case "utf16":
      return byName.sort((a, b) => compare(utf8(a.name), utf8(b.name)));
    case "number":
      return byName.sort(compareAsPhp);
  }
}

/** Joined by `&`. */
export function joined(parameters: readonly Parameter[], emptyValue: EmptyValue): string {
  return parameters.map((one) => itemOf(one, emptyValue)).join("&");
}

function itemOf({ name, value, hasEquals }: Parameter, emptyValue: EmptyValue): string {
  return (emptyValue === "kept" ? hasEquals : value !== "") ? `${name}=${value}` : name;
}

const INTEGER = /^-?(0|[1-9][0-9]{0,17})$/;

function compareAsPhp({ name: a }: Parameter, { name: b }: Parameter): number {
  return INTEGER.test(a) && INTEGER.test(b) ? Number(a) - Number(b) : compare(a, b);
}

function utf8(byteString: string): string {
  return Buffer.from(byteString, "latin1").toString("utf8");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
