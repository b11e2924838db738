import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { propagation, SpanKind, trace } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { type CheckFacts, CheckSpans } from "../../../src/observe/checkSpans.ts";

const exporter = new InMemorySpanExporter();
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const header = (span: string, flags = "01") => `00-${TRACE}-${span}-${flags}`;
const reader = (traceparent?: string) => (name: string) => (name === "traceparent" ? traceparent : undefined);
const ALLOWED: CheckFacts = {
  code: "Allowed",
  application: "team-shop/mobile-app",
  form: "documented",
  algorithm: "hmac-sha256",
  environment: "release",
  api: "team-shop/orders",
  grant: "team-shop/partners",
};

beforeEach(() => {
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  );
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
afterEach(() => {
  trace.disable();
  propagation.disable();
  exporter.reset();
});

const record = (call?: string, request?: string, facts: CheckFacts = ALLOWED) => {
  const from = { facts, call: reader(call), request: reader(request) };
  new CheckSpans().record(() => from, [1_000, 1_002.5]);
  return exporter.getFinishedSpans();
};

test("a span records the decision and its duration", () => {
  const [span] = record();
  expect(span).toMatchObject({ name: "countersign.check", kind: SpanKind.SERVER });
  expect((span?.duration[1] ?? 0) / 1e6).toBeCloseTo(2.5, 2);
  expect(span?.attributes).toEqual({
    "countersign.code": "Allowed",
    "countersign.application": "team-shop/mobile-app",
    "countersign.form": "documented",
    "countersign.algorithm": "hmac-sha256",
    "countersign.environment": "release",
    "countersign.api": "team-shop/orders",
    "countersign.grant": "team-shop/partners",
  });
  expect(span?.parentSpanContext).toBeUndefined();
});

test("its parent is the proxy's own span where there is one, else that of the request", () => {
  record(header("00f067aa0ba902b7"), header("1111111111111111"));
  record(undefined, header("1111111111111111"));
  const spans = exporter.getFinishedSpans();
  expect(spans.map((span) => span.parentSpanContext?.spanId)).toEqual([
    "00f067aa0ba902b7",
    "1111111111111111",
  ]);
  expect(spans.map((span) => span.spanContext().traceId)).toEqual([TRACE, TRACE]);
});

test("a malformed trace context is ignored, and one that is not sampled makes no span", () => {
  const [span] = record(undefined, "00-xyz-1-01");
  expect(span?.parentSpanContext).toBeUndefined();
  exporter.reset();
  expect(record(undefined, header("1111111111111111", "00"))).toEqual([]);
});

test("what is not known is left out, and a failure of ours is an error", () => {
  const [denied] = record(undefined, undefined, { code: "KeyUnknown", application: undefined });
  expect(denied?.attributes).toEqual({ "countersign.code": "KeyUnknown" });
  expect(denied?.status.code).toBe(0);
  exporter.reset();
  const [failed] = record(undefined, undefined, { code: "InternalError" });
  expect(failed?.status.code).toBe(2);
});

test("without an SDK nothing is made", () => {
  trace.disable();
  propagation.disable();
  expect(record(header("00f067aa0ba902b7"))).toEqual([]);
});
