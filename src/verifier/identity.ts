import { HEADER_PREFIX, IDENTITY_NAMES, SHADOW_NAME } from "../api/names.ts";
import type { Allow, Caller } from "../policy/decision.ts";
import { type KeyNotes, notesOf } from "./keyNotes.ts";
import { type OkPart, setting } from "./wire/checkResponse.ts";

/** What the upstream learns of an allowed request, by IDENTITY_NAMES. */
type Identity = Partial<Record<(typeof IDENTITY_NAMES)[number], string | undefined>>;

/**
 * Encodes what an upstream learns of a request. What depends on the key, on the API and on the variant of the string to sign
 * is encoded once each; it goes when the key or the grant goes.
 */
export class IdentityEncoder {
  readonly #ofApi = new WeakMap<object, OkPart>();
  readonly #ofVariant = new WeakMap<object, OkPart>();

  /** The headers of an allowed request, and its metadata. */
  parts(decision: Allow): readonly [OkPart, OkPart, OkPart] {
    const { authenticated, admission } = decision;
    const notes = notesOf(authenticated.key);
    if (notes.fields === "") identify(notes, decision);
    return [
      notes,
      this.#ofApi.get(admission.api) ?? this.#describeApi(decision),
      this.#ofVariant.get(authenticated.variant) ?? this.#describeVariant(decision),
    ];
  }

  #describeApi({ admission, environment, api, grant, plan }: Allow): OkPart {
    const part = encoded({ environment, api, grant, plan });
    this.#ofApi.set(admission.api, part);
    return part;
  }

  #describeVariant({ authenticated, form }: Allow): OkPart {
    const part = encoded({ form });
    this.#ofVariant.set(authenticated.variant, part);
    return part;
  }
}

/** Encodes what an upstream learns of the caller. */
function identify(notes: KeyNotes, { applicationId, application, keyId }: Caller): void {
  const { sets, fields, metadata } = encoded({
    "application-id": applicationId,
    application,
    "key-id": keyId,
  });
  notes.sets = sets;
  notes.fields = fields;
  notes.metadata = metadata;
}

function encoded(identity: Identity): OkPart {
  const values = valuesOf(identity);
  const headers = new Map(values.map(([name, value]) => [`${HEADER_PREFIX}${name}`, value]));
  return setting(headers, metadataOf(values));
}

/** Of a denied request, for rate limits and access logs: its code, and whose it is once the signature has verified. */
export function deniedMetadata(code: string, caller: Caller | undefined): ReadonlyMap<string, string> {
  return metadataOf([...callerValues(caller), ["code", code]]);
}

/** Of a request that is allowed in Shadow mode: the code of the decision as a header, and in the metadata also the caller of a denied one. */
export function shadowPart(code: string, caller: Caller | undefined): OkPart {
  const headers = new Map([[`${HEADER_PREFIX}${SHADOW_NAME}`, code]]);
  return setting(headers, metadataOf([...callerValues(caller), [SHADOW_NAME, code]]));
}

function callerValues(caller: Caller | undefined): Values {
  if (!caller) return [];
  return valuesOf({
    "application-id": caller.applicationId,
    application: caller.application,
    "key-id": caller.keyId,
    form: caller.form,
  });
}

type Values = readonly (readonly [name: string, value: string])[];

function valuesOf(identity: Identity): Values {
  return IDENTITY_NAMES.flatMap((name) => {
    const value = identity[name];
    return value === undefined ? [] : [[name, value] as const];
  });
}

function metadataOf(values: Values): ReadonlyMap<string, string> {
  return new Map(values.map(([name, value]) => [name.replaceAll("-", "_"), value]));
}
