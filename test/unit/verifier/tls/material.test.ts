import { beforeAll, describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../src/api/secret.ts";
import { examine, type Files } from "../../../../src/verifier/tls/material.ts";
import { Authority, type Issue } from "../../../support/certificates.ts";

const HOUR = 3_600_000;
let authority: Authority;
let good: Files;
beforeAll(async () => {
  authority = await Authority.create();
  good = await issued({ names: ["verifier.test"] });
});

async function issued(issue: Issue): Promise<Files> {
  const { certificate, key } = await authority.issue(issue);
  return { certificate, key: Secret.of(key), authorities: authority.certificate };
}

const problemOf = (files: Files): string => {
  const examined = examine(files, "/tls", Date.now());
  return examined.ok ? "none" : examined.problem;
};

describe("files of certificates", () => {
  test("that belong together can be used, and show their names and expiry", async () => {
    const files = await issued({ names: ["verifier.test", "spiffe://test/verifier"], endsIn: HOUR });
    const examined = examine(files, "/tls", Date.now());
    if (!examined.ok) throw new Error(examined.problem);
    const { names, certificateExpiry, authoritiesExpiry } = examined.material;
    expect(names).toEqual(["verifier.test", "spiffe://test/verifier"]);
    expect(Math.abs(certificateExpiry - Date.now() - HOUR)).toBeLessThan(60_000);
    expect(Math.abs(authoritiesExpiry - Date.now() - 24 * HOUR)).toBeLessThan(60_000);
  });

  const cases: Record<string, [() => Files | Promise<Files>, string]> = {
    "a key of another certificate is refused": [
      async () => ({ ...good, key: (await issued({})).key }),
      "/tls/tls.key does not belong to /tls/tls.crt: write the two files of one issue",
    ],
    "a malformed key is rejected": [
      () => ({ ...good, key: Secret.of("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n") }),
      "/tls/tls.key holds no private key that can be read: write it in PEM, without a passphrase",
    ],
    "an empty certificate is refused": [
      () => ({ ...good, certificate: "" }),
      "/tls/tls.crt holds no certificate: write it in PEM",
    ],
    "a certificate that was cut off is refused": [
      () => ({ ...good, certificate: good.certificate.slice(0, 200) }),
      "/tls/tls.crt holds no certificate: write it in PEM",
    ],
    "a broken certificate is refused": [
      () => ({ ...good, certificate: good.certificate.replace(/\n[^\n]+\n/, "\nAAAA\n") }),
      "certificate 1 of /tls/tls.crt is broken: write it again, whole",
    ],
    "authorities of which one is broken are refused whole": [
      () => ({
        ...good,
        authorities: `${good.authorities}\n${good.authorities.replace(/\n[^\n]+\n/, "\nAAAA\n")}`,
      }),
      "certificate 2 of /tls/ca.crt is broken: write it again, whole",
    ],
    "a missing authority is rejected: no client could connect": [
      () => ({ ...good, authorities: "\n" }),
      "/tls/ca.crt holds no certificate: write it in PEM",
    ],
    "a certificate that has ended is refused": [() => issued({ endsIn: -1_000 }), "/tls/tls.crt ended on "],
    "a certificate that has not begun is refused": [
      () => issued({ beginsIn: HOUR }),
      "/tls/tls.crt begins on ",
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [files, problem]) => {
    expect(problemOf(await files())).toContain(problem);
  });

  test("no problem shows the key", async () => {
    const key = (await issued({})).key;
    expect(problemOf({ ...good, key })).not.toContain(key.reveal().split("\n")[1]);
    expect(JSON.stringify(good)).toContain('"key":"[redacted]"');
  });
});
