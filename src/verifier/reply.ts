import { PARTIAL_BODY_HEADER, REQUEST_ID_HEADER } from "../api/envoy.ts";
import { HEADER_PREFIX } from "../api/names.ts";
import type { DecisionCode } from "../api/vocabulary.ts";
import type { Allow, Caller, Decision } from "../policy/decision.ts";
import { type Denial, SCHEMES, type SigningScheme, type Voice } from "../signing/scheme.ts";
import { deniedMetadata, IdentityEncoder, shadowPart } from "./identity.ts";
import { requestIdOf, requestIdTemplate } from "./requestId.ts";
import type { CheckAttributes } from "./wire/checkRequest.ts";
import { encodeDenied, encodeOk, type OkPart, removing } from "./wire/checkResponse.ts";
import { DeniedReplies } from "./wire/deniedReplies.ts";

/** How an answer is dressed. */
export interface ReplyOptions {
  /** Hand the caller's credentials on to the upstream: Authorization, or what its scheme uses instead. */
  readonly keepAuthorization: boolean;
}

/** Headers that are removed, and the same encoded. */
interface Removed {
  readonly names: readonly string[];
  readonly part: OkPart;
}

const NOTHING: Removed = { names: [], part: removing([], []) };

/** The only ways to let a request through. */
export class Allowing {
  readonly #identity = new IdentityEncoder();
  /** Removed from every request that is signed under the scheme. */
  readonly #removed: ReadonlyMap<SigningScheme, Removed>;

  constructor({ keepAuthorization }: ReplyOptions) {
    this.#removed = new Map(
      SCHEMES.map((scheme) => {
        const names = [PARTIAL_BODY_HEADER, ...(keepAuthorization ? [] : scheme.credentialHeaders)];
        return [scheme, { names, part: removing(names, []) }];
      }),
    );
  }

  /** The upstream gets who called, and nothing of our header prefix that the client sent. */
  answer(decision: Allow, attributes: CheckAttributes): Buffer {
    const requestId = requestIdOf(attributes);
    const template = requestIdTemplate(requestId);
    const [key, api, variant] = this.#identity.parts(decision);
    const own = clientsOwn(attributes);
    const { names, part } = this.#removed.get(decision.authenticated.scheme) ?? NOTHING;
    const removed = own.length === 0 ? part : removing([...own, ...names], [key, api, variant, template]);
    return encodeOk([key, api, variant, removed], template, requestId);
  }

  /**
   * In Shadow mode the upstream gets the code of the decision, and the identity only if the decision allows the request.
   * Authorization stays: another component may authenticate the request by it.
   */
  shadow(code: DecisionCode, decision: Decision | undefined, attributes: CheckAttributes): Buffer {
    const requestId = requestIdOf(attributes);
    const template = requestIdTemplate(requestId);
    const identity = decision?.kind === "allow" ? this.#identity.parts(decision) : [];
    const caller = decision?.kind === "deny" ? decision.caller : undefined;
    const parts = [...identity, shadowPart(code, caller)];
    const removed = removing([...clientsOwn(attributes), PARTIAL_BODY_HEADER], [...parts, template]);
    return encodeOk([...parts, removed], template, requestId);
  }
}

/** The content of a denial's reply: the detail, the wording and the identity. */
export interface Refusal {
  readonly denial: Pick<Denial, "status" | "code" | "message">;
  readonly voice: Voice;
  /** Once the signature has verified. */
  readonly caller?: Caller | undefined;
}

const DENIED = new DeniedReplies();

/** The one way to deny a request. Whatever happened, Envoy gets a status of 400 or above. */
export function deny(refusal: Refusal, attributes: CheckAttributes | undefined): Buffer {
  const requestId = attributes ? requestIdOf(attributes) : "";
  const { denial, voice, caller } = refusal;
  if (caller) return encodedDenial(refusal, requestId);
  return DENIED.reply({ ...denial, voice }, requestId, (id) => encodedDenial(refusal, id));
}

function encodedDenial({ denial, voice, caller }: Refusal, requestId: string): Buffer {
  const headers = new Map([["content-type", "application/json"], ...voice.headers(denial, requestId)]);
  if (requestId !== "") headers.set(REQUEST_ID_HEADER, requestId);
  if (denial.status === 401) headers.set("www-authenticate", voice.challenge);
  return encodeDenied({
    status: denial.status,
    headers,
    body: voice.body(denial, requestId),
    metadata: deniedMetadata(denial.code, caller),
  });
}

/** Every header of our prefix that the client sent, in either shape. */
function clientsOwn({ headers, headerMap }: CheckAttributes): readonly string[] {
  const mapped = headers.namesWithPrefix(HEADER_PREFIX);
  const raw = headerMap.namesWithPrefix(HEADER_PREFIX);
  return mapped.length + raw.length === 0 ? mapped : [...new Set([...mapped, ...raw])];
}
