import type { ListedVerifier } from "../../shared/verifiers/verifierList.ts";

const HEAD = ["NAME", "POD", "NODE", "STATE", "VERSION", "APPLIED", "LAG", "LAST CONTACT"];

/** The list as kubectl prints one. */
export function verifierTable(verifiers: readonly ListedVerifier[], now: number): string {
  const rows = verifiers.map((one) => [
    one.name,
    one.pod ?? "-",
    one.node ?? "-",
    one.state,
    one.version ?? "-",
    one.applied || "-",
    lagText(one),
    `${ageText(now - one.lastContact)} ago`,
  ]);
  const widths = HEAD.map((head, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("   ")
      .trimEnd();
  return [HEAD, ...rows].map(line).join("\n");
}

/** The list as JSON, with times in RFC 3339 and null for unknown values. */
export function verifierJson(verifiers: readonly ListedVerifier[]): string {
  const items = verifiers.map((one) => ({
    name: one.name,
    pod: one.pod ?? null,
    node: one.node ?? null,
    state: one.state,
    version: one.version ?? null,
    applied: one.applied,
    lag: one.lag ?? null,
    lastContact: new Date(one.lastContact).toISOString(),
    fencedAt: new Date(one.fencedAt).toISOString(),
  }));
  return JSON.stringify({ verifiers: items }, undefined, 2);
}

function lagText({ lag }: ListedVerifier): string {
  if (!lag) return "-";
  if (lag.changes === 0) return "none";
  return `${lag.changes} ${lag.changes === 1 ? "change" : "changes"}, ${ageText(lag.seconds * 1_000)}`;
}

/** As kubectl writes ages: 12s, 5m, 3h. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`;
  return `${Math.floor(seconds / 3_600)}h`;
}
