import { KINDS, type KindDefinition } from "../src/api/crds.ts";
import type { ReferencePage } from "./reference.ts";

/** One whole object of each kind, as somebody would write it. */
const EXAMPLES: Readonly<Record<KindDefinition["kind"], string>> = {
  Application: `
apiVersion: countersign.dev/v1alpha1
kind: Application
metadata: {name: mobile-app, namespace: team-shop}
spec:
  displayName: Mobile app
  expiresAt: 2099-01-01T00:00:00Z
  credentials:
    rotation: {interval: 2160h, overlap: 168h}
  signing:
    algorithms: [hmac-sha256, hmac-sm3]
    clockSkew: 300s
`,
  ApiGrant: `
apiVersion: countersign.dev/v1alpha1
kind: ApiGrant
metadata: {name: partners, namespace: team-shop}
spec:
  environment: release
  apis:
  - name: orders
    hosts: [api.shop.example.com]
    paths:
    - {type: PathPrefix, value: /orders}
    - {type: Template, value: "/users/{id}/orders"}
    methods: [GET, POST]
  applications:
  - name: mobile-app
  - selector: {matchLabels: {tier: internal}}
  - {applicationId: app-k3v9x0q2, namespace: team-partner}
  plan: gold
`,
  ApiDomain: `
apiVersion: countersign.dev/v1alpha1
kind: ApiDomain
metadata: {name: shop}
spec:
  hosts: [api.shop.example.com, "*.shop.example.com"]
  namespaces: {names: [team-shop]}
  environments:
  - {name: release, pathPrefix: /}
  - {name: test, pathPrefix: /test}
`,
};

/** The pages of docs/reference. */
export const REFERENCE_PAGES: readonly ReferencePage[] = KINDS.map((definition) => ({
  definition,
  example: EXAMPLES[definition.kind],
}));
