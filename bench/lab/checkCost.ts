import { OPEN_VARIANTS } from "../../src/api/vocabulary.ts";
import { Allowance } from "../../src/base/allowance.ts";
import { ProjectionIndex } from "../../src/policy/index/projectionIndex.ts";
import { createChecker } from "../../src/verifier/checker.ts";
import { KeyMemory } from "../../src/verifier/keyMemory.ts";
import { MemoryNonces } from "../../src/verifier/nonces/memoryNonces.ts";
import { NOW, rawShape, type Sent, signedLines } from "../../test/support/checks.ts";
import { application, domain, grant, key, settings, stored } from "../../test/support/documents.ts";
import { encodeCheck } from "../../test/support/envoyProtos.ts";
import { median } from "../statistics.ts";

/** A request for which Applications differ in what they open: this one opens every variant of signing. */
const OPEN_KEY = "APIDopen";
const KEY = "APIDmobile";
const MEASURE_MS = 250;
const LEAST_RUNS = 5;
const OPTIONS = { keepAuthorization: false, maxRequestBytes: 2 ** 25, errorDetail: "full" } as const;

export interface CostOptions {
  /** Sent by the Application that opens every variant. */
  readonly isOpen?: boolean;
  /** Sent with an unknown id. */
  readonly isUnknown?: boolean;
}

/** The time to decode, decide and encode one Check in this process: the median of a quarter of a second of runs, in microseconds. */
export async function checkCost(
  sent: Sent,
  { isOpen = false, isUnknown = false }: CostOptions = {},
): Promise<number> {
  const bytes = encodeCheck(
    rawShape(
      sent,
      signedLines(sent).map(([name, value]) => [name, value.replace(KEY, keyOf(isOpen, isUnknown))]),
    ),
  );
  const index = world();
  const times: number[] = [];
  for (const end = performance.now() + MEASURE_MS; performance.now() < end || times.length < LEAST_RUNS; ) {
    const check = checkerOver(index);
    const began = performance.now();
    // A large body is hashed in slices, so its decision comes later.
    const checked = check({ message: bytes, deadline: Number.POSITIVE_INFINITY, isOver: false });
    if (checked instanceof Promise) await checked;
    times.push((performance.now() - began) * 1_000);
  }
  return median(times);
}

/** Without what earlier runs left in the index: nothing is cheap because the key failed before. */
function checkerOver(index: ProjectionIndex) {
  for (const apiAppKey of [OPEN_KEY, KEY]) {
    const entry = index.applications.key(apiAppKey, NOW);
    if (entry) entry.notes = undefined;
  }
  return createChecker(
    {
      index,
      memory: new KeyMemory(),
      nearMisses: new Allowance(0),
      nonces: new MemoryNonces(() => NOW),
      isReady: () => true,
      now: () => NOW,
      onError: (error) => {
        throw error;
      },
    },
    OPTIONS,
  );
}

function keyOf(isOpen: boolean, isUnknown: boolean): string {
  if (isUnknown) return "APIDnobody";
  return isOpen ? OPEN_KEY : KEY;
}

function world(): ProjectionIndex {
  const index = new ProjectionIndex();
  const open = application({
    ...{ uid: "open", name: "open", applicationId: "app-open0000" },
    schemes: { Tencent: settings({ openVariants: [...OPEN_VARIANTS] }) },
    keys: [key({ apiAppKey: OPEN_KEY })],
  });
  const callers = [application(), open];
  const apis = grant().apis.map((api) => ({ ...api, paths: [{ type: "PathPrefix" as const, value: "/" }] }));
  const applications = callers.map(({ name }) => ({ kind: "name", name }) as const);
  for (const document of [...callers, grant({ apis, applications }), domain()])
    index.upsert(stored(document));
  return index;
}
