import type { Connection } from "../../../store/kube/connection.ts";
import { objectPath, podsPath } from "../../../store/kube/paths.ts";
import { readNow } from "../../../store/kube/watch/list.ts";

/**
 * When the Pod of this process was created, by the API server's clock (epoch milliseconds). Undefined outside a Pod of
 * `namespace`. Throws StoreUnavailable when the Pod cannot be read.
 */
export async function podCreatedAt(
  connection: Connection,
  namespace: string,
  { POD_NAME, POD_NAMESPACE, POD_UID }: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  if (!POD_NAME || POD_NAMESPACE !== namespace) return undefined;
  const pod = await readNow(connection, objectPath(podsPath(namespace), POD_NAME));
  if (!pod || pod.metadata.uid !== POD_UID) return undefined;
  const time = Date.parse(pod.metadata.creationTimestamp);
  return Number.isFinite(time) ? time : undefined;
}
