import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../src/api/secret.ts";
import { type Clock, systemClock } from "../../../../src/base/clock.ts";
import { FilesStore } from "../../../../src/store/files/filesStore.ts";
import { RecordFile } from "../../../../src/store/files/state/recordFile.ts";
import { RECORDS } from "../../../../src/store/files/state/stateDirectory.ts";
import type { FileProblem } from "../../../../src/store/files/yaml/parsedFile.ts";
import { Program } from "../../../support/childProcess.ts";
import { application } from "../../../support/documents.ts";
import { eventually } from "../../../support/events.ts";
import { changeRecord } from "../../../support/stateRecords.ts";
import { SteppedClock } from "../../../support/steppedClock.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

let folder: string;
let directory: string;
let state: string;
const stops: (() => void)[] = [];
beforeEach(async () => {
  folder = await temporaryFolder("files");
  directory = join(folder, "yaml");
  state = join(folder, "state");
  await mkdir(directory);
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop();
});

async function started(graceMs = 40, className = "", clock: Clock = systemClock) {
  const controller = new AbortController();
  stops.push(() => controller.abort());
  let problems: readonly FileProblem[] = [];
  const onProblems = (found: readonly FileProblem[]) => {
    problems = found;
  };
  const options = { directory, stateDirectory: state, graceMs, className, onProblems, clock };
  const store = new FilesStore(options);
  await store.start(controller.signal);
  return { store, problems: () => problems, stop: () => controller.abort() };
}

/** Runs code in its own process, in which `state` is the open state directory, with shell limits and Node flags. */
function stateProgram(code: string, { limit = "", flags = [] as readonly string[] } = {}): Program {
  const url = new URL("../../../../src/store/files/state/stateDirectory.ts", import.meta.url);
  const script = `process.on("SIGXFSZ", () => {});
    const { StateDirectory } = await import(${JSON.stringify(url)});
    const state = new StateDirectory(${JSON.stringify(state)});
    state.open();
    ${code}`;
  const args = [
    "-c",
    `${limit} exec "$0" "$@"`,
    process.execPath,
    ...flags,
    "--input-type=module",
    "--eval",
    script,
  ];
  const program = new Program("sh", args);
  stops.push(() => void program.stop("SIGKILL"));
  return program;
}

/** A process that holds the state directory until it is stopped. It collects its garbage, which must not release the lock. */
function holdState(): Program {
  return stateProgram(
    `setImmediate(() => { gc(); console.log("holds as", process.pid); });
     setInterval(() => {}, 1_000);`,
    { flags: ["--expose-gc"] },
  );
}

const write = (name: string, text: string) => writeFile(join(directory, name), text);
const yaml = (name: string, spec = "displayName: x") =>
  `apiVersion: countersign.dev/v1alpha1\nkind: Application\nmetadata: {name: ${name}, namespace: team}\nspec: {${spec}}\n`;
const content = (uid: string) => ({
  namespace: "team",
  name: "a-credentials",
  owner: { kind: "Application", namespace: "team", name: "a", uid } as const,
  applicationId: "app-00000000",
  apiAppKey: "APIDa",
  apiAppSecret: Secret.of("generated-secret"),
});

test("a store of a class sees the objects of that class alone", async () => {
  await write("a.yaml", yaml("a"));
  await write("b.yaml", yaml("b", "className: internal"));
  const { store, stop } = await started();
  expect([...store.applications.values()].map(({ metadata }) => metadata.name)).toEqual(["a"]);
  stop();
  state = join(folder, "other-state");
  const other = await started(40, "internal");
  expect([...other.store.applications.values()].map(({ metadata }) => metadata.name)).toEqual(["b"]);
});

describe("a broken file", () => {
  const broken: Record<string, [string, RegExp, number]> = {
    "with malformed YAML": [`${yaml("a")}broken: [\n`, /is not valid YAML/, 6],
    "with an unknown field": [yaml("a", "suspend: true"), /unknown field/, 4],
    "with a value of another type": [yaml("a", "suspended: maybe"), /boolean/, 4],
    "with a broken rule": [yaml("a", "expiresAt: tomorrow"), /./, 4],
    "without a kind": ["metadata: {name: a}\n", /is required, such as Application/, 1],
    "with an invalid name": [yaml("A"), /"A" is invalid: .*, such as a$/, 3],
    "without metadata": ["apiVersion: countersign.dev/v1alpha1\nkind: Application\n", /is required: /, 1],
    "with another version": [yaml("a").replace("v1alpha1", "v2"), /must be countersign.dev\/v1alpha1/, 1],
  };
  test.each(Object.entries(broken))(
    "%s keeps what it last declared, and names file, line and field",
    async (_, [text, message, line]) => {
      await write("a.yaml", yaml("a"));
      await write("b.yaml", yaml("b"));
      const { store, problems } = await started();
      await write("a.yaml", text);
      await write("b.yaml", yaml("b", "displayName: changed"));
      await store.look();
      const file = join(directory, "a.yaml");
      expect(problems()[0]).toMatchObject({ file, line, message: expect.stringMatching(message) });
      expect(store.applications.get("team/b")?.spec.displayName).toBe("changed");
      await eventually(() => store.isSettled);
      expect(store.applications.get("team/a")?.spec.displayName).toBe("x");
    },
  );

  test("has all problems of an object reported in the order of its lines, and problems of the whole object last", async () => {
    const spec = ["plan: very gold", "notBefore: 5", 'expiresAt: "2027-01-01T00:00:00Z"', "colour: red"];
    const grant = ["environment: Not A Label", "apis: []", "applications: [{}, {name: a}]", ...spec];
    const head =
      "apiVersion: countersign.dev/v1alpha1\nkind: ApiGrant\nmetadata: {name: g, namespace: team}\nspec:\n";
    await write("g.yaml", `${head}${grant.map((line) => `  ${line}\n`).join("")}`);
    const { problems } = await started();
    const file = join(directory, "g.yaml");
    expect(problems().map(({ line, field }) => `${line} ${field}`)).toEqual([
      "5 ApiGrant team/g: spec.environment",
      "6 ApiGrant team/g: spec.apis",
      "7 ApiGrant team/g: spec.applications[0]",
      "8 ApiGrant team/g: spec.plan",
      "9 ApiGrant team/g: spec.notBefore",
      "11 ApiGrant team/g: spec.colour",
      "1 ApiGrant team/g",
    ]);
    expect(problems().every((problem) => problem.file === file)).toBe(true);
  });

  test("has the problems of all its documents reported, and none of its objects taken", async () => {
    await write("a.yaml", yaml("a"));
    const { store, problems } = await started(0);
    const documents = [yaml("a", "suspended: maybe"), "a: [\n", yaml("b", "colour: red"), yaml("c")];
    await write("a.yaml", documents.join("---\n"));
    await store.look();
    expect(problems().map(({ line, field }) => `${line} ${field}`)).toEqual([
      "7 ",
      "4 Application team/a: spec.suspended",
      "11 Application team/b: spec.colour",
    ]);
    expect([...store.applications.keys()]).toEqual(["team/a"]);
    expect(store.applications.get("team/a")?.spec.displayName).toBe("x");
  });

  test("keeps what it last declared over a restart too", async () => {
    await write("a.yaml", yaml("a"));
    const first = await started();
    const uid = first.store.applications.get("team/a")?.metadata.uid;
    first.stop();
    await write("a.yaml", "a: [\n");
    const second = await started();
    await eventually(() => second.store.isSettled);
    expect(second.store.applications.get("team/a")?.metadata.uid).toBe(uid);
  });

  test("that is repaired is applied again, and is logged as valid", async () => {
    await write("a.yaml", "a: [\n");
    const { store, problems } = await started();
    expect(problems()).toHaveLength(1);
    await write("a.yaml", yaml("a"));
    await store.look();
    expect(problems()).toEqual([]);
    expect(store.applications.get("team/a")).toBeDefined();
  });

  test("that declares what another one declares is the one that is refused", async () => {
    await write("a.yaml", yaml("a", "displayName: first"));
    await write("b.yaml", yaml("a", "displayName: second"));
    const { store, problems } = await started();
    expect(store.applications.get("team/a")?.spec.displayName).toBe("first");
    expect(problems()).toMatchObject([
      { file: join(directory, "b.yaml"), message: expect.stringContaining(`${join(directory, "a.yaml")}:1`) },
    ]);
  });

  test("cannot change an immutable field, and the message is that of the rule", async () => {
    const grant = (environment: string) =>
      `apiVersion: countersign.dev/v1alpha1\nkind: ApiGrant\nmetadata: {name: g, namespace: team}\nspec:\n  environment: ${environment}\n  apis: [{name: a, hosts: [a.example.com], paths: [{type: Exact, value: /a}]}]\n  applications: [{name: a}]\n`;
    await write("g.yaml", grant("release"));
    const { store, problems } = await started();
    await write("g.yaml", grant("test"));
    await store.look();
    expect(store.grants.get("team/g")?.spec.environment).toBe("release");
    expect(problems()).toMatchObject([{ line: 5, field: "ApiGrant team/g: spec.environment" }]);
  });
});

describe("a deletion", () => {
  test("is not believed while an editor replaces the file", async () => {
    await write("a.yaml", yaml("a"));
    const { store } = await started(60_000);
    const uid = store.applications.get("team/a")?.metadata.uid;
    await rename(join(directory, "a.yaml"), join(directory, "a.yaml~"));
    await store.look();
    expect(store.isSettled).toBe(false);
    await rename(join(directory, "a.yaml~"), join(directory, "a.yaml"));
    await store.look();
    expect(store.applications.get("team/a")?.metadata.uid).toBe(uid);
    expect(store.isSettled).toBe(true);
  });

  test("needs a directory that can be read: one that is gone deletes nothing", async () => {
    await write("a.yaml", yaml("a"));
    const { store, problems } = await started(0);
    await rename(directory, `${directory}.away`);
    await store.look();
    await store.look();
    expect(store.applications.get("team/a")).toBeDefined();
    expect(problems()).toMatchObject([{ file: directory, message: expect.stringContaining("ENOENT") }]);
    await rename(`${directory}.away`, directory);
    await store.look();
    expect(problems()).toEqual([]);
  });

  test("is given the whole grace again by a directory that was away meanwhile", async () => {
    await write("a.yaml", yaml("a"));
    const clock = new SteppedClock();
    const { store } = await started(2_000, "", clock);
    await rm(join(directory, "a.yaml"));
    await store.look();
    await rename(directory, `${directory}.away`);
    await store.look();
    await clock.advance(5_000);
    await rename(`${directory}.away`, directory);
    await store.look();
    await clock.advance(1_950);
    await store.look();
    expect(store.applications.get("team/a")).toBeDefined();
    await clock.advance(50);
    await store.look();
    expect(store.applications.get("team/a")).toBeUndefined();
  });

  test("takes the credentials Secret with it", async () => {
    await write("a.yaml", yaml("a"));
    const { store } = await started(0);
    await store.createCredentials(content(store.applications.get("team/a")?.metadata.uid ?? ""));
    expect(store.secrets.get("team/a-credentials")).toBeDefined();
    await rm(join(directory, "a.yaml"));
    await store.look();
    expect(store.applications.get("team/a")).toBeUndefined();
    expect(store.secrets.get("team/a-credentials")).toBeUndefined();
    expect(await readdir(join(state, "credentials/team"))).toEqual([]);
  });

  test("takes the credentials Secret with it even if the process ended before it could", async () => {
    await write("a.yaml", yaml("a"));
    const { store, stop } = await started();
    const uid = store.applications.get("team/a")?.metadata.uid ?? "";
    await store.createCredentials(content(uid));
    stop();
    changeRecord(state, "objects/Application/team/a", () => undefined);
    const next = await started();
    expect(next.store.secrets.get("team/a-credentials")).toBeUndefined();
    expect(await readdir(join(state, "credentials/team"))).toEqual([]);
  });
});

test("changes are seen without being asked for", async () => {
  const { store } = await started();
  const heard = new Promise<string>((resolve) => store.applications.subscribe(resolve));
  await write("a.yaml", yaml("a"));
  expect(await heard).toBe("team/a");
});

test("files that are no YAML, hidden files and kinds of others are left alone", async () => {
  await write("notes.txt", "a: [");
  await write(".a.yaml.swp", "a: [");
  await write("deployment.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n");
  const { store, problems } = await started();
  expect(problems()).toEqual([]);
  expect(store.applications.size).toBe(0);
});

describe("the state directory", () => {
  test("P31: is closed to other users, files and folders alike", async () => {
    await write("a.yaml", yaml("a"));
    const { store } = await started();
    await store.createProjection(application(), "Addition");
    await store.createCredentials(content(store.applications.get("team/a")?.metadata.uid ?? ""));
    for (const entry of await readdir(state, { recursive: true, withFileTypes: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name));
      expect([entry.name, (mode & 0o777).toString(8)]).toEqual([
        entry.name,
        entry.isDirectory() ? "700" : "600",
      ]);
    }
    expect((await stat(state)).mode & 0o777).toBe(0o700);
  });

  test("is closed even if somebody opened it before", async () => {
    await mkdir(state, { mode: 0o755 });
    await chmod(state, 0o755);
    await started();
    expect((await stat(state)).mode & 0o777).toBe(0o700);
  });

  test("is used by one process at a time: the error of the second one names the first", async () => {
    const holder = holdState();
    const [, pid] = await holder.waitFor(/holds as (\d+)/);
    await expect(started()).rejects.toThrow(`${state} is in use by process ${pid}: end that one`);
    await holder.stop();
    await started();
  });

  test("can be opened at once after the owner was killed, even if another process has its id now", async () => {
    const holder = holdState();
    await holder.waitFor(/holds/);
    await holder.stop("SIGKILL");
    await writeFile(join(state, "lock"), `${process.ppid}\n`);
    await started();
    expect(await readFile(join(state, "lock"), "utf8")).toBe(`${process.pid}\n`);
  });

  test("that cannot be locked is not opened", async () => {
    await mkdir(join(state, "lock.db"), { recursive: true });
    await expect(started()).rejects.toThrow(
      `${state} cannot be locked (unable to open database file): name one`,
    );
  });

  test("is not opened by a Node without SQLite", async () => {
    const program = stateProgram("", { flags: ["--no-experimental-sqlite"] });
    expect(await program.ended).toBe(1);
    expect(program.output).toContain(`${state} cannot be locked (this Node has no SQLite): name one`);
  });

  test("keeps all records of the last commit when the disk is full, and does not call what waits for the next one", async () => {
    const full = stateProgram(
      `const called = [];
       state.write("objects/a", "good");
       await state.commit();
       state.write("objects/a", "x".repeat(200_000));
       state.write("objects/b", "also");
       state.afterCommit(() => called.push("durable"));
       await state.commit().catch((error) => console.log(error.message));
       console.log(JSON.stringify([...state.records("objects")]), called.length, state.isPending);`,
      { limit: "ulimit -f 256;" },
    );
    expect(await full.ended).toBe(0);
    expect(full.stdout).toMatch(
      /^the state directory cannot be written \(.+\)\n\[\["a","good"\]\] 0 true\n$/,
    );
  });

  test("with an object that cannot be read stops the start, and nothing is given a new identity", async () => {
    await write("a.yaml", yaml("a"));
    (await started()).stop();
    changeRecord(state, "objects/Application/team/a", () => "{");
    await expect(started()).rejects.toThrow(
      `the record of Application/team/a in ${state} cannot be read: restore the state directory`,
    );
  });

  test("a credentials file that somebody removed or spoilt counts as deleted, so that it is restored", async () => {
    await write("a.yaml", yaml("a"));
    const { store } = await started();
    await store.createCredentials(content(store.applications.get("team/a")?.metadata.uid ?? ""));
    await writeFile(join(state, "credentials/team/a-credentials.yaml"), "spoilt: [");
    await store.look();
    expect(store.secrets.get("team/a-credentials")).toBeUndefined();
  });

  test("with a file of records that is no SQLite file stops the start with an error that has the remedy", async () => {
    await mkdir(state);
    await writeFile(join(state, "state.db"), "x".repeat(5_000));
    await expect(started()).rejects.toThrow(/state\.db cannot be opened \(file is not a database\): restore/);
  });

  test("has after a crash what was written before the last commit, and nothing of what was written later", async () => {
    const program = stateProgram(
      `state.write("objects/a", "1");
       state.write("projections/a", "1");
       await state.commit();
       state.write("objects/a", "2");
       state.write("projections/b", "2");
       console.log("wrote");
       process.kill(process.pid, "SIGKILL");`,
    );
    await program.ended;
    expect(program.stdout).toBe("wrote\n");
    const records = new RecordFile(join(state, RECORDS));
    expect([...records.of("objects"), ...records.of("projections")]).toEqual([
      ["objects/a", "1"],
      ["projections/a", "1"],
    ]);
    records.close();
  });

  test("of a release that kept a file for each record is taken over, and keeps that release from starting", async () => {
    await write("a.yaml", yaml("a"));
    const first = await started();
    const uid = first.store.applications.get("team/a")?.metadata.uid;
    await first.store.createProjection(application(), "Addition");
    const projections = [...first.store.projections.values()];
    first.stop();
    await unpackRecords();
    const second = await started();
    expect(second.store.applications.get("team/a")?.metadata.uid).toBe(uid);
    expect([...second.store.projections.values()]).toEqual(projections);
    const left = await readdir(state, { recursive: true, withFileTypes: true });
    expect(left.filter((one) => one.name.endsWith(".json")).map(({ name }) => name)).toEqual([
      "moved-to-state.db.json",
    ]);
    second.stop();
    const third = await started();
    expect(third.store.applications.get("team/a")?.metadata.uid).toBe(uid);
  });
});

/** Makes the state directory as releases before 0.3 left it. */
async function unpackRecords(): Promise<void> {
  const records = new RecordFile(join(state, RECORDS));
  for (const [name, text] of [...records.of("objects"), ...records.of("projections")]) {
    await mkdir(dirname(join(state, name)), { recursive: true });
    await writeFile(join(state, `${name}.json`), text);
  }
  records.close();
  for (const name of await readdir(state)) if (name.startsWith("state.db")) await rm(join(state, name));
}
