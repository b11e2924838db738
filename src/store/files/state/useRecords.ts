import { field, number, parseJson } from "../../../base/json.ts";
import type { UseRecord } from "../../store.ts";
import { type StateDirectory, USE_FOLDER } from "./stateDirectory.ts";

/** The name of the record in its folder. */
const NAME = "record";

/** The record of last use in the state directory. While standalone does not run no request is allowed, so the record continues until now. */
export function readUse(state: StateDirectory, now: number): UseRecord | undefined {
  for (const [name, text] of state.records(USE_FOLDER)) {
    const since = number(field(parseJson(text), "since"));
    if (name === NAME && since !== undefined) return { since, until: now };
  }
  return undefined;
}

/** Durable with the next commit. */
export function writeUse(state: StateDirectory, { since }: UseRecord): void {
  state.write(`${USE_FOLDER}/${NAME}`, JSON.stringify({ since }));
}

/** Without recording, there is nothing to continue later. Durable with the next commit. */
export function removeUse(state: StateDirectory): void {
  for (const [name] of state.records(USE_FOLDER)) state.remove(`${USE_FOLDER}/${name}`);
}
