import { describe, expect, test } from "@jest/globals";
import { signatureInput } from "../../../src/policy/authenticate.ts";
import { placeOf } from "../../../src/policy/place.ts";
import { type Target, targetOf } from "../../../src/policy/request.ts";
import { DEFAULT_SCHEME, HeaderLines } from "../../../src/signing/scheme.ts";
import { indexOf, NOW } from "../../support/decisions.ts";
import { application, settings as defaults, domain } from "../../support/documents.ts";

const DOMAIN = domain({
  environments: [
    { name: "release", pathPrefix: "/" },
    { name: "test", pathPrefix: "/test" },
    { name: "prepub", pathPrefix: "/prepub" },
  ],
});
const INDEX = indexOf([application(), DOMAIN]);

function target(path: string, authority = "api.shop.example.com"): Target {
  const headers = new HeaderLines([]);
  return targetOf({
    request: { method: "GET", path, authority, headers, body: { kind: "none" } },
    context: {},
  });
}

const placeFor = ({ host, path }: Target) => placeOf(INDEX.domains, host, path);

describe("the place of a request", () => {
  const cases: Record<string, [Target, object]> = {
    "is the environment of its path, and the rest of the path": [
      target("/test/orders?a=/prepub"),
      { domain: { document: DOMAIN }, environment: "test", pathPrefix: "/test", rest: "/orders" },
    ],
    "is found by the host in any spelling": [
      target("/orders", "API.shop.example.com.:443"),
      { domain: { document: DOMAIN }, environment: "release", pathPrefix: "/", rest: "/orders" },
    ],
    "is found for another path of the host": [
      { ...target("/orders"), path: "/prepub/orders" },
      { domain: { document: DOMAIN }, environment: "prepub", pathPrefix: "/prepub", rest: "/orders" },
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [asked, place]) => {
    expect(placeFor(asked)).toMatchObject(place);
  });

  test.each([
    ["no ApiDomain covers the host", "other.example.com"],
    ["the authority names no host", "a,b"],
  ])("is undefined if %s", (_, authority) => {
    expect(placeFor(target("/orders", authority))).toBeUndefined();
  });
});

describe("what a scheme verifies has", () => {
  function inputFor(asked: Target) {
    const key = INDEX.applications.key("APIDmobile", NOW);
    if (!key) throw new Error("the Application has this key");
    const presented = { keyId: "APIDmobile", algorithm: "hmac-sha256" };
    return signatureInput(asked, { scheme: DEFAULT_SCHEME, presented, key, place: placeFor(asked) }, INDEX);
  }
  const { parameters, openVariants } = defaults();

  test("the prefix of the request's environment, all prefixes of the host, and the Application's settings", () => {
    const { place, settings } = inputFor(target("/test/orders"));
    expect(place).toEqual({
      environmentPrefix: "/test",
      environmentPrefixes: ["/test", "/prepub"],
      environment: "test",
    });
    expect(settings).toMatchObject({ parameters, openVariants });
  });

  test("an empty prefix in the environment of /", () => {
    expect(inputFor(target("/orders")).place.environmentPrefix).toBe("");
  });

  test("no prefixes if no ApiDomain covers the host", () => {
    expect(inputFor(target("/test/orders", "other.example.com")).place).toEqual({
      environmentPrefix: "",
      environmentPrefixes: [],
    });
  });
});
