import { describe, expect, test } from "@jest/globals";
import { type Address, addressOfUrl, addressText, parseAddress } from "../../../src/base/address.ts";

describe("an address", () => {
  const cases: Record<string, [string, Address | undefined]> = {
    "host and port": ["localhost:9001", { host: "localhost", port: 9001 }],
    "an IPv6 literal in brackets": ["[::1]:9001", { host: "::1", port: 9001 }],
    "a port alone means every interface": [":8080", { host: "0.0.0.0", port: 8080 }],
    "port 0, for one that the system picks": ["127.0.0.1:0", { host: "127.0.0.1", port: 0 }],
    "no port is refused": ["localhost", undefined],
    "a port out of range is refused": ["localhost:70000", undefined],
    "an IPv6 literal without brackets is refused": ["::1:9001", undefined],
    "a URL is refused": ["http://localhost:9001", undefined],
    "blanks are refused": ["local host:9001", undefined],
  };
  test.each(Object.entries(cases))("%s", (_, [given, expected]) => {
    expect(parseAddress(given)).toEqual(expected);
  });

  test.each(["localhost:9001", "127.0.0.1:0", "[::1]:9001"])(
    "%s is read and written unchanged",
    (written) => {
      const address = parseAddress(written);
      expect(address && addressText(address)).toBe(written);
    },
  );
});

describe("the address of a URL", () => {
  const cases: Record<string, [string, Address]> = {
    "has the URL's port": ["http://shop.example.com:8080", { host: "shop.example.com", port: 8080 }],
    "has port 80 for http": ["http://shop.example.com", { host: "shop.example.com", port: 80 }],
    "has port 443 for https": ["https://shop.example.com", { host: "shop.example.com", port: 443 }],
    "has an IPv6 literal without brackets": ["http://[::1]:8080", { host: "::1", port: 8080 }],
  };
  test.each(Object.entries(cases))("%s", (_, [url, expected]) => {
    expect(addressOfUrl(new URL(url))).toEqual(expected);
  });
});
