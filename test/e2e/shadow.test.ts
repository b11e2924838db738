import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Answer, Credentials } from "../support/caller.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, grantManifest, team } from "../support/manifests.ts";
import { type Sent, Stage } from "../support/stage.ts";

const { namespace, host, domain, application } = team("shadow");
const grantOf = (name: string, path: string, spec: object = {}) =>
  grantManifest(name, namespace, host, spec, path);
const FORGED = { "x-countersign-application-id": "app-forged00", "x-countersign-shadow": "Allowed" };

const identityIn = (headers: Readonly<Record<string, string>>) =>
  Object.keys(headers).filter((name) => name.startsWith("x-countersign-") && name !== "x-countersign-shadow");
const codeOf = ({ status, body }: Answer) => (status === 200 ? "Allowed" : JSON.parse(body || "{}").code);

/** Requests by the code of their decision, for a path that `mobile-app` may call and `other-app` may not. */
function requestsFor(path: string, mobile: Credentials, other: Credentials) {
  return {
    Allowed: { path, credentials: mobile },
    AuthorizationMissing: { path },
    KeyUnknown: { path, credentials: { key: "APIDnobody", secret: "nothing-nothing" } },
    SignatureMismatch: { path: `${path}?a=1`, signedPath: path, credentials: mobile },
    DateOutOfWindow: { path, credentials: mobile, date: new Date("2026-01-01T00:00:00Z") },
    ApiNotGranted: { path, credentials: other },
  };
}

describe("a Shadow grant", () => {
  let stage: Stage;
  let mobile: Credentials;
  let other: Credentials;
  beforeAll(async () => {
    stage = await Stage.start(host, [], {
      domain,
      application,
      other: applicationManifest("other-app", namespace),
      enforced: grantOf("enforced", "/orders"),
      shadow: grantOf("shadow", "/shadow", { enforcement: "Shadow" }),
    });
    mobile = await stage.credentials(namespace, "mobile-app");
    other = await stage.credentials(namespace, "other-app");
  }, 120_000);
  afterAll(() => stage?.stop());

  const shadowed = async (code: string) =>
    (await stage.metrics()).value("countersign_shadowed_requests_total", "code", code) ?? Number.NaN;

  test("P22: lets every request of its path pass with the decision, and an identity only if it is allowed", async () => {
    for (const [code, sent] of Object.entries(requestsFor("/shadow/1", mobile, other))) {
      const headers = await stage.seenByUpstream({ ...sent, headers: FORGED });
      expect(headers["x-countersign-shadow"]).toBe(code);
      if (code !== "Allowed") expect([code, identityIn(headers)]).toEqual([code, []]);
      else expect(headers["x-countersign-application"]).toBe(`${namespace}/mobile-app`);
      expect(headers["x-countersign-application-id"]).not.toBe("app-forged00");
    }
  });

  test("counts every decision by its code", async () => {
    const requests = requestsFor("/shadow/2", mobile, other);
    const counts = () => Promise.all(Object.keys(requests).map(shadowed));
    const before = await counts();
    const answers = await Promise.all(
      Object.values(requests).flatMap((sent, at) => Array.from({ length: at + 1 }, () => stage.call(sent))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await counts()).map((count, at) => count - (before[at] ?? 0))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("has its decisions in Envoy's access log, with the caller of a valid signature", async () => {
    const { SignatureMismatch, ApiNotGranted } = requestsFor("/shadow/3", mobile, other);
    const answers = [await stage.call(SignatureMismatch), await stage.call(ApiNotGranted)];
    const [wrong, foreign] = await Promise.all(
      answers.map(({ headers }) => stage.logged(headers.get("x-api-requestid") ?? "no request id")),
    );
    expect(wrong).toMatchObject({ status: 200, shadow: "SignatureMismatch" });
    expect(wrong).not.toHaveProperty("application");
    expect(foreign).toMatchObject({
      status: 200,
      shadow: "ApiNotGranted",
      application: `${namespace}/other-app`,
    });
  }, 60_000);

  test("lets a request with a body pass whole, and one with another body than was signed", async () => {
    const sent = { path: "/shadow/4", method: "POST", credentials: mobile, body: '{"sku":7}' };
    expect((await stage.seenByUpstream(sent))["x-countersign-shadow"]).toBe("Allowed");
    const changed = { ...sent, headers: { "content-md5": "MzViOTMzYjY0NjMzMmIwNDdkMzNlNjg4YmZiNTdjNTQ=" } };
    expect((await stage.seenByUpstream(changed))["x-countersign-shadow"]).not.toBe("Allowed");
    expect(stage.upstream.seen.at(-1)?.body).toBe('{"sku":7}');
  });

  test("P1: lets no request pass whose path can be understood in two ways, or that it does not name", async () => {
    for (const path of ["/shadow;a", "/shadow/..;/orders", "/other"])
      expect([path, (await stage.call({ path })).status]).not.toEqual([path, 200]);
    expect(codeOf(await stage.call({ path: "/shadow;a" }))).toBe("UnsafePath");
    expect(codeOf(await stage.call({ path: "/other", credentials: mobile }))).toBe("NoApiMatch");
  });

  test("beside an Enforce grant changes no decision of its paths", async () => {
    const paths = ["/orders", "/orders/admin", "/orders/admin/1", "/%6frders/admin"];
    const decisions = async () => {
      const found: string[] = [];
      for (const path of paths)
        for (const sent of Object.values(requestsFor(path, mobile, other)))
          found.push(codeOf(await stage.call(sent)));
      return found;
    };
    const before = await decisions();
    expect(new Set(before).size).toBeGreaterThan(4);
    const applications = [{ name: "other-app" }];
    await stage.write(
      "beside",
      grantOf("beside", "/orders/admin", { enforcement: "Shadow", applications }),
      grantOf("same", "/orders", { enforcement: "Shadow", applications }),
    );
    await stage.standalone.waitFor(/same +Shadowing/);
    expect(await decisions()).toEqual(before);
  }, 60_000);

  test("is reported at the terminal and by doctor", async () => {
    expect(stage.standalone.output).toMatch(new RegExp(`ApiGrant +${namespace}/shadow +Shadowing`));
    const [status, report] = await stage.doctor();
    expect(report).toMatch(/warning +grants-shadow/);
    expect(status).toBe(0);
  }, 60_000);

  test("is enforced once its enforcement is Enforce", async () => {
    await stage.write("shadow", grantOf("shadow", "/shadow", { enforcement: "Enforce" }));
    await eventually(async () => codeOf(await stage.call({ path: "/shadow" })) === "AuthorizationMissing");
    const { status, body } = await stage.call({ path: "/shadow", credentials: mobile });
    expect(status).toBe(200);
    expect(JSON.parse(body).headers).not.toHaveProperty("x-countersign-shadow");
  }, 60_000);
});

describe("with --shadow", () => {
  let stage: Stage;
  let mobile: Credentials;
  let other: Credentials;
  beforeAll(async () => {
    stage = await Stage.start(host, ["--shadow"], {
      domain,
      application,
      other: applicationManifest("other-app", namespace),
      enforced: grantOf("enforced", "/orders"),
    });
    mobile = await stage.credentials(namespace, "mobile-app");
    other = await stage.credentials(namespace, "other-app");
  }, 120_000);
  afterAll(() => stage?.stop());

  test("every request passes with its decision, whatever it is, and each is counted", async () => {
    const requests: readonly (readonly [string, Sent])[] = [
      ...Object.entries(requestsFor("/orders", mobile, other)),
      ["NoApiMatch", { path: "/other", credentials: mobile }],
      ["UnsafePath", { path: "/orders;a" }],
    ];
    const before = (await stage.metrics()).sum("countersign_shadowed_requests_total");
    for (const [code, sent] of requests) {
      const headers = await stage.seenByUpstream({ ...sent, headers: FORGED });
      expect(headers["x-countersign-shadow"]).toBe(code);
      if (code !== "Allowed") expect([code, identityIn(headers)]).toEqual([code, []]);
      else expect(headers["x-countersign-application"]).toBe(`${namespace}/mobile-app`);
    }
    const after = (await stage.metrics()).sum("countersign_shadowed_requests_total");
    expect(after - before).toBe(requests.length);
  }, 60_000);

  test("another component still gets the caller's Authorization", async () => {
    const headers = { authorization: "Bearer of-another-component" };
    expect((await stage.seenByUpstream({ path: "/orders", headers })).authorization).toBe(
      "Bearer of-another-component",
    );
  });

  test("Envoy still denies what it never asks about", async () => {
    expect((await stage.call({ path: "/orders", method: "POST", body: "a".repeat(70_000) })).status).toBe(
      413,
    );
  });

  test("the log, the metrics and doctor report that nothing is enforced", async () => {
    expect(stage.standalone.output).toMatch(/"level":"?(warn|40)"?.*--shadow: every request is allowed/);
    expect((await stage.metrics()).value("countersign_verifier_shadow")).toBe(1);
    const [status, report] = await stage.doctor();
    expect(report).toMatch(/error +verifier-shadow/);
    expect(status).toBe(1);
    expect((await stage.doctor("--accept", "verifier-shadow"))[0]).toBe(0);
  }, 60_000);
});
