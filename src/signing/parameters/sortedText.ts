import { Items } from "./items.ts";
import { sortItems } from "./sortItems.ts";

const AMPERSAND = 0x26;

/** The bytes of a usual text. */
const SCRATCH = Buffer.alloc(65_536);

/**
 * The items sorted by name, then by value, and joined by `&` behind a `?`, an empty value as the bare name: as the vendor documents it. ""
 * for none.
 */
export function sortedText(items: Items): string {
  const { bytes, cuts, count, length } = items;
  if (count === 0) return "";
  const text = length + count > SCRATCH.length ? Buffer.allocUnsafe(length + count) : SCRATCH;
  const order = sortItems(items);
  let end = 0;
  for (let place = 0; place < count; place += 1) {
    const cut = (order[place] as number) * 3;
    const equals = cuts[cut + 1] as number;
    const last = cuts[cut + 2] as number;
    const stop = equals + 1 >= last ? equals : last;
    for (let at = cuts[cut] as number; at < stop; at += 1) text[end++] = bytes[at] as number;
    text[end++] = AMPERSAND;
  }
  return `?${text.toString("latin1", 0, end - 1)}`;
}

/** The same of a query and a form, decoded, or both as they were sent if an escape is malformed. Without a guard: nothing may be decided by it. */
export function documentedText(query: string, form: string): string {
  const items = new Items(query.length + form.length);
  if (items.addDecoded(query) && items.addDecoded(form)) return sortedText(items);
  const sent = new Items(query.length + form.length);
  sent.addSent(query);
  sent.addSent(form);
  return sortedText(sent);
}
