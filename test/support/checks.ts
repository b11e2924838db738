import { Allowance } from "../../src/base/allowance.ts";
import { ProjectionIndex } from "../../src/policy/index/projectionIndex.ts";
import type { Projection } from "../../src/projection/documents.ts";
import { schemeNamed } from "../../src/signing/scheme.ts";
import {
  type Checker,
  type CheckerDeps,
  type CheckerOptions,
  createChecker,
} from "../../src/verifier/checker.ts";
import { KeyMemory } from "../../src/verifier/keyMemory.ts";
import { MemoryNonces } from "../../src/verifier/nonces/memoryNonces.ts";
import type { Checked, Outcome } from "../../src/verifier/outcome.ts";
import { application, domain, grant, stored } from "./documents.ts";
import { encodeCheck, type HttpAttributes } from "./envoyProtos.ts";

/** The instant of every check in tests. */
export const NOW = Date.parse("2026-11-24T09:00:00Z");
export const HOST = "api.shop.example.com";

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: Buffer;
  readonly secret?: string;
  /** Headers of the request that are signed beside x-date. */
  readonly signed?: readonly string[];
}

/** The header lines of a signed request, those of the request first. */
export function signedLines(sent: Sent): readonly (readonly [string, string])[] {
  const headers = sent.headers ?? [];
  const signed = schemeNamed("Tencent").sign(
    {
      method: sent.method ?? "GET",
      path: sent.path ?? "/orders",
      authority: sent.host ?? HOST,
      headers,
      ...(sent.body ? { body: sent.body } : {}),
    },
    { keyId: "APIDmobile", secret: sent.secret ?? "mobile-secret-mobile-secret", algorithm: "hmac-sha256" },
    new Date(NOW),
    sent.signed,
  );
  return [...headers, ...signed.headers];
}

const PARTIAL = "x-envoy-auth-partial-body";

/** The Check that Envoy sends of header lines with `encode_raw_headers` and `pack_as_bytes`. */
export function rawShape(sent: Sent, lines = signedLines(sent)): HttpAttributes {
  const pseudo = [
    [":authority", sent.host ?? HOST],
    [":method", sent.method ?? "GET"],
    [":path", sent.path ?? "/orders"],
  ] as const;
  const all = [...pseudo, ...lines, ...(sent.body ? [[PARTIAL, "false"] as const] : [])];
  return {
    ...common(sent),
    headerMap: {
      headers: all.map(([key, value]) => ({
        key: key.toLowerCase(),
        rawValue: Buffer.from(value, "latin1"),
      })),
    },
    ...(sent.body ? { rawBody: sent.body } : {}),
  };
}

/** The same without those settings: a map, with repeated lines joined, and the body as text. */
export function mapShape(sent: Sent, lines = signedLines(sent)): HttpAttributes {
  const headers: Record<string, string> = {
    ":path": sent.path ?? "/orders",
    ":authority": sent.host ?? HOST,
  };
  for (const [name, value] of lines) {
    const before = headers[name.toLowerCase()];
    headers[name.toLowerCase()] = before === undefined ? value : `${before},${value}`;
  }
  if (sent.body) headers[PARTIAL] = "false";
  return { ...common(sent), headers, ...(sent.body ? { body: sent.body.toString("utf8") } : {}) };
}

function common(sent: Sent): HttpAttributes {
  return {
    id: "7",
    method: sent.method ?? "GET",
    path: sent.path ?? "/orders",
    host: sent.host ?? HOST,
    protocol: "HTTP/1.1",
  };
}

/** A checker over these projections, and the findings that it reported. */
export function checkerOver(
  documents: readonly Projection[] = WORLD,
  change: Partial<CheckerDeps> = {},
  options: Partial<CheckerOptions> = {},
) {
  const index = new ProjectionIndex();
  index.replace(documents.map((document) => stored(document)));
  const outcomes: Outcome[] = [];
  const errors: unknown[] = [];
  const deps: CheckerDeps = {
    index,
    memory: new KeyMemory(),
    nearMisses: new Allowance(5),
    nonces: new MemoryNonces(() => NOW),
    isReady: () => true,
    now: () => NOW,
    onError: (error) => errors.push(error),
    ...change,
  };
  const decide = createChecker(deps, {
    keepAuthorization: false,
    maxRequestBytes: 1_000,
    errorDetail: "full",
    ...options,
  });
  const checker = (bytes: Buffer, deadline: number) => {
    const { answer, outcome } = checkNow(decide, bytes, deadline);
    outcomes.push(outcome);
    return answer;
  };
  const check = (http: HttpAttributes, context: Record<string, string> = {}, deadline = NOW + 500) =>
    checker(encodeCheck(http, context), deadline);
  return { checker, check, outcomes, errors, decide, index };
}

/** Checks a message without a large body, which is checked at once. */
export function checkNow(checker: Checker, message: Buffer, deadline: number): Checked {
  const checked = checker({ message, deadline, isOver: false });
  if (checked instanceof Promise) throw new Error("a large body is checked later");
  return checked;
}

const WORLD = [application(), grant(), domain()];
