/** How much a finding matters: an error has no effect or a wrong one, a warning probably is a mistake, a note is only shown. */
export type Severity = "error" | "warning" | "note";

interface Kind {
  readonly severity: Severity;
  /** What was found, as a sentence about any such object. */
  readonly title: string;
}

/** Every finding of `countersign validate`. Ids never change: pipelines suppress them by name. docs/reference/validate.md has the remedies. */
export const FINDINGS = {
  FileUnreadable: { severity: "error", title: "The file is no valid YAML, or is too long." },
  ObjectInvalid: {
    severity: "error",
    title: "The API server would reject the object: its schema, a rule or its metadata.",
  },
  ObjectRepeated: { severity: "error", title: "Two files declare the same object." },
  HostConflict: { severity: "error", title: "Two ApiDomains have the same host; the older one keeps it." },
  HostNotOwned: { severity: "error", title: "No ApiDomain assigns a host of the grant to its namespace." },
  EnvironmentNotFound: {
    severity: "error",
    title: "The ApiDomain of a host does not have the grant's environment.",
  },
  TargetProblem: {
    severity: "error",
    title: "An HTTPRoute of targetRefs is missing, or a part of it cannot be granted.",
  },
  ApiAppKeyRepeated: {
    severity: "error",
    title: "Two Applications import the same ApiAppKey; the second one gets none.",
  },
  NoDomains: {
    severity: "warning",
    title: "The files have grants and no ApiDomain, so hosts and environments are not checked.",
  },
  ApplicationNotFound: { severity: "warning", title: "An entry of the grant matches no Application." },
  BindsNobody: { severity: "warning", title: "The grant admits no Application." },
  Expired: { severity: "warning", title: "The object has expired." },
  PathNeverDecides: {
    severity: "warning",
    title: "Other paths, or another environment, decide all requests to a path of the grant.",
  },
  ApplicationUnused: { severity: "warning", title: "No grant names the Application." },
  DomainUnused: { severity: "warning", title: "No grant names a host of the ApiDomain." },
  BroadPath: { severity: "warning", title: "A path of the grant covers more than it seems to." },
  WeakSigning: {
    severity: "warning",
    title: "The Application accepts signatures that leave part of a request open.",
  },
  Shadowing: {
    severity: "warning",
    title: "The grant does not enforce: requests to its paths are let through unverified.",
  },
  Suspended: { severity: "note", title: "The object is suspended." },
} as const satisfies Readonly<Record<string, Kind>>;

export type FindingId = keyof typeof FINDINGS;

/** One finding about an object of a tree. */
export interface Finding {
  readonly id: FindingId;
  /** Such as `ApiGrant team-shop/partners`; "" for a file as a whole. */
  readonly object: string;
  /** Such as `spec.apis[0].hosts[1]`; "" for the object as a whole. */
  readonly field: string;
  /** What was found, and the remedy. */
  readonly message: string;
}
