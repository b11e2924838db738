import { BUNDLE, bundle } from "../../scripts/bundle.ts";

/** Handed down to the processes that run the tests, and never set by hand. */
const MADE = "COUNTERSIGN_BUNDLE_MADE";

/** Makes the program's bundle for this process and those that it starts. jest calls it once before its first test. */
export async function makeBundle(): Promise<void> {
  await bundle();
  process.env[MADE] = BUNDLE;
}

export default makeBundle;

/** The path of the bundle. Throws where this run has not made it, since it might be of other sources. */
export function freshBundle(): string {
  const made = process.env[MADE];
  if (made !== BUNDLE) throw new Error("the bundle is not of this run: call makeBundle first");
  return made;
}
