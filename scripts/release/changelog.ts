/** A section of CHANGELOG.md: "Unreleased", or a version. */
export interface Section {
  /** The first word of its heading: `## 0.2.0 (2026-12-01)` is the section `0.2.0`. */
  readonly name: string;
  /** How many list items it has. */
  readonly entries: number;
}

/** The sections of a changelog, in the file's order: the newest first. */
export function sectionsOf(changelog: string): readonly Section[] {
  return changelog
    .split(/^## /m)
    .slice(1)
    .map((text) => ({
      name: /^\S*/.exec(text)?.[0] ?? "",
      entries: text.match(/^- /gm)?.length ?? 0,
    }));
}
