import type { FactOf } from "../facts.ts";
import type { Finding } from "../finding.ts";
import type { GatewayWords } from "../gateway/gateway.ts";
import { grouped } from "./order.ts";

/** Lists of which the files have fewer elements than their TotalCount: pages are missing. */
export function incompleteLists(
  pages: readonly FactOf<"page">[],
  { otherPages }: GatewayWords,
): readonly Finding[] {
  const findings: Finding[] = [];
  for (const all of grouped(pages, ({ list, scope }) => `${list} ${scope}`).values()) {
    const total = Math.max(0, ...all.map((page) => page.total ?? 0));
    const have = new Set(all.flatMap(({ ids }) => ids)).size;
    if (have >= total) continue;
    const [{ list, scope }] = all as [FactOf<"page">, ...FactOf<"page">[]];
    findings.push({
      level: "decision",
      code: "Incomplete",
      subject: scope === "" ? list : `${list} of ${scope}`,
      text: `${have} of ${total} are in the files: export the other pages too (${otherPages(have)}), and import again`,
      from: all.slice(0, 3).map(({ from }) => from),
    });
  }
  return findings;
}
