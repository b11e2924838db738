import { parseTime } from "../base/timestamp.ts";

/** The format `date-time` of the documents' schema: whether it is a time in RFC 3339, as far as Date.parse() knows it. */
export function isTime(text: string): boolean {
  return parseTime(text) !== undefined;
}
