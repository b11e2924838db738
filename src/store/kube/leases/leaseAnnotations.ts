import { VERIFIER_ANNOTATIONS } from "../../../api/names.ts";
import type { VerifierProcess } from "../../store.ts";

/** The annotations by which a verifier's Lease names its process. */
export function processAnnotations({
  pod,
  node,
  version,
}: VerifierProcess): Readonly<Record<string, string>> {
  const { podNamespace, podName, podUid } = VERIFIER_ANNOTATIONS;
  return {
    ...(pod ? { [podNamespace]: pod.namespace, [podName]: pod.name, [podUid]: pod.uid } : {}),
    ...(node ? { [VERIFIER_ANNOTATIONS.node]: node } : {}),
    ...(version ? { [VERIFIER_ANNOTATIONS.version]: version } : {}),
  };
}

/** The process that a verifier's Lease names in its annotations. */
export function readProcess(annotations: Readonly<Record<string, string>> = {}): VerifierProcess {
  const { podNamespace, podName, podUid } = VERIFIER_ANNOTATIONS;
  const { [podNamespace]: namespace, [podName]: name, [podUid]: uid } = annotations;
  const { [VERIFIER_ANNOTATIONS.node]: node, [VERIFIER_ANNOTATIONS.version]: version } = annotations;
  return {
    ...(namespace && name && uid ? { pod: { namespace, name, uid } } : {}),
    ...(node ? { node } : {}),
    ...(version ? { version } : {}),
  };
}
