import { API_VERSION, CREDENTIAL_KEYS, LABEL_CREDENTIALS, SECRET_TYPES } from "../../../api/names.ts";
import type { CredentialsContent } from "../../store.ts";

/**
 * Text that YAML 1.1 and 1.2 read as text without quotes: scripts look for it with grep. A word that is a boolean or null in some spelling
 * has fewer letters; behind a digit, no number or time has one of these letters.
 */
const PLAIN = /^(?=.{6})(?:[A-Za-z]|[0-9](?=.*[g-np-wyzG-NP-WYZ]))[A-Za-z0-9_./-]*$/;

/**
 * A credentials Secret's manifest as YAML, with readable values, as `countersign sign --credentials` accepts it. A text of its own,
 * since the YAML library takes 0.3 ms for each, a tenth of the first start with 10,000 Applications.
 */
export function credentialsManifest(content: CredentialsContent): string {
  const { name, namespace, owner, applicationId, apiAppKey, apiAppSecret } = content;
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${scalar(name)}
  namespace: ${scalar(namespace)}
  labels:
    ${LABEL_CREDENTIALS}: "true"
  ownerReferences:
    - apiVersion: ${API_VERSION}
      kind: ${owner.kind}
      name: ${scalar(owner.name)}
      uid: ${scalar(owner.uid)}
type: ${SECRET_TYPES.Credentials}
stringData:
  ${CREDENTIAL_KEYS.id}: ${scalar(applicationId)}
  ${CREDENTIAL_KEYS.key}: ${scalar(apiAppKey)}
  ${CREDENTIAL_KEYS.secret}: ${scalar(apiAppSecret.reveal())}
`;
}

/** JSON's text in quotes is YAML's, except for characters that are line ends in YAML 1.1. */
function scalar(text: string): string {
  if (PLAIN.test(text)) return text;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
