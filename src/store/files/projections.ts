import { isRecord, parseJson } from "../../base/json.ts";
import { decodeProjection, encodeProjection } from "../../projection/codec.ts";
import { documentName } from "../../projection/documentName.ts";
import type { Projection } from "../../projection/documents.ts";
import type { Change, ProjectionSink, StoredProjection } from "../../projection/feed.ts";
import type { WriteOutcome } from "../store.ts";
import { FilesCollection } from "./collection.ts";
import type { StateDirectory } from "./stateDirectory.ts";
import type { Versions } from "./versions.ts";

const FOLDER = "projections";

/** The projections in the state directory; the verifier of this process receives each change before the write returns. */
export class ProjectionTable {
  readonly collection = new FilesCollection<StoredProjection>();
  readonly #state: StateDirectory;
  readonly #versions: Versions;
  readonly #sink: ProjectionSink | undefined;

  constructor(state: StateDirectory, versions: Versions, sink: ProjectionSink | undefined) {
    this.#state = state;
    this.#versions = versions;
    this.#sink = sink;
  }

  load(): void {
    for (const file of this.#state.list(FOLDER)) {
      const name = file.replace(/\.json$/, "");
      const stored = readStored(name, this.#state.read(`${FOLDER}/${file}`), () => this.#versions.next());
      this.#versions.seen(stored.resourceVersion);
      this.collection.put(name, stored);
    }
    this.#sink?.replace([...this.collection.values()], this.#versions.last);
  }

  create(document: Projection, change: Change): WriteOutcome {
    const name = documentName(document);
    return this.collection.get(name) ? { kind: "conflict" } : this.#put(name, document, change);
  }

  replace(document: Projection, change: Change, resourceVersion: string): WriteOutcome {
    const name = documentName(document);
    const old = this.collection.get(name);
    if (!old) return { kind: "gone" };
    return old.resourceVersion === resourceVersion ? this.#put(name, document, change) : { kind: "conflict" };
  }

  delete(name: string, resourceVersion: string): WriteOutcome {
    const old = this.collection.get(name);
    if (!old) return { kind: "gone" };
    if (old.resourceVersion !== resourceVersion) return { kind: "conflict" };
    this.#state.remove(`${FOLDER}/${name}.json`);
    const version = this.#versions.next();
    this.#sink?.remove(name, version);
    this.collection.put(name, undefined);
    return { kind: "written", resourceVersion: version };
  }

  #put(name: string, document: Projection, change: Change): WriteOutcome {
    const resourceVersion = this.#versions.next();
    const projection: unknown = JSON.parse(encodeProjection(document));
    this.#state.write(
      `${FOLDER}/${name}.json`,
      `${JSON.stringify({ resourceVersion, change, projection }, undefined, 1)}\n`,
    );
    const stored = { name, resourceVersion, document, change };
    this.#sink?.upsert(stored);
    this.collection.put(name, stored);
    return { kind: "written", resourceVersion };
  }
}

/** A file that cannot be decoded counts as a projection without a document: the operator replaces it. */
function readStored(name: string, text: string, version: () => string): StoredProjection {
  const value = parseJson(text);
  const isWhole = isRecord(value) && typeof value.resourceVersion === "string";
  const resourceVersion = isWhole ? String(value.resourceVersion) : version();
  const decoded = decodeProjection(JSON.stringify(isWhole ? value.projection : undefined) ?? "");
  const change: Change = isWhole && value.change === "Addition" ? "Addition" : "Removal";
  const common = { name, resourceVersion, change };
  if (!decoded.ok) return { ...common, document: undefined, problem: decoded.problem };
  const { document } = decoded;
  return documentName(document) === name
    ? { ...common, document }
    : { ...common, document: undefined, problem: "its document is another object's" };
}
