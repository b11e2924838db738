import { afterEach, expect, test } from "@jest/globals";
import { KubeStore } from "../../../../src/store/kube/kubeStore.ts";
import { type FakeServer, json, startFake } from "./fakeServer.ts";

let server: FakeServer | undefined;
afterEach(() => server?.stop());

const REF = { kind: "Application", namespace: "team-shop", name: "mobile", uid: "uid-1" } as const;
const STATUS_PATH = "/apis/countersign.dev/v1alpha1/namespaces/team-shop/applications/mobile/status";
const written = json(200, { metadata: { ...REF, resourceVersion: "8" }, spec: {} });
const forbidden = (message: string) => json(403, { kind: "Status", reason: "Forbidden", message });

/** Writes a status; returns the outcome, and the method and path of each request. */
async function writeStatus(...handlers: Parameters<typeof startFake>[0]) {
  server = await startFake(handlers);
  const store = new KubeStore(server.connection, { instance: "one", hooks: { onRestart: () => {} } });
  const { kind } = await store.writeStatus(REF, { observedGeneration: 1 }, "7");
  return { kind, requests: server.requests.map((one) => one.replace(/\?.*/, "")) };
}

test("a status is written by one update", async () => {
  expect(await writeStatus(written)).toEqual({ kind: "written", requests: [`PUT ${STATUS_PATH}`] });
});

test("a status is written by an apply where the role lacks the verb update", async () => {
  const message =
    'applications.countersign.dev "mobile" is forbidden: User "operator" cannot update resource "applications/status" in API group "countersign.dev"';
  const requests = [`PUT ${STATUS_PATH}`, `PATCH ${STATUS_PATH}`];
  expect(await writeStatus(forbidden(message), written)).toEqual({ kind: "written", requests });
});

test("a status that an admission policy refuses is not written in another way", async () => {
  const message = 'ValidatingAdmissionPolicy "other" denied request';
  expect(await writeStatus(forbidden(message))).toEqual({
    kind: "refused",
    requests: [`PUT ${STATUS_PATH}`],
  });
});
