import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

/** Envoy's own message definitions, from the package of the gRPC project that carries them. */
const MODULES = fileURLToPath(new URL("../../node_modules", import.meta.url));
const DEPS = join(MODULES, "@grpc/grpc-js-xds/deps");
const root = new protobuf.Root();
root.resolvePath = (_, target) => {
  if (target.startsWith("google/protobuf/")) return join(MODULES, "protobufjs", target);
  const folders = ["envoy-api", "googleapis", "xds", "protoc-gen-validate"];
  const found = folders.find((folder) => names(folder).has(target));
  return found ? join(DEPS, found, target) : target;
};
const known = new Map<string, ReadonlySet<string>>();
function names(folder: string): ReadonlySet<string> {
  const found =
    known.get(folder) ?? new Set(readdirSync(join(DEPS, folder), { recursive: true, encoding: "utf8" }));
  known.set(folder, found);
  return found;
}
root.loadSync("envoy/service/auth/v3/external_auth.proto");
const CheckRequest = root.lookupType("envoy.service.auth.v3.CheckRequest");
const CheckResponse = root.lookupType("envoy.service.auth.v3.CheckResponse");

/** The HTTP part of a CheckRequest, in protobufjs's spelling. */
export interface HttpAttributes {
  readonly id?: string;
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly protocol?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly headerMap?: { readonly headers: readonly { key: string; value?: string; rawValue?: Buffer }[] };
  readonly body?: string;
  readonly rawBody?: Buffer;
}

export function encodeCheck(http: HttpAttributes, contextExtensions: Record<string, string> = {}): Buffer {
  const attributes = { request: { http: { ...http, size: 3 } }, contextExtensions };
  return Buffer.from(CheckRequest.encode(CheckRequest.fromObject({ attributes })).finish());
}

interface HeaderOption {
  readonly header: { readonly key: string; readonly value: string };
  readonly append?: { readonly value?: boolean };
}

/** A CheckResponse as Envoy understands it: what is absent is the default of its type. */
export interface DecodedResponse {
  readonly status: { readonly code: number } | null;
  readonly deniedResponse?: {
    readonly status: { readonly code: number } | null;
    readonly headers: readonly HeaderOption[];
    readonly body: string;
  } | null;
  readonly okResponse?: {
    readonly headers: readonly HeaderOption[];
    readonly headersToRemove: readonly string[];
    readonly responseHeadersToAdd: readonly HeaderOption[];
  } | null;
  readonly dynamicMetadata: { readonly fields: Readonly<Record<string, { readonly stringValue: string }>> };
}

export function decodeResponse(bytes: Buffer): DecodedResponse {
  const decoded = CheckResponse.decode(bytes);
  return CheckResponse.toObject(decoded, { defaults: true, enums: Number, oneofs: true }) as DecodedResponse;
}
