import { Items } from "./items.ts";
import { type Order, ordered } from "./orders.ts";
import type { ItemOrder } from "./sortItems.ts";

const AMPERSAND = 0x26;

/** The bytes of a usual text. */
const SCRATCH = Buffer.alloc(65_536);

/** What an empty value leaves: the bare name, as the vendor documents it, or what was sent, as in Python, JavaScript and Go. */
export type EmptyValue = "bare" | "kept";

/** The items in an order, joined by `&`. */
export function sortedText(items: Items, by: Order, emptyValue: EmptyValue): string {
  const { bytes, cuts, count, length } = items;
  const text = length + count > SCRATCH.length ? Buffer.allocUnsafe(length + count) : SCRATCH;
  const order = ordered(items, by);
  const keepsEquals = emptyValue === "kept";
  let end = 0;
  for (let place = 0; place < count; place += 1) {
    const cut = (order[place] as number) * 3;
    const equals = cuts[cut + 1] as number;
    const last = cuts[cut + 2] as number;
    const stop = equals + 1 >= last && !keepsEquals ? equals : last;
    for (let at = cuts[cut] as number; at < stop; at += 1) text[end++] = bytes[at] as number;
    text[end++] = AMPERSAND;
  }
  return end === 0 ? "" : text.toString("latin1", 0, end - 1);
}

/**
 * Query and form as the vendor documents it: in this order, behind a `?`, decoded, or both as they were sent if an escape is malformed; ""
 * without parameters. Without a guard: nothing may be decided by it.
 */
export function documentedText(query: string, form: string, by: ItemOrder): string {
  let items = new Items(query.length + form.length);
  if (!items.addDecoded(query) || !items.addDecoded(form)) {
    items = new Items(query.length + form.length);
    items.addSent(query);
    items.addSent(form);
  }
  return items.count === 0 ? "" : `?${sortedText(items, by, "bare")}`;
}
