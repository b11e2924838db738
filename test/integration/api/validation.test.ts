import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { API_CASES, type ApiCase, objectOf } from "../../cases/apiCases.ts";
import { METADATA_CASES } from "../../cases/metadataCases.ts";
import { SEVERAL_PROBLEMS } from "../../cases/severalProblems.ts";
import { type ApiServer, startApiServer } from "../../support/apiServer.ts";

const PATHS = {
  Application: "namespaces/default/applications",
  ApiGrant: "namespaces/default/apigrants",
  ApiDomain: "apidomains",
};
let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer();
  await server.kubectl(["apply", "--server-side", "-k", "manifests"]);
  await server.crdsServed();
}, 120_000);
afterAll(() => server.stop());

async function call(
  method: string,
  path: string,
  body: object,
  fieldValidation = "Strict",
): Promise<{ status: number; text: string }> {
  const args = [
    "--raw",
    `/apis/countersign.dev/v1alpha1/${path}?fieldValidation=${fieldValidation}`,
    "-f",
    "-",
    "-v",
    "0",
  ];
  try {
    const text = await server.kubectl([method === "POST" ? "create" : "replace", ...args], {
      stdin: JSON.stringify(body),
    });
    return { status: 201, text };
  } catch (error) {
    return { status: 422, text: String(error) };
  }
}

describe("the API server decides as in the table on", () => {
  test.each(Object.entries(API_CASES).map(([title, row], index) => [title, row, index] as const))(
    "%s",
    async (_, row: ApiCase, index) => {
      const name = row.name ?? `case-${index}`;
      const object = objectOf(row, name);
      if (row.old) await call("POST", PATHS[row.kind], objectOf({ ...row, spec: row.old }, name));
      const answer = row.old ? await replace(row, object, name) : await call("POST", PATHS[row.kind], object);
      if (row.refused === undefined) {
        expect(answer.text).toMatch(/^\{/);
        expect(JSON.parse(answer.text).spec).toMatchObject(row.becomes ?? {});
      } else {
        expect(answer.status).toBe(422);
        expect(answer.text).toContain(row.refused);
      }
    },
  );
});

/** The fields that the API server names in its refusal. */
const refusedFields = (text: string) => [
  ...new Set(
    [...text.matchAll(/(spec[\w.[\]]*): (?:Invalid|Required|Unsupported|Duplicate|Too)/g)].map(
      ([, field]) => field,
    ),
  ),
];

describe("of an object with several problems the API server names no field that standalone does not name:", () => {
  test.each(Object.entries(SEVERAL_PROBLEMS))("%s", async (_, { kind, spec, fields }) => {
    const { status, text } = await call("POST", PATHS[kind], objectOf({ kind, spec }, "several"), "Ignore");
    expect(status).toBe(422);
    expect(refusedFields(text)).not.toEqual([]);
    expect(fields).toEqual(expect.arrayContaining(refusedFields(text)));
  });
});

describe("the API server decides about metadata as in the table on", () => {
  const rows = Object.entries(METADATA_CASES).filter(([, { isOursAlone }]) => !isOursAlone);

  test.each(rows)("%s", async (_, { kind = "Application", metadata, problems }) => {
    const domain = { hosts: ["api.example.com"], namespaces: { names: ["team-shop"] } };
    const spec = kind === "ApiDomain" ? domain : {};
    const object =
      kind === "Namespace"
        ? { apiVersion: "v1", kind, metadata }
        : { ...objectOf({ kind, spec }, "x"), metadata: { name: "x", ...metadata } };
    const path =
      kind === "Namespace" ? "/api/v1/namespaces" : `/apis/countersign.dev/v1alpha1/${PATHS[kind]}`;
    const args = ["create", "--raw", `${path}?fieldValidation=Strict&dryRun=All`, "-f", "-", "-v", "0"];
    const answer = await server.kubectl(args, { stdin: JSON.stringify(object) }).catch(String);
    const isAccepted = Object.keys(problems).length === 0;
    expect(answer).toMatch(isAccepted ? /^\{/ : /is invalid|BadRequest|bad request|required/i);
  });
});

async function replace(row: ApiCase, object: { metadata: object }, name: string) {
  const path = `${PATHS[row.kind]}/${name}`;
  const current = JSON.parse(
    await server.kubectl(["get", "--raw", `/apis/countersign.dev/v1alpha1/${path}`]),
  );
  const metadata = { ...object.metadata, resourceVersion: current.metadata.resourceVersion };
  return await call("PUT", path, { ...object, metadata });
}

describe("an object that no operator has seen yet", () => {
  beforeAll(async () => {
    await server.apply("apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: fresh}\n");
  });

  test("is Accepted and Ready Unknown with reason Pending from its first second", async () => {
    const { status } = JSON.parse(await server.kubectl(["get", "application", "fresh", "-o", "json"]));
    expect(
      status.conditions.map((condition: { type: string; status: string; reason: string }) => [
        condition.type,
        condition.status,
        condition.reason,
      ]),
    ).toEqual([
      ["Accepted", "Unknown", "Pending"],
      ["Ready", "Unknown", "Pending"],
    ]);
  });

  test("shows who it is in the columns of kubectl get", async () => {
    const printed = await server.kubectl(["get", "csapp", "fresh", "-o", "wide"]);
    expect(printed).toMatch(
      /NAME +READY +REASON +APPLICATION ID +ACTIVE KEY +SECRET +GRANTS +EXPIRES +CLASS +MESSAGE +AGE/,
    );
    expect(printed).toMatch(/fresh +Unknown +Pending/);
  });

  test("has a status that only the status subresource writes", async () => {
    await server.kubectl([
      "patch",
      "application",
      "fresh",
      "--type=merge",
      "-p",
      '{"status":{"applicationId":"app-forged00"}}',
    ]);
    expect(
      await server.kubectl(["get", "application", "fresh", "-o", "jsonpath={.status.applicationId}"]),
    ).toBe("");
    const patch = [
      "patch",
      "application",
      "fresh",
      "--subresource=status",
      "--type=merge",
      "-p",
      '{"status":{"applicationId":"app-k3v9x0q2"}}',
    ];
    await server.kubectl(patch);
    expect(
      await server.kubectl([
        "get",
        "application",
        "-A",
        "--field-selector=status.applicationId=app-k3v9x0q2",
        "-o",
        "name",
      ]),
    ).toContain("fresh");
  });

  test("is explained field by field", async () => {
    const text = await server.kubectl(["explain", "apigrant.spec.apis.paths.type"]);
    expect(text.replaceAll(/\s+/g, " ")).toContain("the most specific path wins");
  });
});

describe("kubectl apply refuses", () => {
  test("a field that does not exist, by its name", async () => {
    const yaml =
      "apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: typo}\nspec: {suspendd: yes}\n";
    await expect(server.apply(yaml)).rejects.toThrow('unknown field "spec.suspendd"');
  });
});
