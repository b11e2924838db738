import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { YamlDirectory } from "../../../../src/store/files/directory.ts";
import type { SecretContent } from "../../../../src/store/files/secretContent.ts";
import { StateDirectory } from "../../../../src/store/files/state/stateDirectory.ts";
import { ValidFiles } from "../../../../src/store/files/state/validFiles.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

let folder: string;
let state: StateDirectory;
beforeEach(async () => {
  const root = await temporaryFolder("valid-files");
  folder = join(root, "yaml");
  await mkdir(folder);
  state = new StateDirectory(join(root, "state"));
  state.open();
});
afterEach(() => state.close());

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const application = (name: string, spec = "displayName: x") =>
  `apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: ${name}, namespace: team}\nspec: {${spec}}\n`;
const secret = (text: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {ApiAppKey: ${text}, ApiAppSecret: generated-secret}\n`;
const GRANT = `apiVersion: countersign.dev/v1alpha1
kind: ApiGrant
metadata: {name: g, labels: {a: b}, annotations: {c: d}}
spec:
  environment: release
  apis: [{name: a, hosts: [a.example.com], paths: [{type: PathPrefix, value: /}]}]
  applications: [{name: b}]
`;
const FILES: Readonly<Record<string, string>> = {
  "application.yaml": application("a"),
  "again.yaml": application("a", "displayName: z"),
  "empty.yaml": "# nothing\n",
  "grant.yaml": `${GRANT}---\n${application("b")}`,
  "domain.json": JSON.stringify({
    apiVersion: "countersign.dev/v1alpha1",
    kind: "ApiDomain",
    metadata: { name: "d" },
    spec: { hosts: ["a.example.com"], namespaces: { names: ["team"] } },
  }),
  "list.yaml": `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Namespace\n  metadata: {name: team, labels: {x: "y"}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n`,
  "route.yaml": `apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {hostnames: [a.example.com]}\n`,
  "secret.yaml": secret("APIDa"),
  "encoded.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: t}\nimmutable: true\ndata: {ApiAppKey: QVBJRGI=}\n`,
  "invalid.yaml": application("i", "suspended: maybe"),
  "broken.yaml": "kind: [\n",
};

/** What the directory declares now, read by a new process of this program. */
async function read(program = "p", old: (id: string) => unknown = () => undefined) {
  const directory = new YamlDirectory(folder, Date.now, { valid: new ValidFiles(state, program) });
  const found = await directory.read(old);
  await state.commit();
  if (!("objects" in found)) throw new Error(found.message);
  return found;
}

/** The ApiAppKey of Secret `default/s`. */
async function keyOf(program?: string): Promise<string | undefined> {
  const spec = (await read(program)).objects.get("Secret default/s")?.spec as SecretContent | undefined;
  return spec?.data.get("ApiAppKey")?.reveal();
}

/** Changes the record of a file, whose text stays the same. */
async function changeRecord(name: string, change: (record: string) => string): Promise<void> {
  state.write(`files/${name}`, change(state.record(`files/${name}`) ?? ""));
  await state.commit();
}

test("a second process finds what the first one found", async () => {
  for (const [name, text] of Object.entries(FILES)) await write(name, text);
  const first = await read();
  const second = await read();
  const plain = (found: typeof first) => ({
    ...found,
    secrets: [...found.objects.values()]
      .filter(({ kind }) => kind === "Secret")
      .map(({ spec }) => [...(spec as SecretContent).data].map(([key, value]) => [key, value.reveal()])),
  });
  expect(second.objects.size).toBe(8);
  expect(plain(second)).toEqual(plain(first));
  expect(state.names("files")).toHaveLength(8);
});

test("a file that was found valid is not read again", async () => {
  await write("s.yaml", secret("APIDa"));
  await keyOf();
  await changeRecord("s.yaml", (record) => record.replace("APIDa", "APIDb"));
  expect(await keyOf()).toBe("APIDb");
});

const untrusted: Record<string, (record: string) => string> = {
  "of another text": (record) => record.replace(/ \S/, " _"),
  "that is no JSON": (record) => record.slice(0, -1),
  "that holds no object": (record) => record.replace(/\[.*/s, "[]"),
  "of an unknown kind": (record) => record.replace('"Secret"', '"Toaster"'),
  "without a name": (record) => record.replace('"name":"s"', '"name":""'),
  "with labels of another type": (record) => record.replace('"labels":{}', '"labels":[]'),
  "without a spec": (record) => record.replace('"spec":', '"other":'),
  "without a line": (record) => record.replace('"line":1', '"line":"1"'),
};
test.each(Object.entries(untrusted))("a record %s is not used", async (_, change) => {
  await write("s.yaml", secret("APIDa"));
  await keyOf();
  await changeRecord("s.yaml", (record) => record.replace("APIDa", "APIDb"));
  const before = state.record("files/s.yaml");
  await changeRecord("s.yaml", change);
  expect(state.record("files/s.yaml")).not.toBe(before);
  expect(await keyOf()).toBe("APIDa");
});

test("a record of another program is not used", async () => {
  await write("s.yaml", secret("APIDa"));
  await keyOf("p");
  await changeRecord("s.yaml", (record) => record.replace("APIDa", "APIDb"));
  expect(await keyOf("q")).toBe("APIDa");
});

test("a changed file is read again", async () => {
  await write("s.yaml", secret("APIDa"));
  await keyOf();
  await write("s.yaml", secret("APIDc"));
  expect(await keyOf()).toBe("APIDc");
});

test("an object that is in effect with another spec is validated again", async () => {
  await write("g.yaml", GRANT);
  await read();
  const other = { spec: { environment: "test", apis: [], applications: [] } };
  const found = await read("p", (id) => (id === "ApiGrant default/g" ? other : undefined));
  expect(found.problems).toMatchObject([{ file: join(folder, "g.yaml"), line: 5, column: 16 }]);
  expect([...found.kept]).toEqual(["ApiGrant default/g"]);
});

test("a declaration and the equal object that is in effect have one spec", async () => {
  await write("a.yaml", application("a"));
  const before = (await read()).objects.get("Application team/a")?.spec;
  const spec = structuredClone(before);
  const found = await read("p", () => ({ spec }));
  expect(found.objects.get("Application team/a")?.spec).toBe(spec);
});

test("nothing is remembered of a file that was removed or became invalid", async () => {
  await write("a.yaml", application("a"));
  await write("b.yaml", application("b"));
  const directory = new YamlDirectory(folder, Date.now, { valid: new ValidFiles(state, "p") });
  await directory.read(() => undefined);
  await state.commit();
  expect(state.names("files")).toEqual(["a.yaml", "b.yaml"]);
  await rm(join(folder, "a.yaml"));
  await write("b.yaml", application("b", "suspended: maybe"));
  await directory.read(() => undefined, new Set(["a.yaml", "b.yaml"]));
  await state.commit();
  expect(state.names("files")).toEqual([]);
});

test("nothing is remembered of a file that was removed while no process ran", async () => {
  await write("a.yaml", application("a"));
  await read();
  await rm(join(folder, "a.yaml"));
  await read();
  expect(state.names("files")).toEqual([]);
});
