import { Allowance } from "../../src/base/allowance.ts";
import type { Clock } from "../../src/base/clock.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { ProjectionIndex } from "../../src/policy/index/projectionIndex.ts";
import { schemeNamed } from "../../src/signing/scheme.ts";
import { createChecker } from "../../src/verifier/checker.ts";
import { KeyMemory } from "../../src/verifier/keyMemory.ts";
import { MemoryNonces } from "../../src/verifier/nonces/memoryNonces.ts";
import { checkNow, rawShape } from "../support/checks.ts";
import { decodeResponse, encodeCheck } from "../support/envoyProtos.ts";
import type { Answer, Line } from "./line.ts";

/** The machine's clock, whose wall time is ahead by what has passed in the test. */
export class ShiftedClock implements Clock {
  #shift = 0;

  wall(): number {
    return systemClock.wall() + this.#shift;
  }

  monotonic(): number {
    return systemClock.monotonic();
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  pass(ms: number): void {
    this.#shift += ms;
  }
}

const NO_DEADLINE = Number.POSITIVE_INFINITY;

/** Signs calls, and has them decided over an index as the gRPC port does: from the bytes of a Check to those of its answer. */
export function asking(
  index: ProjectionIndex,
  isReady: () => boolean,
  now: () => number,
): (...args: Parameters<Line["ask"]>) => Answer {
  const checker = createChecker(
    {
      index,
      memory: new KeyMemory(),
      nearMisses: new Allowance(0),
      nonces: new MemoryNonces(now),
      isReady,
      now,
      onError: (error) => {
        throw error;
      },
    },
    { keepAuthorization: false, maxRequestBytes: 1_000, errorDetail: "full" },
  );
  return ({ host, path }, { key, secret }) => {
    const request = { method: "GET", path, authority: host, headers: [] };
    const { headers } = schemeNamed("Tencent").sign(
      request,
      { keyId: key, secret, algorithm: "hmac-sha256" },
      new Date(now()),
    );
    const check = encodeCheck(rawShape({ host, path }, headers));
    const { status, okResponse, deniedResponse } = decodeResponse(
      checkNow(checker, check, NO_DEADLINE).answer,
    );
    if (status?.code !== 0 || !okResponse) return { verdict: String(deniedResponse?.status?.code) };
    const grant = okResponse.headers.find((one) => one.header.key === "x-countersign-grant")?.header.value;
    const isShadowed = okResponse.headers.some((one) => one.header.key === "x-countersign-shadow");
    return { verdict: "allowed", isShadowed, ...(grant === undefined ? {} : { grant }) };
  };
}
