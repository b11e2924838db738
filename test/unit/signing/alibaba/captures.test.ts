import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import {
  OPEN_VARIANTS,
  type OpenVariant,
  PARAMETER_SETTINGS,
  type ParameterSetting,
} from "../../../../src/api/vocabulary.ts";
import { isDenial, type SignedRequest } from "../../../../src/signing/scheme.ts";
import { parseRaw } from "../tencent/captures.ts";
import { outcome, verify, withHeaders } from "./support.ts";

interface Fixture {
  readonly secret: string;
  readonly captures: readonly {
    readonly id: string;
    readonly capturedAt: string;
    readonly raw: string;
    /** Default: Auto. */
    readonly parameters?: ParameterSetting;
    readonly open: readonly OpenVariant[];
    /** Default: allow, with these settings. A request with deny is denied under any. */
    readonly expect?: "deny";
  }[];
}

const FILE = new URL("../../../fixtures/signing/alibaba.json", import.meta.url);
const { secret, captures: all }: Fixture = JSON.parse(readFileSync(FILE, "utf8"));
const captures = all.filter((capture) => capture.expect !== "deny");
const worldOf = ({ capturedAt, open, parameters }: Fixture["captures"][number]) => ({
  now: Date.parse(capturedAt),
  secret,
  open,
  ...(parameters === undefined ? {} : { parameters }),
  environment: "release",
});

describe("a request that a published client sent", () => {
  test.each(captures.map((capture) => [capture.id, capture] as const))("verifies: %s", (_, capture) => {
    const request = parseRaw(capture.raw);
    const found = verify(request, worldOf(capture));
    expect(isDenial(found) ? found.message : found.openVariants).toEqual(capture.open);
  });

  test.each(captures.filter(({ open }) => open.length > 0).map((capture) => [capture.id, capture] as const))(
    "is denied without the open variant that it needs: %s",
    (_, capture) => {
      expect(outcome(parseRaw(capture.raw), { ...worldOf(capture), open: [] })).toBe("SignatureMismatch");
    },
  );

  test.each(captures.filter(({ parameters }) => parameters).map((capture) => [capture.id, capture] as const))(
    "is denied without the setting of parameters that it needs: %s",
    (_, capture) => {
      expect(outcome(parseRaw(capture.raw), { ...worldOf(capture), parameters: "Auto" })).toBe(
        "SignatureMismatch",
      );
    },
  );

  test.each(
    all.filter((capture) => capture.expect === "deny").map((capture) => [capture.id, capture] as const),
  )("is denied under every setting, since other requests could share its signature: %s", (_, capture) => {
    for (const parameters of PARAMETER_SETTINGS)
      expect(outcome(parseRaw(capture.raw), { ...worldOf(capture), parameters, open: OPEN_VARIANTS })).toBe(
        "SignatureMismatch",
      );
  });

  test("may list its signed headers in another order than that of the lines that it signs", () => {
    const unsorted = captures.filter(({ raw }) => {
      const list = parseRaw(raw).headers.single("x-ca-signature-headers")?.split(",") ?? [];
      return list.toSorted().join() !== list.join();
    });
    expect(unsorted.map(({ id }) => id)).toContainEqual(expect.stringContaining("sdk-core-java"));
    expect(unsorted.length).toBeGreaterThan(10);
  });
});

type Alteration = (request: SignedRequest) => SignedRequest | undefined;

const replaced =
  (name: string, value: string): Alteration =>
  (request) =>
    request.headers.single(name) === undefined
      ? undefined
      : withHeaders(request, (lines) =>
          lines.map(([one, old]) => [one, one === name ? value : old] as const),
        );

const ALTERATIONS: Record<string, Alteration> = {
  "another method": (request) => ({ ...request, method: request.method === "GET" ? "HEAD" : "GET" }),
  "another path": (request) => ({ ...request, path: request.path.replace("/", "/x") }),
  "a further parameter": (request) => ({
    ...request,
    path: `${request.path}${request.path.includes("?") ? "&" : "?"}admin=1`,
  }),
  "another Accept": replaced("accept", "text/html"),
  "another Content-Type": replaced("content-type", "text/html"),
  "another nonce": replaced("x-ca-nonce", "00000000-0000-4000-8000-000000000000"),
  "another Date": replaced("date", "Sat, 28 Nov 2026 12:00:00 GMT"),
  "a Date that was not signed": (request) =>
    request.headers.single("date") === undefined
      ? withHeaders(request, (lines) => [...lines, ["date", "Sat, 28 Nov 2026 12:00:00 GMT"]])
      : undefined,
  "a nonce that is listed no longer": (request) =>
    request.headers.single("x-ca-nonce") === undefined
      ? undefined
      : withHeaders(request, (lines) =>
          lines.map(([name, value]) => [
            name,
            name === "x-ca-signature-headers" ? value.replace(/,x-ca-nonce|x-ca-nonce,/i, "") : value,
          ]),
        ),
  "another body": (request) =>
    request.body.kind === "bytes"
      ? {
          ...request,
          body: { kind: "bytes", bytes: Buffer.concat([request.body.bytes, Buffer.from("&x=1")]) },
        }
      : undefined,
};

describe("a captured request is denied with", () => {
  test.each(Object.entries(ALTERATIONS))("%s", (what, alter) => {
    const altered = captures.flatMap((capture) => {
      const request = alter(parseRaw(capture.raw));
      const isOpen = what === "another body" && capture.open.includes("BodyNotSigned");
      return request && !isOpen ? [outcome(request, worldOf(capture))] : [];
    });
    expect(altered.length).toBeGreaterThan(0);
    expect(new Set(altered)).toEqual(new Set(["SignatureMismatch"]));
  });

  test("a timestamp that is older than 15 minutes, or that is not listed", () => {
    for (const capture of captures) {
      const request = parseRaw(capture.raw);
      const late = { ...worldOf(capture), now: Date.parse(capture.capturedAt) + 901_000 };
      expect(outcome(request, late)).toBe("DateOutOfWindow");
      const unlisted = withHeaders(request, (lines) =>
        lines.map(([name, value]) => [
          name,
          name === "x-ca-signature-headers" ? value.replace(/,x-ca-timestamp|x-ca-timestamp,/i, "") : value,
        ]),
      );
      expect(outcome(unlisted, worldOf(capture))).toBe("DateInvalid");
    }
  });
});

describe("X-Ca-Stage", () => {
  const [npm] = captures;
  test.each([
    ["of the environment is allowed", "release", "x-ca"],
    ["of another environment is denied", "test", "StageMismatch"],
  ])("%s", (_, environment, expected) => {
    if (!npm) throw new Error("npm's request sends X-Ca-Stage: RELEASE");
    expect(outcome(parseRaw(npm.raw), { ...worldOf(npm), environment })).toBe(expected);
  });
});
