import { check } from "./check.ts";
import { envoy } from "./envoy.ts";
import { latency } from "./latency.ts";
import { memory } from "./memory.ts";
import { operator } from "./operator.ts";
import type { Part } from "./part.ts";
import { propagation } from "./propagation.ts";
import { refusals } from "./refusals.ts";
import { scale } from "./scale.ts";
import { schemes } from "./schemes.ts";
import { start } from "./start.ts";

/** The parts of the suite, in the order in which they run: later ones use servers that earlier ones have started. */
export const PARTS: readonly Part[] = [
  check,
  refusals,
  latency,
  envoy,
  propagation,
  operator,
  start,
  scale,
  memory,
  schemes,
];
