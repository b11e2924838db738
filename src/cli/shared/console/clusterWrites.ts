import type { Application } from "../../../api/application.ts";
import { CREDENTIAL_KEYS } from "../../../api/names.ts";
import { field } from "../../../base/json.ts";
import type { PlannedWrite, WriteResult } from "../../../console/actions/write.ts";
import type { SecretAnswer } from "../../../console/view/secret.ts";
import { statusOf } from "../../../store/kube/apiStatus.ts";
import type { Connection } from "../../../store/kube/connection.ts";
import { decodeSecret, rawObject } from "../../../store/kube/objects.ts";
import { kindPath, objectPath, secretsPath } from "../../../store/kube/paths.ts";
import { MERGE_PATCH } from "../../../store/kube/writer.ts";
import { StoreUnavailable } from "../../../store/store.ts";

/** In managedFields, which name the writer of each field. */
const FIELD_MANAGER = "countersign-console";

/** Writes with the viewer's rights. Throws StoreUnavailable if the API server does not respond. */
export async function writeToCluster(
  connection: Connection,
  { kind, namespace, name, method, body }: PlannedWrite,
  isDryRun: boolean,
): Promise<WriteResult> {
  const all = kindPath(kind, namespace);
  const answer = await connection.request(method, method === "POST" ? all : objectPath(all, name), {
    query: { fieldManager: FIELD_MANAGER, fieldValidation: "Strict", ...(isDryRun ? { dryRun: "All" } : {}) },
    body,
    ...(method === "PATCH" ? { contentType: MERGE_PATCH } : {}),
  });
  if (answer.status >= 200 && answer.status < 300)
    return { ok: true, generation: Number(field(field(answer.body, "metadata"), "generation") ?? 0) };
  if (answer.status >= 500) throw new StoreUnavailable(`a write returned ${answer.status}`);
  const reason = answer.status === 403 ? "forbidden" : answer.status === 409 ? "conflict" : "refused";
  return { ok: false, reason, message: statusOf(answer.body).message.slice(0, 1_000) };
}

/** Reads the credentials Secret of an Application with the viewer's rights. */
export async function readSecret(
  connection: Connection,
  { metadata, status }: Application,
  user: string,
): Promise<SecretAnswer> {
  const { namespace = "" } = metadata;
  const name = status?.secretName;
  if (name === undefined) return { kind: "missing" };
  const { status: code, body } = await connection.request("GET", objectPath(secretsPath(namespace), name));
  if (code === 403) {
    const role = `${name}-reader`;
    const commands = [
      `kubectl create role ${role} -n ${namespace} --verb=get --resource=secrets --resource-name=${name}`,
      `kubectl create rolebinding ${role} -n ${namespace} --role=${role} --user='${user}'`,
    ];
    return { kind: "gap", gap: { resource: `secret ${namespace}/${name}`, reason: "forbidden", commands } };
  }
  const raw = rawObject(body);
  const data = code === 200 && raw ? decodeSecret(raw).value.data : undefined;
  const [key, secret] = [data?.get(CREDENTIAL_KEYS.key), data?.get(CREDENTIAL_KEYS.secret)];
  if (!key || !secret) return { kind: "missing" };
  return { kind: "secret", apiAppKey: key.reveal(), apiAppSecret: secret.reveal() };
}
