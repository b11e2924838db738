import { describe, expect, test } from "@jest/globals";
import { failedWrite } from "../../../../src/store/kube/apiStatus.ts";
import { StoreUnavailable } from "../../../../src/store/store.ts";

const status = (reason: string, message = "", details: object = {}) => ({
  kind: "Status",
  reason,
  message,
  details,
});
const SECRET = "c2VjcmV0LXZhbHVl";

describe("a write that was answered", () => {
  const cases: Record<string, [number, unknown, string | undefined]> = {
    "200 succeeded": [200, {}, undefined],
    "201 succeeded": [201, {}, undefined],
    "409, since it exists, is a conflict": [409, status("AlreadyExists"), "conflict"],
    "409, since it has changed, is a conflict": [409, status("Conflict"), "conflict"],
    "404 with the object's name: it is gone": [404, status("NotFound", "", { name: "a" }), "gone"],
    "403 by a dying namespace is the end of that step": [
      403,
      status("Forbidden", "", { causes: [{ reason: "NamespaceTerminating" }] }),
      "terminating",
    ],
    "403 otherwise is refused": [403, status("Forbidden", "no"), "refused"],
    "422 is refused": [422, status("Invalid", "no"), "refused"],
    "400 is refused": [400, status("BadRequest", "no"), "refused"],
    "413 is refused": [413, undefined, "refused"],
  };
  test.each(Object.entries(cases))("%s", (_, [code, body, kind]) => {
    expect(failedWrite({ status: code, body }, true)?.kind).toBe(kind);
    expect(failedWrite({ status: code, body }, false)?.kind).toBe(kind);
  });

  test.each([401, 404, 408, 429, 500, 502, 503, 504, 302])("%d may succeed later", (code) => {
    const answer = { status: code, body: status("SomeReason", SECRET) };
    expect(() => failedWrite(answer, true)).toThrow(StoreUnavailable);
    expect(() => failedWrite(answer, true)).not.toThrow(SECRET);
  });
});

describe("P31: the error for a rejected Secret quotes none of its data, and states", () => {
  const base = "the API server refused the Secret:";
  const cases: Record<string, [number, ReturnType<typeof status>, string]> = {
    "which field is wrong": [
      422,
      status("Invalid", `data: Invalid value: "${SECRET}"`, { causes: [{ reason: "x", field: "data" }] }),
      `${base} 422 Invalid (field data)`,
    ],
    "no field whose name may be data": [
      422,
      status("Invalid", "", { causes: [{ field: `data[${SECRET}]` }] }),
      `${base} 422 Invalid`,
    ],
    "which right is missing": [
      403,
      status(
        "Forbidden",
        `secrets is forbidden: User "u" cannot create resource "secrets" in API group "" in the namespace "n": ${SECRET}`,
      ),
      `${base} 403 Forbidden (User "u" cannot create resource "secrets" in API group "" in the namespace "n")`,
    ],
    "which webhook denied it": [
      403,
      status("Forbidden", `admission webhook "w.example.com" denied the request: ${SECRET} is weak`),
      `${base} 403 Forbidden (admission webhook "w.example.com")`,
    ],
    "which quota is used up": [
      403,
      status("Forbidden", 'secrets "a" is forbidden: exceeded quota: q, requested: count/secrets=1'),
      `${base} 403 Forbidden (exceeded quota: q, requested: count/secrets=1)`,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [code, body, message]) => {
    expect(failedWrite({ status: code, body }, true)).toEqual({ kind: "refused", message });
  });
});
