import { encodeCheck } from "../../test/support/envoyProtos.ts";
import { signedLines } from "../../test/support/signedBytes.ts";
import type { Member } from "./world.ts";

/** A kind of request that callers send. */
export type RequestKind = "GET" | "POST 1 KiB JSON" | "POST form" | "POST 1 MiB JSON" | "POST 16 MiB JSON";

type Lines = readonly (readonly [name: string, value: string])[];

/** The part of a request that its kind decides. */
export interface Shape {
  readonly method: string;
  readonly contentType?: string;
  readonly body?: Buffer;
}

const FORM = Buffer.from(
  Array.from({ length: 24 }, (_, number) => `field${String(number).padStart(2, "0")}=value-${number}`).join(
    "&",
  ),
);

/** Parameters of the form are sorted and need no escapes, so that the reference can sign them as they are sent. */
export const SHAPES: Readonly<Record<RequestKind, Shape>> = {
  GET: { method: "GET" },
  "POST 1 KiB JSON": json(2 ** 10),
  "POST form": { method: "POST", contentType: "application/x-www-form-urlencoded", body: FORM },
  "POST 1 MiB JSON": json(2 ** 20),
  "POST 16 MiB JSON": json(2 ** 24 - 2 ** 10),
};

export interface RequestOptions {
  /** Signs with another key than the caller's, or with an unknown id. */
  readonly fault?: "unknown key" | "wrong signature";
  readonly target?: string;
  /** Instead of that of the kind. */
  readonly shape?: Shape;
}

/** One request as it arrives at Envoy. */
export interface SignedRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly lines: Lines;
  readonly body?: Buffer;
}

/** A request of this kind, signed by the member with hmac-sha1, which both Countersign and the reference accept. */
export function signedRequest(
  kind: RequestKind,
  member: Member,
  options: RequestOptions = {},
): SignedRequest {
  const { method, contentType, body } = options.shape ?? SHAPES[kind];
  const target = options.target ?? "/orders/2026/1001";
  const isForm = contentType?.includes("form") === true;
  const lines = signedLines(
    {
      method,
      target,
      signedTarget: isForm ? `${target}?${body}` : target,
      algorithm: "hmac-sha1",
      ...(contentType ? { contentType } : {}),
      ...(body ? { body, md5: isForm ? "none" : "hex in base64" } : {}),
    },
    credentialsOf(member, options.fault),
  );
  return {
    method,
    target,
    host: member.host,
    lines: [...lines, ...clientLines(body)],
    ...(body ? { body } : {}),
  };
}

/** The CheckRequest that Envoy makes of it with the configuration of `countersign envoy-config`, behind its gRPC prefix. */
export function checkFrame(request: SignedRequest): Buffer {
  const headers = [
    [":authority", request.host],
    [":path", request.target],
    [":method", request.method],
    [":scheme", "http"],
    ...request.lines,
    ...proxyLines(request.body),
  ].map(([key, value]) => ({ key: String(key), rawValue: Buffer.from(String(value), "latin1") }));
  const message = encodeCheck({
    id: "8527393459483752841",
    method: request.method,
    path: request.target,
    host: request.host,
    protocol: "HTTP/1.1",
    headerMap: { headers },
    ...(request.body ? { rawBody: request.body } : {}),
  });
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** What callers send beside the signed lines. */
export function clientLines(body: Buffer | undefined): Lines {
  return [
    ["user-agent", "okhttp/4.12.0 (Android 14; Pixel 8) shop-mobile/7.31.2"],
    ["accept-language", "en-GB,en;q=0.9,de;q=0.7"],
    ["accept-encoding", "gzip"],
    ["x-client-trace", "4bf92f3577b34da6a3ce929d0e0e4736"],
    ["x-device", "android-14-6f1a9d52"],
    ...(body ? [["content-length", String(body.length)] as const] : []),
  ];
}

/** What Envoy adds. */
function proxyLines(body: Buffer | undefined): Lines {
  return [
    ["x-forwarded-proto", "https"],
    ["x-forwarded-for", "203.0.113.7"],
    ["x-request-id", "5a9c7f0e-8d4b-4c7e-9a53-2f1f6f0d7c11"],
    ["x-envoy-external-address", "203.0.113.7"],
    ...(body ? [["x-envoy-auth-partial-body", "false"] as const] : []),
  ];
}

function credentialsOf({ credentials }: Member, fault: RequestOptions["fault"]) {
  if (fault === "unknown key") return { ...credentials, key: "APIDnobody0000000" };
  if (fault === "wrong signature") return { ...credentials, secret: "not-the-secret-of-it" };
  return credentials;
}

function json(bytes: number): Shape {
  const text = `{"note":"${"a".repeat(bytes - '{"note":""}'.length)}"}`;
  return { method: "POST", contentType: "application/json", body: Buffer.from(text) };
}
