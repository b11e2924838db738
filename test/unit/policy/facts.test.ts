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
    "is the environment of its path, and the path behind the prefix": [
      factsOf("/test/orders?a=/prepub"),
      { environment: "test", pathPrefix: "/test", rest: "/orders" },
    ],
    "is found by the host in any spelling": [
      factsOf("/orders", "API.shop.example.com.:443"),
      { environment: "release", pathPrefix: "/", rest: "/orders" },
    ],
    "is missing where nobody has the host": [factsOf("/orders", "other.example.com"), undefined],
    "is missing where the authority names no host": [factsOf("/orders", "a,b"), undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [facts, place]) => {
    expect(placeOf(facts)).toEqual(place);
  });

  test("of another path is that path's", () => {
    expect(placeOf(factsOf("/orders"), "/prepub/orders")?.environment).toBe("prepub");
  });
});

describe("what the canonicalization knows of a request", () => {
  /** As the checks do: the key and the place are found before the signature is looked at. */
  function contextOf(facts: Facts) {
    const key = facts.index.applications.key("APIDmobile", NOW);
    if (!key) throw new Error("the Application has this key");
    facts.place = placeOf(facts);
    return signingContextOf(facts, key);
  }
  const { parameters, openVariants } = application().signing;

  test("is the prefix of its environment, all prefixes of the host, and the Application's settings", () => {
    expect(contextOf(factsOf("/test/orders"))).toEqual({
      environmentPrefix: "/test",
      environmentPrefixes: ["/test", "/prepub"],
      parameters,
      openVariants,
    });
  });

  test("is no prefix in the environment of /", () => {
    expect(contextOf(factsOf("/orders")).environmentPrefix).toBe("");
  });

  test("is no prefix at all where nobody has the host", () => {
    expect(contextOf(factsOf("/test/orders", "other.example.com"))).toMatchObject({
      environmentPrefix: "",
      environmentPrefixes: [],
    });
  });
});
