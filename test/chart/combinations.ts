/** Values that people set, each under a sentence with the reason; every one must render, pass the schema and be accepted by an API server. */
export const COMBINATIONS: Readonly<Record<string, object>> = {
  "as it comes": {},
  "certificates by cert-manager, of the release's own authority": { tls: { mode: "certManager" } },
  "certificates by cert-manager, of an issuer of the cluster, for the gateways' namespaces too": {
    tls: {
      mode: "certManager",
      clientNames: ["envoy.example.com", "spiffe://cluster.local/ns/envoy/sa/envoy"],
      clientNamespaces: ["team-envoy"],
      certManager: { issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "internal" } },
    },
  },
  "certificates of an existing Secret": {
    tls: { mode: "existingSecret", existingSecret: "verifier-certificate", clientNames: ["*"] },
  },
  "certificates by the chart, for the gateways' namespaces too": {
    tls: { clientNames: ["envoy-a", "envoy-b"], clientNamespaces: ["team-envoy"] },
  },
  "no TLS, behind a mesh, at one address": {
    tls: { enabled: false },
    verifier: { service: { headless: false, annotations: { "example.com/mesh": "yes" } } },
  },
  "verifiers that are scaled by their CPU": {
    verifier: {
      autoscaling: {
        enabled: true,
        minReplicas: 3,
        maxReplicas: 30,
        targetCPUUtilizationPercentage: 60,
        behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
      },
    },
  },
  "one process of each, without budgets, for a small cluster": {
    operator: { replicas: 1, podDisruptionBudget: { enabled: false } },
    verifier: { replicas: 1, podDisruptionBudget: { enabled: false } },
  },
  "many verifiers, of which a share may be away": {
    verifier: { replicas: 12, podDisruptionBudget: { maxUnavailable: "25%" } },
  },
  "a second installation of the cluster, by class": {
    fullnameOverride: "internal",
    crds: { install: false },
    dataNamespace: { name: "internal-data" },
    operator: { class: "internal" },
  },
  "last use of keys and grants is recorded": { lastUse: { enabled: true, unusedAfter: "30d" } },
  "after a disaster": { operator: { restore: true }, dataNamespace: { create: false } },
  "network policies that name everybody": {
    networkPolicy: {
      envoyFrom: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-envoy" } } }],
      metricsFrom: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: "prometheus" } } }],
      restrictEgress: true,
      apiServerTo: [{ ipBlock: { cidr: "10.0.0.1/32" } }],
      extraEgress: [{ to: [{ ipBlock: { cidr: "192.0.2.0/24" } }], ports: [{ port: 4318 }] }],
    },
  },
  "no network policies, no admission policies, no roles for tenants, no uninstall hook": {
    networkPolicy: { enabled: false },
    admissionPolicies: { enabled: false },
    rbac: { aggregateToDefaultRoles: false },
    uninstall: { enabled: false },
  },
  "PodMonitor, alerts and dashboards": {
    monitoring: {
      podMonitor: { enabled: true, labels: { release: "prometheus" }, interval: "15s" },
      prometheusRule: { enabled: true, runbookUrl: "https://runbooks.example.com/" },
      dashboards: { enabled: true, annotations: { grafana_folder: "Countersign" } },
    },
  },
  "an image of one's own registry, by its digest": {
    image: {
      repository: "registry.example.com/team/countersign",
      digest: `sha256:${"0".repeat(64)}`,
      pullPolicy: "Always",
      pullSecrets: [{ name: "registry" }],
    },
  },
  "IPv6, short drains, every flag of the verifier": {
    bindAddress: "[::]",
    verifier: {
      maxStaleness: "10m",
      maxRequestBytes: 1_048_576,
      errorDetail: "code-only",
      transport: "http2",
      keepAuthorization: true,
      shadow: true,
      preStopSleepSeconds: 0,
      drainSeconds: 1,
      minReadySeconds: 0,
      logLevel: "debug",
    },
  },
  "a nonce store that all verifiers share, with TLS and a password": {
    verifier: {
      nonceStore: {
        url: "rediss://countersign@valkey.example.internal:6379",
        timeout: "5ms",
        passwordSecret: "nonce-store-password",
        tlsSecret: "nonce-store-tls",
      },
    },
  },
  "a nonce store in front of which a mesh does TLS": {
    tls: { enabled: false },
    verifier: { nonceStore: { url: "redis://valkey:6379/1", passwordSecret: "nonce-store-password" } },
  },
  "OpenShift, which gives each namespace its own user ids": {
    podSecurityContext: { runAsUser: null, runAsGroup: null, fsGroup: null },
  },
  "Pods with everything that a platform team adds": {
    operator: pods(),
    verifier: pods(),
  },
};

function pods(): object {
  return {
    podLabels: { team: "platform" },
    podAnnotations: { "example.com/scrape": "true" },
    serviceAccountAnnotations: { "example.com/role": "countersign" },
    priorityClassName: "system-cluster-critical",
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [{ key: "dedicated", operator: "Exists" }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "pool", operator: "In", values: ["system"] }] }],
        },
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { "app.kubernetes.io/name": "countersign" } },
      },
    ],
    extraArgs: ["--log-level=debug"],
    extraEnv: [{ name: "NODE_OPTIONS", value: "--max-old-space-size=384" }],
  };
}

/** Values that the schema or a template rejects, and its message. */
export const REFUSED: Readonly<Record<string, readonly [object, RegExp]>> = {
  "a value that is misspelt": [{ verifier: { replica: 3 } }, /replica/],
  "the password of a nonce store in the values": [
    { verifier: { nonceStore: { url: "redis://user:password@valkey:6379" } } },
    /nonceStore/,
  ],
  "a duration in days": [{ verifier: { maxStaleness: "1d" } }, /maxStaleness/],
  "TLS without any client that may ask": [{ tls: { clientNames: [] } }, /clientNames/],
  "an existing Secret without its name": [{ tls: { mode: "existingSecret" } }, /existingSecret/],
  "a certificate by the chart for no DNS name": [
    { tls: { clientNames: ["*"] } },
    /at least one in tls.clientNames/,
  ],
  "Envoy's certificates in other namespaces by an Issuer of this one": [
    { tls: { mode: "certManager", clientNamespaces: ["team-envoy"] } },
    /needs a ClusterIssuer/,
  ],
  "a class that no spec.className can be": [{ operator: { class: "Internal" } }, /class/],
};
