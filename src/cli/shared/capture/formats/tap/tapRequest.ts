import { DENIAL_CODES, type DenialCode } from "../../../../../api/vocabulary.ts";
import type { Captured, Gaps } from "../../captured.ts";
import { valuesOf } from "../../checkedRequest.ts";
import { type HttpMessage, originForm, requestLineProblem } from "../../httpMessage.ts";
import { RECEIVED_AT_HEADER } from "../../receivedAt.ts";
import { tapBody } from "./tapBody.ts";
import type { TapRequest } from "./tapMessage.ts";

const USE_CONFIG = "capture with the configuration of `countersign envoy-config --tap`";
const NO_HEADERS = `the capture has only a part of this request, without its headers: ${USE_CONFIG}, and do not leave out files`;
const NO_TIME = `the capture does not contain when the request was received: ${USE_CONFIG}`;
const REWRITTEN = `Envoy rewrote path or host before it recorded them: use \`streaming: true\`, as \`countersign envoy-config --tap\` does`;
const CHANGED = `Envoy recorded the headers at the end of the request, when filters may have removed or changed them: use \`streaming: true\`, as \`countersign envoy-config --tap\` does`;
const REPLACED =
  'the capture has "!" in a part that decides, and Envoy records "!" also for bytes that are not UTF-8';
const BLANKED =
  "Envoy recorded the body as text, in which blanks may stand for other bytes: use the format JSON_BODY_AS_BYTES";

/** Denials that come before or with the check of the signature: they depend on bytes that nothing has confirmed. */
const UNCONFIRMED: readonly DenialCode[] = DENIAL_CODES.slice(0, DENIAL_CODES.indexOf("UnsafePath") + 1);

/** The request, with what the capture lacks of it. */
export function tapRequest(trace: TapRequest): Captured {
  const { place, headers } = trace;
  const id = (headers && single(headers, "x-request-id")) ?? trace.traceId;
  const time = trace.time ?? (headers && receivedAt(headers));
  const [method = "", path = ""] = [":method", ":path"].map((name) => headers && single(headers, name));
  const problem = headers ? requestLineProblem(method, path) : undefined;
  if (problem !== undefined) return { ok: false, place, id, problem };
  const { bytes: body, gap } = tapBody(trace);
  const message = { method, target: originForm(path), headers: headers ?? [], body };
  const gaps = gapsOf(trace, message);
  return {
    ...{ ok: true, place, id, time, message },
    gaps: {
      ...gaps,
      ...(gap === undefined ? {} : { body: gap }),
      ...(time === undefined ? { time: NO_TIME } : {}),
    },
  };
}

function gapsOf({ headers, isBuffered, body }: TapRequest, { target }: HttpMessage): Gaps {
  if (!headers) return { request: NO_HEADERS };
  const isReplaced = (name: string) => valuesOf(headers, name).some((value) => value.includes("!"));
  if (isReplaced(":authority")) return { request: REPLACED };
  const isRewritten = ["path", "host"].some(
    (name) => valuesOf(headers, `x-envoy-original-${name}`).length > 0,
  );
  if (isBuffered && isRewritten) return { request: REWRITTEN };
  const denials = new Map<DenialCode, string>();
  const doubt = (codes: readonly DenialCode[], why: string) => {
    for (const code of codes) denials.set(code, why);
  };
  if (body.some(({ bytes, isText }) => isText && /[ \ufffd]/.test(bytes.toString("utf8"))))
    doubt(["SignatureMismatch"], BLANKED);
  if (headers.some(([, value]) => value.includes("!"))) doubt(["SignatureMismatch"], REPLACED);
  if (target.includes("!") || isReplaced("authorization")) doubt(UNCONFIRMED, REPLACED);
  if (isBuffered) doubt(["AuthorizationMissing", "SignedHeaderMissing", "SignatureMismatch"], CHANGED);
  return { denials };
}

/** What `envoy-config --tap` makes Envoy add: seconds since 1970, with milliseconds. */
function receivedAt(headers: HttpMessage["headers"]): number | undefined {
  const value = single(headers, RECEIVED_AT_HEADER) ?? "";
  return /^\d{9,11}(\.\d+)?$/.test(value) ? Math.round(Number(value) * 1_000) : undefined;
}

function single(headers: HttpMessage["headers"], name: string): string | undefined {
  const values = valuesOf(headers, name);
  return values.length === 1 ? values[0] : undefined;
}
