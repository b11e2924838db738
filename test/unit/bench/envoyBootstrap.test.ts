import { expect, test } from "@jest/globals";
import { benchBootstrap } from "../../../bench/lab/envoyBootstrap.ts";

const ROUTER = { name: "envoy.filters.http.router" };
const CHECK = { name: "envoy.filters.http.ext_authz", typed_config: { timeout: "1s" } };
const BOOTSTRAP = {
  listeners: [
    {
      access_log: [{ name: "stdout" }],
      routes: [{ match: { prefix: "/" }, route: { cluster: "upstream" } }],
      http_filters: [CHECK, ROUTER],
    },
  ],
};
const routes = [{ match: { prefix: "/" }, direct_response: { status: 200 } }];

test("in a benchmark Envoy replies itself and writes no access log", () => {
  expect(benchBootstrap(BOOTSTRAP, true)).toEqual({ listeners: [{ routes, http_filters: [CHECK, ROUTER] }] });
});

test("Envoy asks no verifier where the benchmark wants to know its own rate", () => {
  expect(benchBootstrap(BOOTSTRAP, false)).toEqual({ listeners: [{ routes, http_filters: [ROUTER] }] });
});
