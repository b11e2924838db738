import { validateApiGrant } from "../../../api/validation/validate.ts";
import type { WrittenPath } from "../objects.ts";

/** A path of the vendor's, by its notation. Values are canonical, without the notation's prefix. */
export type VendorPath =
  | { readonly kind: "exact" | "prefix" | "plain"; readonly value: string }
  /** `isWhole`: every variable is a whole segment. */
  | { readonly kind: "template"; readonly value: string; readonly isWhole: boolean }
  /** A regular expression. */
  | { readonly kind: "pattern"; readonly text: string; readonly why: string }
  /** A path that no request can have here. */
  | { readonly kind: "impossible"; readonly text: string; readonly why: string };

/** What no path type can express, and why. */
export interface PathPattern {
  readonly text: string;
  readonly why: string;
}

/** How a path of the vendor's is written. */
export interface WrittenPaths {
  readonly vendorPath: VendorPath;
  /** What it is; or what covers it, if it is a pattern. Empty if neither can be written. */
  readonly paths: readonly WrittenPath[];
  readonly pattern: PathPattern | undefined;
}

/** Why the schema of an ApiGrant denies a path; undefined for a valid one. */
export function pathProblem(path: WrittenPath): string | undefined {
  const checked = validateApiGrant({
    metadata: { name: "path" },
    spec: {
      environment: "release",
      apis: [{ name: "path", hosts: ["path.example.com"], paths: [path] }],
      applications: [{ name: "path" }],
    },
  });
  return checked.ok ? undefined : checked.problems.map(({ message }) => message).join("; ");
}
