import { field, text } from "../base/json.ts";

/** The class of an object, "" for none. Its spec may be of an older schema, so no part of it is taken for granted. */
export function classOf(object: object): string {
  return text(field(object, "spec", "className"));
}
