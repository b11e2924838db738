import { basename, dirname } from "node:path";

/** What the file system reported since the last look: which files have to be looked at. */
export class Changes {
  /** Names of files in the directory of YAML; undefined: all of them. */
  names: Set<string> | undefined = new Set();
  /** Keys of credentials files, which are namespace/name; undefined: all of them. */
  keys: Set<string> | undefined = new Set();

  /** Everything has to be looked at. */
  static all(): Changes {
    const changes = new Changes();
    changes.names = undefined;
    changes.keys = undefined;
    return changes;
  }

  /** `name` changed in the directory of YAML; "" if the system does not report which. */
  addFile(name: string): void {
    if (name === "") this.names = undefined;
    else this.names?.add(name);
  }

  /** `name` changed in this folder, which is that of all credentials (`root`), or of a namespace below it. */
  addCredentials(root: string, folder: string, name: string): void {
    if (dirname(folder) !== root || name === "") this.keys = undefined;
    else if (name.endsWith(".yaml")) this.keys?.add(`${basename(folder)}/${name.slice(0, -".yaml".length)}`);
  }
}
