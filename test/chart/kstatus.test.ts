import { spawn } from "node:child_process";
import { describe, expect, test } from "@jest/globals";
import { applicationAfter, type Outcome, READINESS } from "../cases/readiness.ts";
import { findKstatus } from "../parts/helm.ts";

const STATUS: Readonly<Record<Outcome, readonly string[]>> = {
  waits: ["InProgress", "Terminating"],
  proceeds: ["Current"],
  fails: ["Failed"],
};

/** What the library that Flux and Helm use makes of the object. */
async function kstatusOf(object: object): Promise<string> {
  const child = spawn(await findKstatus(), [], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify([object]));
  let printed = "";
  for await (const chunk of child.stdout) printed += chunk;
  return JSON.parse(printed)[0];
}

describe("kstatus, by which Flux and helm --wait judge,", () => {
  test.each(Object.entries(READINESS).map(([name, [act, outcome]]) => ({ name, act, outcome })))(
    "of $name: the pipeline $outcome",
    async ({ act, outcome }) => {
      expect(STATUS[outcome]).toContain(await kstatusOf(await applicationAfter(act)));
    },
  );
});
