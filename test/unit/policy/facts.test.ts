import { describe, expect, test } from "@jest/globals";
import { Facts, placeOf, signingContextOf } from "../../../src/policy/facts.ts";
import { HeaderBlock } from "../../../src/signing/request.ts";
import { indexOf, NOW } from "../../support/decisions.ts";
import { application, domain } from "../../support/documents.ts";

const DOMAIN = domain({
  environments: [
    { name: "release", pathPrefix: "/" },
    { name: "test", pathPrefix: "/test" },
    { name: "prepub", pathPrefix: "/prepub" },
  ],
});

function factsOf(path: string, authority = "api.shop.example.com"): Facts {
  const request = {
    method: "GET",
    path,
    authority,
    headers: HeaderBlock.of([]),
    body: { kind: "none" },
  } as const;
  return new Facts({ request, context: new Map() }, indexOf([application(), DOMAIN]), NOW, () => ({}));
}

describe("the place of a request", () => {
  const cases: Record<string, [Facts, object | undefined]> = {
    "is the environment of its path, and the rest of the path": [
      factsOf("/test/orders?a=/prepub"),
      { environment: "test", pathPrefix: "/test", rest: "/orders" },
    ],
    "is found by the host in any spelling": [
      factsOf("/orders", "API.shop.example.com.:443"),
      { environment: "release", pathPrefix: "/", rest: "/orders" },
    ],
    "is undefined if no ApiDomain covers the host": [factsOf("/orders", "other.example.com"), undefined],
    "is undefined if the authority names no host": [factsOf("/orders", "a,b"), undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [facts, place]) => {
    expect(placeOf(facts)).toEqual(place);
  });

  test("can be asked for another path", () => {
    expect(placeOf(factsOf("/orders"), "/prepub/orders")?.environment).toBe("prepub");
  });
});

describe("the signing context of a request", () => {
  /** As the checks do: the key and the place are found before the signature is looked at. */
  function contextOf(facts: Facts) {
    const key = facts.index.applications.key("APIDmobile", NOW);
    if (!key) throw new Error("the Application has this key");
    facts.place = placeOf(facts);
    return signingContextOf(facts, key);
  }
  const { parameters, openVariants } = application().signing;

  test("has the prefix of its environment, all prefixes of the host, and the Application's settings", () => {
    expect(contextOf(factsOf("/test/orders"))).toEqual({
      environmentPrefix: "/test",
      environmentPrefixes: ["/test", "/prepub"],
      parameters,
      openVariants,
    });
  });

  test("has an empty prefix in the environment of /", () => {
    expect(contextOf(factsOf("/orders")).environmentPrefix).toBe("");
  });

  test("has no prefixes if no ApiDomain covers the host", () => {
    expect(contextOf(factsOf("/test/orders", "other.example.com"))).toMatchObject({
      environmentPrefix: "",
      environmentPrefixes: [],
    });
  });
});
