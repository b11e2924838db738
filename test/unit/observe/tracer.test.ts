import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { registeredTracer, traced } from "../../../src/observe/tracer.ts";

const exporter = new InMemorySpanExporter();
beforeEach(() => {
  const spanProcessors = [new SimpleSpanProcessor(exporter)];
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
});
afterEach(() => {
  trace.disable();
  context.disable();
  exporter.reset();
});

const never = () => false;

test("work is done in a span that is the parent of what it does", async () => {
  const inner = () => traced("inner", {}, async () => 1, never);
  expect(await traced("outer", { "countersign.kind": "ApiGrant" }, inner, never)).toBe(1);
  const [child, parent] = exporter.getFinishedSpans();
  expect(child?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
  expect(parent?.attributes).toEqual({ "countersign.kind": "ApiGrant" });
});

test("a result that is a failure, and work that throws, end the span", async () => {
  await traced(
    "failed",
    {},
    async () => "failed",
    (result) => result === "failed",
  );
  await expect(traced("threw", {}, () => Promise.reject(new Error("boom")), never)).rejects.toThrow("boom");
  expect(exporter.getFinishedSpans().map(({ name, status }) => [name, status.code])).toEqual([
    ["failed", 2],
    ["threw", 0],
  ]);
});

test("without an SDK the work is done, and there is no tracer", async () => {
  trace.disable();
  expect(registeredTracer()).toBeUndefined();
  expect(await traced("outer", {}, async () => 2, never)).toBe(2);
  expect(exporter.getFinishedSpans()).toEqual([]);
});
