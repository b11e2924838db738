import { dayText, parseDay } from "../base/days.ts";
import { entries, field, isRecord, list, parseJson } from "../base/json.ts";

/** What verifiers record the last use of: keys by their ApiAppKey or keyId, grants by `namespace/name`. */
const USED_KINDS = ["keys", "grants"] as const;
type UsedKind = (typeof USED_KINDS)[number];

/** The day (since the epoch) on which a request was last allowed with this key, or by this grant. */
export interface Use {
  readonly kind: UsedKind;
  readonly id: string;
  readonly day: number;
}

/**
 * The text by which a verifier reports uses in its Lease: JSON by day, such as `{"2026-11-28":{"keys":["APID…"],"grants":["team/a"]}}`.
 * `{}` reports that uses are recorded and that nothing is new.
 */
export function encodeUses(uses: Iterable<Use>): string {
  const days = new Map<string, Partial<Record<UsedKind, string[]>>>();
  for (const { kind, id, day } of uses) {
    const name = dayText(day);
    const ids = days.get(name) ?? {};
    days.set(name, ids);
    ids[kind] ??= [];
    ids[kind].push(id);
  }
  return JSON.stringify(Object.fromEntries(days));
}

/** The uses in a report; undefined if the text is no report. What a newer version may add is ignored. */
export function decodeUses(text: string): readonly Use[] | undefined {
  const report = parseJson(text);
  if (!isRecord(report)) return undefined;
  return entries(report).flatMap(([name, ids]) => {
    const day = parseDay(name);
    if (day === undefined) return [];
    return USED_KINDS.flatMap((kind) =>
      list(field(ids, kind)).flatMap((id) => (typeof id === "string" ? [{ kind, id, day }] : [])),
    );
  });
}
