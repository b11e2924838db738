import type { Store } from "../store/store.ts";
import type { DocumentIndex } from "./index/documentIndex.ts";
import type { SecretIndex } from "./index/secretIndex.ts";
import type { LastUse } from "./lastUse/lastUse.ts";
import type { OperatorPorts } from "./ports.ts";
import type { Acknowledgements } from "./verifiers/acknowledgements.ts";
import type { WriteMemory } from "./writeMemory.ts";

/** The sources that a plan's input is gathered from. */
export interface Deps {
  readonly store: Store;
  readonly ports: OperatorPorts;
  readonly documents: DocumentIndex;
  readonly secrets: SecretIndex;
  readonly acknowledgements: Acknowledgements;
  readonly memory: WriteMemory;
  /** Undefined if last use is not recorded. */
  readonly lastUse: LastUse | undefined;
}
