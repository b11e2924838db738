import { type Attributes, ProxyTracerProvider, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";

const NAME = "countersign";

/**
 * The tracer of the OpenTelemetry SDK that the process was started with (`node --import`); undefined without an SDK. The API
 * alone would create spans that are never exported, at a few microseconds each.
 */
export function registeredTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  return provider instanceof ProxyTracerProvider
    ? provider.getDelegateTracer(NAME)
    : provider.getTracer(NAME);
}

/** Runs the work in a span that is active meanwhile. `isFailure` judges the result. */
export async function traced<T>(
  name: string,
  attributes: Attributes,
  work: () => Promise<T>,
  isFailure: (result: T) => boolean,
): Promise<T> {
  const tracer = registeredTracer();
  if (!tracer) return await work();
  return await tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      const result = await work();
      if (isFailure(result)) span.setStatus({ code: SpanStatusCode.ERROR });
      return result;
    } finally {
      span.end();
    }
  });
}
