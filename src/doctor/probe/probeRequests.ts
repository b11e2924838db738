import { PARTIAL_BODY_HEADER } from "../../api/envoy.ts";
import { HEADER_PREFIX } from "../../api/names.ts";
import { schemeNamed } from "../../signing/scheme.ts";

/** A harmless request, exactly as it goes over the wire. */
export interface ProbeRequest {
  readonly name: string;
  readonly bytes: Buffer;
  /** Whether a normalising proxy would change its path. */
  readonly isUnnormalised: boolean;
}

/** No generated ApiAppKey looks like this, so it belongs to no Application. */
const UNKNOWN_KEY = "countersign-doctor";

/** Contains `!` and bytes that are not UTF-8, so that the verifier can detect whether bodies arrive byte for byte. */
const BODY = Buffer.from('{"probe":"countersign doctor!","bytes":"\xe9\xff"}', "latin1");

/** Requests that are unsigned, or signed with an unknown key. All of them must be denied, and a denied request has no effect. */
export function probeRequests(host: string, path: string, now: Date): readonly ProbeRequest[] {
  const get = (name: string, target: string, headers: readonly string[] = [], isUnnormalised = false) =>
    request(name, "GET", target, host, headers, undefined, isUnnormalised);
  return [
    get("without a signature", path),
    request("with a body, signed with an unknown key", "POST", path, host, signedPost(host, path, now), BODY),
    get("with forged identity headers", path, [
      `${HEADER_PREFIX}application-id: app-forged`,
      `${HEADER_PREFIX}application: forged/forged`,
      `${PARTIAL_BODY_HEADER}: false`,
    ]),
    get("with two lines of each security header", path, [
      ...[1, 2].flatMap(() => [
        `x-date: ${now.toUTCString()}`,
        `authorization: hmac id="${UNKNOWN_KEY}", algorithm="hmac-sha256", headers="x-date", signature="AAAA"`,
      ]),
    ]),
    get("with a double slash in the path", `//${UNKNOWN_KEY}`, [], true),
    get("with a dot segment in the path", `/${UNKNOWN_KEY}/../${UNKNOWN_KEY}`, [], true),
    get("with an escaped letter in the path", `/%63ountersign-doctor`, [], true),
  ];
}

function signedPost(host: string, path: string, now: Date): readonly string[] {
  const headers = [["content-type", "application/json"]] as const;
  const unsigned = { method: "POST", path, authority: host, headers, body: BODY };
  const key = {
    keyId: UNKNOWN_KEY,
    secret: `${UNKNOWN_KEY}-${UNKNOWN_KEY}`,
    algorithm: "hmac-sha256",
  } as const;
  const lines = [...headers, ...schemeNamed("Tencent").sign(unsigned, key, now).headers];
  return [...lines.map(([name, value]) => `${name}: ${value}`), `content-length: ${BODY.length}`];
}

function request(
  name: string,
  method: string,
  target: string,
  host: string,
  headers: readonly string[],
  body: Buffer = Buffer.alloc(0),
  isUnnormalised = false,
): ProbeRequest {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `host: ${host}`,
    "connection: close",
    "user-agent: countersign-doctor",
  ];
  const head = Buffer.from(`${[...lines, ...headers].join("\r\n")}\r\n\r\n`, "latin1");
  return { name, bytes: Buffer.concat([head, body]), isUnnormalised };
}
