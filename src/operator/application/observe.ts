import type { Application, ApplicationSpec } from "../../api/application.ts";
import { objectKey, SECRET_TYPES } from "../../api/names.ts";
import { type Validated, validateApplication } from "../../api/validation/validate.ts";
import type { ApplicationProjection, Projection } from "../../projection/documents.ts";
import type { SecretObject } from "../../store/store.ts";
import type { Deps } from "../deps.ts";
import type { DocumentIndex } from "../index/documentIndex.ts";
import { takesEffectAt } from "../index/hosts.ts";
import { defaultSecretName } from "../index/secretIndex.ts";
import { useOfApplication } from "../lastUse/usedObjects.ts";
import { gatherCommon } from "../plan/gather.ts";
import { nextChange } from "../plan/lifetime.ts";
import { validateOnce } from "../plan/validateOnce.ts";
import { collectionKeyOf, projectionNameOf, type Subject, workKey } from "../subject.ts";
import { drawFresh } from "./freshPair.ts";
import type { GrantsNow, ObservedApplication } from "./observed.ts";

const validate = validateOnce(validateApplication);
const MAX_GRANTS = 50;
const NO_GRANTS: GrantsNow = { status: { count: 0, items: [] }, until: Number.POSITIVE_INFINITY };

/** Gathers the input of an Application's plan, from caches only. */
export function observeApplication(deps: Deps, subject: Subject): ObservedApplication {
  const { store, documents, ports } = deps;
  const key = collectionKeyOf(subject);
  const object = store.applications.get(key);
  const validated = object && validate(object);
  const common = gatherCommon(deps, subject, object, isApplication);
  const name = projectionNameOf(subject);
  const isForeign = (value: string) => documents.applications.isForeign(value, name);
  const application = documents.applications.living(name);
  const secrets = secretsOf(deps, subject, object, validated);
  return {
    ...common,
    validated,
    lost: common.projection ? undefined : lostOf(documents.lost(name), object),
    fresh: drawFresh(ports.random, isForeign),
    ...secrets,
    isForeignKey: (apiAppKey) => {
      const foreign = isForeign(apiAppKey);
      if (foreign) documents.applications.awaitKey(apiAppKey, workKey("Application", key));
      return foreign;
    },
    use: useOfApplication(deps, subject, object, common.projection?.document),
    grants: application ? grantsOf(application, documents, common.times.now) : NO_GRANTS,
  };
}

/** Only its own: the lost document of another object of the same name is not taken over. */
function lostOf(lost: ApplicationProjection | undefined, object: Application | undefined) {
  return lost && lost.uid === object?.metadata.uid ? lost : undefined;
}

function secretsOf(
  { store, secrets, memory, ports }: Deps,
  { namespace, name }: Subject,
  object: Application | undefined,
  validated: Validated<ApplicationSpec> | undefined,
) {
  const credentials = validated?.ok ? validated.spec.credentials : undefined;
  const wanted = objectKey(namespace, credentials?.secretName ?? defaultSecretName(name));
  const owned = object
    ? [...secrets.ownedBy(object.metadata.uid)].filter((key) => key !== wanted).sort()
    : [];
  const from = credentials?.importFrom?.name;
  const secret = store.secrets.get(wanted);
  if (secret) memory.free(wanted);
  return {
    credentials: secret,
    credentialsTaken: memory.isTaken(wanted, ports.clock.monotonic()),
    formerCredentials: owned.map((key) => store.secrets.get(key)).filter(isCredentials),
    importFrom: from === undefined ? undefined : store.secrets.get(objectKey(namespace, from)),
  };
}

/** The grants that are in force for the Application now, each with its APIs that take effect on at least one host. */
function grantsOf(application: ApplicationProjection, documents: DocumentIndex, now: number): GrantsNow {
  const all = [...documents.grants.meantFor(application)];
  const items = all
    .filter((grant) => grant.isInForce(now))
    .map(({ document }) => ({
      grant: objectKey(document.namespace, document.name),
      environment: document.environment,
      apis: document.apis.filter(({ hosts }) =>
        hosts.some((host) => takesEffectAt(documents, document, host)),
      ),
    }))
    .filter(({ apis }) => apis.length > 0)
    .map((item) => ({ ...item, apis: item.apis.map(({ name }) => name) }))
    .sort((a, b) => (a.grant < b.grant ? -1 : 1));
  const until = Math.min(...all.map(({ document }) => nextChange(document, now)), Number.POSITIVE_INFINITY);
  return { status: { count: items.length, items: items.slice(0, MAX_GRANTS) }, until };
}

function isApplication(document: Projection): document is ApplicationProjection {
  return document.kind === "Application";
}

/** The operator deletes only Secrets of its own type: a Secret of another type was created by a user, whatever its ownerReferences are. */
function isCredentials(secret: SecretObject | undefined): secret is SecretObject {
  return secret?.type === SECRET_TYPES.Credentials;
}
