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

/** The attributes of the span of one Check: no secret, and no value that an untrusted client chose. */
export interface CheckFacts {
  /** `Allowed`, or the code of the denial. */
  readonly code: DecisionCode;
  /** Of a request that was allowed in Shadow mode, whatever the code. */
  readonly enforcement?: "Shadow" | undefined;
  /** From here on undefined until the signature has been verified. */
  readonly application?: string | undefined;
  readonly form?: string | undefined;
  readonly algorithm?: string | undefined;
  /** From here on undefined until the request has been allowed. */
  readonly environment?: string | undefined;
  readonly api?: string | undefined;
  readonly grant?: string | undefined;
}

/** Returns the value of a header by its lower-case name. */
export type HeaderReader = (name: string) => string | undefined;

/** The codes of failures of the verifier. A denial is not a failure. */
const FAILURES: ReadonlySet<DecisionCode> = new Set(["InternalError", "NotReady"]);

const HEADERS: TextMapGetter<HeaderReader> = {
  keys: () => [],
  get: (read, name) => read(name.toLowerCase()),
};

/**
 * Records one span per Check if an OpenTelemetry SDK was registered before (`node --import`). A span is started once the reply is
 * known, so that a sampler sees the code. Times are of `performance.now()`.
 */
export class CheckSpans {
  readonly #tracer = registeredTracer();

  /** The parent is Envoy's span of the Check (`call`), or else that of the request that is checked (`request`). */
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
