import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { stringify } from "yaml";
import { fromManifest, readCredentials } from "../../../../../src/cli/shared/flags/credentialFlags.ts";
import { temporaryFolder } from "../../../../support/temporaryFolder.ts";

const SECRET = "Dc44ACV2Da3Gm9JVaaaaaaaaumYRI4CZfVG8Qiuv";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const data = (secret: string, key = "APIDx") =>
  stringify({ kind: "Secret", data: { ApiAppKey: base64(key), ApiAppSecret: base64(secret) } });

describe("a key pair with which no signature would match is refused", () => {
  const cases: Record<string, [string, RegExp]> = {
    "as kubectl create secret --from-file makes it": [
      data(`${SECRET}\n`),
      /^pair\.yaml: the ApiAppSecret ends with a line feed: .*--from-literal/,
    ],
    "with a secret that was encoded twice": [data(base64(SECRET)), /^pair\.yaml: .*encoded twice/],
    "as a block of YAML": [
      `stringData: {ApiAppKey: APIDx}\n`.replace("}", `, ApiAppSecret: "${SECRET}\\n"}`),
      /ends with a line feed/,
    ],
    "with a line end behind the key": [data(SECRET, "APIDx\n"), /^pair\.yaml: ApiAppKey must be/],
  };
  test.each(Object.entries(cases))("%s", (_, [manifest, message]) => {
    expect(() => fromManifest(manifest, "pair.yaml")).toThrow(message);
  });
});

test.each([
  ["a Secret of YAML", data(SECRET)],
  ["a Secret of JSON", JSON.stringify({ stringData: { ApiAppKey: "APIDx", ApiAppSecret: SECRET } })],
  [
    "a List with one Secret",
    stringify({ kind: "List", items: [{ stringData: { ApiAppKey: "APIDx", ApiAppSecret: SECRET } }] }),
  ],
])("%s holds the key pair", (_, manifest) => {
  const { keyId, secret } = fromManifest(manifest, "pair.yaml");
  expect([keyId, secret.reveal()]).toEqual(["APIDx", SECRET]);
});

describe("a manifest without one key pair is refused", () => {
  const cases: Record<string, [manifest: string, message: RegExp]> = {
    "that is no YAML, without quoting it": [
      `data:\n  ApiAppSecret: "${SECRET}`,
      /^pair\.yaml is not valid YAML of a Secret \(line 2\)$/,
    ],
    "that holds no object": [SECRET, /^pair\.yaml is not valid YAML of a Secret \(line 1\)$/],
    "that is empty": ["", /^pair\.yaml holds no Secret with ApiAppKey and ApiAppSecret$/],
    "with several objects": [`${data(SECRET)}---\n${data(SECRET)}`, /^pair\.yaml holds no Secret/],
    "with a secret that is a number in YAML": [
      "stringData: {ApiAppKey: APIDx, ApiAppSecret: 123456789012345678901234567890}",
      /^pair\.yaml holds no Secret/,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [manifest, message]) => {
    expect(() => fromManifest(manifest, "pair.yaml")).toThrow(message);
  });
});

describe("the file of a secret", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder("credentials");
  });
  const read = async (text: string) => {
    const secretFile = join(folder, "secret");
    await writeFile(secretFile, text);
    return await readCredentials({ keyId: "APIDx", secretFile });
  };

  test("may end with a line end, as files do", async () => {
    expect((await read(`${SECRET}\r\n`)).secret.reveal()).toBe(SECRET);
  });

  test("must not begin with a byte order mark", async () => {
    await expect(read(`\ufeff${SECRET}`)).rejects.toThrow(/begins with a byte order mark/);
  });
});

test("a secret of the environment must not end with a blank", async () => {
  process.env.COUNTERSIGN_TEST_SECRET = `${SECRET} `;
  const read = readCredentials({ keyId: "APIDx", secretEnv: "COUNTERSIGN_TEST_SECRET" });
  await expect(read).rejects.toThrow(/^environment variable COUNTERSIGN_TEST_SECRET: .* ends with a blank/);
  delete process.env.COUNTERSIGN_TEST_SECRET;
});
