import { expect, test } from "@jest/globals";
import { deadlineOf, refusalOf } from "../../../../../src/verifier/transport/http2/admission.ts";

const headers = (more: Readonly<Record<string, string | undefined>>) =>
  new Map(Object.entries({ ":method": "POST", "content-type": "application/grpc", ...more }));

test.each(["application/grpc", "application/grpc+proto", "application/grpc; a=b", "Application/gRPC+json"])(
  "a call with the content type %s is admitted",
  (type) => {
    expect(refusalOf(headers({ "content-type": type }))).toBeUndefined();
  },
);

test.each([
  undefined,
  "",
  "application/grpc-web",
  "application/grpcx",
  "text/html",
  "x application/grpc+proto",
])("a call with the content type %s is refused with 415", (type) => {
  expect(refusalOf(headers({ "content-type": type }))?.headers).toMatchObject({ ":status": "415" });
});

test.each(["GET", "PUT", "CONNECT", "HEAD", "post", undefined])(
  "the method %s is refused with 405",
  (method) => {
    expect(refusalOf(headers({ ":method": method }))?.headers).toEqual({ ":status": "405", allow: "POST" });
  },
);

test("a deadline is the timeout from now, or infinite without one", () => {
  expect(deadlineOf(headers({ "grpc-timeout": "200m" }), () => 1_000)).toBe(1_200);
  expect(deadlineOf(headers({}), () => 1_000)).toBe(Number.POSITIVE_INFINITY);
});

test("a timeout that cannot be read is refused as gRPC's INTERNAL", () => {
  expect(deadlineOf(headers({ "grpc-timeout": "soon" }), () => 0)).toMatchObject({
    headers: { ":status": "200", "grpc-status": "13" },
  });
});
