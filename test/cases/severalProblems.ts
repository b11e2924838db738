import type { ApiCase } from "./apiCases.ts";

/** An object with several problems, and the field of each. The API server names some of them in one go, standalone all. */
export interface SeveralProblems extends Pick<ApiCase, "kind" | "spec"> {
  readonly fields: readonly string[];
  /** Whether rules wait for other problems, which the message states. */
  readonly waits?: boolean;
}

const grant = {
  environment: "release",
  apis: [{ name: "orders", hosts: ["api.example.com"], paths: [{ value: "/orders" }] }],
  applications: [{ name: "mobile-app" }],
};

export const SEVERAL_PROBLEMS: Readonly<Record<string, SeveralProblems>> = {
  "five rules of one grant": {
    kind: "ApiGrant",
    spec: {
      environment: "Not A Label",
      apis: [{ name: "Orders", hosts: ["https://x"], paths: [{ value: "orders" }], methods: ["get"] }],
      applications: [{}],
    },
    fields: [
      "spec.environment",
      "spec.apis[0].name",
      "spec.apis[0].hosts[0]",
      "spec.apis[0].paths[0].value",
      "spec.apis[0].methods[0]",
      "spec.applications[0]",
    ],
  },
  "unknown fields beside rules": {
    kind: "ApiGrant",
    spec: { ...grant, environment: "Not A Label", colour: "red", size: 3 },
    fields: ["spec.colour", "spec.size", "spec.environment"],
  },
  "a wrong type beside rules that do not read it": {
    kind: "ApiGrant",
    spec: { ...grant, environment: "Not A Label", suspended: "soon", plan: "very gold" },
    fields: ["spec.suspended", "spec.environment", "spec.plan"],
  },
  "a wrong type that a rule reads": {
    kind: "ApiGrant",
    spec: { ...grant, plan: "very gold", notBefore: 5, expiresAt: "2027-01-01T00:00:00Z" },
    fields: ["spec.notBefore", "spec.plan"],
    waits: true,
  },
  "an unknown type of a path beside a rule of its neighbour": {
    kind: "ApiGrant",
    spec: {
      ...grant,
      apis: [
        { ...grant.apis[0], paths: [{ type: "RegularExpression", value: "/a//b" }] },
        { ...grant.apis[0], name: "Other" },
      ],
    },
    fields: ["spec.apis[0].paths[0].type", "spec.apis[0].paths[0].value", "spec.apis[1].name"],
    waits: true,
  },
  "missing fields": {
    kind: "ApiGrant",
    spec: { plan: "very gold" },
    fields: ["spec.environment", "spec.apis", "spec.applications", "spec.plan"],
    waits: true,
  },
  "a list that is too short beside rules of the whole object": {
    kind: "ApiGrant",
    spec: {
      ...grant,
      applications: [],
      notBefore: "2027-01-02T00:00:00Z",
      expiresAt: "2027-01-01T00:00:00Z",
    },
    fields: ["spec.applications", "spec.notBefore"],
  },
  "a duplicate beside a rule": {
    kind: "ApiDomain",
    spec: {
      hosts: ["A.b", "a.c"],
      namespaces: { names: ["x"] },
      environments: [
        { name: "a", pathPrefix: "/x" },
        { name: "b", pathPrefix: "/x" },
      ],
    },
    fields: ["spec.hosts[0]", "spec.environments", "spec.environments[1]"],
  },
};
