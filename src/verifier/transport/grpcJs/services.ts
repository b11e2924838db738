import type { ServiceDefinition } from "@grpc/grpc-js";
import { AUTHORIZATION_SERVICE } from "../../../api/envoy.ts";

/** Messages are handed over as bytes: what is read of them is read elsewhere. */
const bytes = (value: Buffer) => value;

const method = (path: string, responseStream: boolean) => ({
  path,
  requestStream: false,
  responseStream,
  requestSerialize: bytes,
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
});

export const AUTHORIZATION: ServiceDefinition = {
  Check: method(`/${AUTHORIZATION_SERVICE}/Check`, false),
};

export const HEALTH: ServiceDefinition = {
  Check: method("/grpc.health.v1.Health/Check", false),
  Watch: method("/grpc.health.v1.Health/Watch", true),
};
