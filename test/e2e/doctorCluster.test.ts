import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Cluster, countersign, startCluster } from "../support/cluster.ts";
import { eventually } from "../support/events.ts";
import { namespaceManifest, team } from "../support/manifests.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  cluster = await startCluster();
  folder = await temporaryFolder("doctor");
  const { namespace, domain, application, grant } = team("sound");
  await cluster.apply(namespaceManifest(namespace));
  await cluster.apply(domain, application, grant);
  await cluster.ready(namespace, "application/mobile-app", "apigrant/partners");
}, 180_000);
afterAll(async () => {
  await cluster?.stop();
});

interface Found {
  readonly id: string;
  readonly severity: string;
  readonly where: string;
  readonly seen: string;
}

async function doctor(...args: string[]) {
  const kubeconfig = args.includes("--kubeconfig") ? [] : ["--kubeconfig", cluster.server.kubeconfig];
  const program = countersign(["doctor", "-o", "json", ...kubeconfig, ...args]);
  const status = await program.ended;
  const { findings } = JSON.parse(program.stdout || '{"findings":[]}') as { findings: readonly Found[] };
  const bad = findings.filter(({ severity }) => severity !== "ok");
  return { status, findings, bad, ids: bad.map(({ id }) => id), output: program.output };
}

/** Deletes objects, runs, and brings them back. */
async function without<T>(names: readonly string[], run: () => Promise<T>): Promise<T> {
  await cluster.kubectl("delete", ...names);
  try {
    return await run();
  } finally {
    await cluster.kubectl("apply", "--server-side", "-k", "manifests");
  }
}

describe("doctor looks at a cluster and", () => {
  test("finds no problem in what manifests/ and envoy-config make", async () => {
    const { status, bad, output } = await doctor(
      ...["--envoy-admin", cluster.envoy.adminUrl, "--verifier", cluster.verifier.metricsUrl],
      ...["--operator", cluster.operator.metricsUrl],
      ...["--probe", `http://127.0.0.1:${cluster.port}`, "--host", team("sound").host],
    );
    expect([status, bad]).toEqual([0, []]);
    for (const seen of ["it has the rights that it needs", "its clock agrees with the API server's", "leads"])
      expect(output).toContain(seen);
  }, 60_000);

  test("finds that a right is missing, and which", async () => {
    const { status, bad } = await without(
      ["rolebinding/countersign-verifier", "-n", "countersign-data"],
      () => doctor(),
    );
    expect(status).toBe(1);
    expect(bad).toMatchObject([
      {
        id: "rights-missing",
        where: "ServiceAccount countersign-system/countersign-verifier",
        seen: expect.stringContaining("watch secrets -n countersign-data"),
      },
    ]);
  }, 60_000);

  test("P42: finds that the operator may read every Secret", async () => {
    const subject = "--serviceaccount=countersign-system:countersign-operator";
    await cluster.kubectl("create", "clusterrole", "too-wide", "--verb=get", "--resource=secrets");
    await cluster.kubectl("create", "clusterrolebinding", "too-wide", "--clusterrole=too-wide", subject);
    try {
      const { status, bad } = await doctor();
      expect([status, bad]).toMatchObject([0, [{ id: "rights-too-wide", severity: "warning" }]]);
    } finally {
      await cluster.kubectl("delete", "clusterrole/too-wide", "clusterrolebinding/too-wide");
    }
  }, 60_000);

  test("finds that nothing bounds what is written", async () => {
    const policy = "validatingadmissionpolicybinding/countersign-verifier-lease";
    const { ids } = await without([policy], () => doctor());
    expect(ids).toEqual(["admission-policy-missing"]);
  }, 60_000);

  test("finds a CRD of another version", async () => {
    const patch = (op: string) =>
      cluster.kubectl(
        ...["patch", "crd", "applications.countersign.dev", "--type=json", "-p"],
        JSON.stringify([
          {
            op,
            path: "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/futureField",
            value: { type: "string" },
          },
        ]),
      );
    await patch("add");
    try {
      expect((await doctor()).bad).toMatchObject([
        { id: "crd-differs", where: "CustomResourceDefinition applications.countersign.dev" },
      ]);
    } finally {
      await patch("remove");
    }
  }, 60_000);

  test("finds that verifiers and endpoints differ in number, by the Leases alone", async () => {
    const lease = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: "other.01234567.0",
        namespace: "countersign-data",
        annotations: { "countersign.dev/applied": "1" },
      },
      spec: {
        holderIdentity: "other",
        leaseDurationSeconds: 3_600,
        // Its clock is an hour ahead.
        renewTime: new Date(Date.now() + 3_600_000).toISOString().replace("Z", "000Z"),
      },
    };
    await cluster.apply(lease);
    try {
      const { status, bad } = await doctor("--envoy-admin", cluster.envoy.adminUrl);
      expect(status).toBe(1);
      expect(bad.map(({ id, where }) => `${id} ${where}`)).toEqual(
        expect.arrayContaining([
          "clock-skew verifier other.01234567.0",
          expect.stringMatching(/^endpoints-too-few .* cluster countersign$/),
        ]),
      );
    } finally {
      await cluster.kubectl("delete", "lease", "-n", "countersign-data", lease.metadata.name);
    }
  }, 60_000);

  test("reports a missing permission, with status 2", async () => {
    const kubeconfig = await cluster.server.kubeconfigFor("countersign-system", "countersign-verifier");
    const { status, bad } = await doctor("--kubeconfig", kubeconfig);
    expect(new Set(bad.map(({ id }) => id))).toEqual(new Set(["cannot-look"]));
    expect(bad.map(({ seen }) => seen)).toContain("SubjectAccessReviews are denied");
    expect(status).toBe(2);
  }, 60_000);

  test("reports that the API server does not respond, with status 2", async () => {
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: "http://127.0.0.1:1" } }],
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      users: [{ name: "u", user: {} }],
      "current-context": "c",
    };
    await writeFile(join(folder, "config"), JSON.stringify(config));
    const { status, bad } = await doctor("--kubeconfig", join(folder, "config"));
    expect([status, bad]).toMatchObject([2, [{ id: "cannot-look", where: "the cluster" }]]);
  }, 60_000);

  test("finds that there is no live verifier, and no leader", async () => {
    await cluster.operator.stop();
    await cluster.verifier.stop();
    await eventually(
      async () => (await cluster.kubectl("get", "lease", "-n", "countersign-data", "-o", "name")) === "",
    );
    const { status, ids } = await doctor();
    expect([status, new Set(ids)]).toEqual([1, new Set(["no-verifier", "no-leader"])]);
  }, 60_000);
});
