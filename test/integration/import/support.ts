import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Program } from "../../support/childProcess.ts";
import { countersign } from "../../support/cluster.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

/** A folder in which `countersign import GATEWAY` and its export script run. */
export class ImportFolder {
  readonly #gateway: string;
  readonly path: string;

  private constructor(gateway: string, path: string) {
    this.#gateway = gateway;
    this.path = path;
  }

  static async make(gateway: "tencent" | "alibaba"): Promise<ImportFolder> {
    return new ImportFolder(gateway, await temporaryFolder("import"));
  }

  async run(...args: readonly string[]) {
    const program = countersign(["import", this.#gateway, ...args], {}, this.path);
    const status = await program.ended;
    return { status, stdout: program.stdout, output: program.output };
  }

  /** Writes files below a new folder, and returns its name. */
  async written(name: string, files: Iterable<readonly [string, string]>): Promise<string> {
    for (const [path, text] of files) {
      await mkdir(dirname(join(this.path, name, path)), { recursive: true });
      await writeFile(join(this.path, name, path), text, { mode: 0o600 });
    }
    return name;
  }

  /** Files below a folder by their paths. */
  async tree(name: string): Promise<ReadonlyMap<string, string>> {
    const root = join(this.path, name);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const paths = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
    const texts = await Promise.all(
      paths.map(async (path) => [path.slice(root.length + 1), await readFile(path, "utf8")] as const),
    );
    return new Map(texts.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The objects below a folder, without the report. */
  async objects(name: string): Promise<ReadonlyMap<string, string>> {
    return new Map([...(await this.tree(name))].filter(([path]) => path.endsWith(".yaml")));
  }

  /**
   * Runs the export script with a stand-in for the vendor's tool, which is a bash script. It gets the folder of made-up responses
   * as RESPONSES, and the action that has to fail as FAILS.
   */
  async export(
    tool: { readonly name: string; readonly script: string },
    responses: Iterable<readonly [string, string]>,
    out: string,
    fails = "",
  ) {
    await this.written("responses", responses);
    await this.written("bin", [[tool.name, tool.script]]);
    await chmod(join(this.path, "bin", tool.name), 0o755);
    const script = countersign(["export-script", this.#gateway]);
    if ((await script.ended) !== 0) throw new Error(script.output);
    await writeFile(join(this.path, "export.sh"), script.stdout);
    const PATH = `${join(this.path, "bin")}:${process.env.PATH}`;
    const env = { ...process.env, PATH, RESPONSES: join(this.path, "responses"), FAILS: fails };
    const program = new Program("bash", ["export.sh", out], { cwd: this.path, env });
    return { status: await program.ended, output: program.output };
  }
}
