import {
  type Context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  trace,
} from "@opentelemetry/api";
import type { DecisionCode } from "../api/vocabulary.ts";
import { registeredTracer } from "./tracer.ts";

/** What a span says of one Check: nothing secret, and nothing that a stranger chose. */
export interface CheckFacts {
  /** `Allowed`, or the code of the denial. */
  readonly code: DecisionCode;
  /** The rest is known once a signature has verified. */
  readonly application?: string | undefined;
  readonly form?: string | undefined;
  readonly algorithm?: string | undefined;
  /** These once the request was allowed. */
  readonly environment?: string | undefined;
  readonly api?: string | undefined;
  readonly grant?: string | undefined;
}

/** Answers the value of a header by its lower-case name. */
export type HeaderReader = (name: string) => string | undefined;

/** A refusal is an answer; these are faults of the verifier. */
const FAILURES: ReadonlySet<DecisionCode> = new Set(["InternalError", "NotReady"]);

const HEADERS: TextMapGetter<HeaderReader> = {
  keys: () => [],
  get: (read, name) => read(name.toLowerCase()),
};

/**
 * Makes one span a Check, where an OpenTelemetry SDK was registered before (`node --import`); else nothing. A span is made
 * once the answer is known, so that a sampler sees the code. Times are of `performance.now()`.
 */
export class CheckSpans {
  readonly #tracer = registeredTracer();

  /** The parent is Envoy's own span of the Check (`call`), else that of the request that is checked (`request`). */
  record(
    describe: () => {
      readonly facts: CheckFacts;
      readonly call: HeaderReader;
      readonly request: HeaderReader;
    },
    [began, ended]: readonly [began: number, ended: number],
  ): void {
    if (!this.#tracer) return;
    const { facts, call, request } = describe();
    const startTime = performance.timeOrigin + began;
    const attributes = attributesOf(facts);
    const span = this.#tracer.startSpan(
      "countersign.check",
      { kind: SpanKind.SERVER, startTime, attributes },
      parentOf(call) ?? parentOf(request) ?? ROOT_CONTEXT,
    );
    if (FAILURES.has(facts.code)) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(performance.timeOrigin + ended);
  }
}

function parentOf(read: HeaderReader): Context | undefined {
  const context = propagation.extract(ROOT_CONTEXT, read, HEADERS);
  return trace.getSpanContext(context) ? context : undefined;
}

function attributesOf(facts: CheckFacts): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts))
    if (value !== undefined) attributes[`countersign.${name}`] = value;
  return attributes;
}
