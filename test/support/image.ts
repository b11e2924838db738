import { copyFile, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ImageStore } from "../parts/buildah.ts";
import { findLibraries } from "../parts/debianLibraries.ts";
import { Program } from "./childProcess.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BASE = "localhost/countersign-base";
const IMAGE = "localhost/countersign-test";

/** As a runtime does it: a mount namespace, a root that cannot be written, volumes, no new privileges, the image's user. */
const CONTAINER = `
set -e
root=$1 user=$2; shift 2
mount --bind "$root" "$root"
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done; shift
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec="$user" "$root" "$@"
`;

/** The image's own words on how it is run. */
interface ImageConfig {
  readonly User: string;
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  /** `NAME=value` each. */
  readonly Env: readonly string[];
}

/** A volume: a folder of this machine, and where the container sees it. */
export type Volume = readonly [from: string, to: string];

/** The Dockerfile's image, laid out in a folder: what is in it, and containers of it. */
export class Image {
  readonly root: string;
  readonly config: ImageConfig;

  constructor(root: string, config: ImageConfig) {
    this.root = root;
    this.config = config;
  }

  /** Starts a container; without arguments it runs the image's own command. */
  async run(
    args: readonly string[],
    volumes: readonly Volume[] = [],
    more: Readonly<Record<string, string>> = {},
  ): Promise<Program> {
    for (const [, to] of volumes) await mkdir(join(this.root, to), { recursive: true });
    const command = [...this.config.Entrypoint, ...(args.length > 0 ? args : this.config.Cmd)];
    const placed = [this.root, this.config.User, ...volumes.flat(), "--", ...command];
    // What the run of the tests sets for itself is not there in a container.
    const { NODE_DISABLE_COMPILE_CACHE: _, ...outside } = process.env;
    // PATH is for the programs that make the container.
    const own = this.config.Env.filter((line) => !line.startsWith("PATH="));
    const variables = Object.fromEntries(own.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    return new Program("unshare", ["--mount", "sh", "-c", CONTAINER, "sh", ...placed], {
      name: "a container",
      env: { ...outside, ...variables, ...more },
    });
  }
}

/** Builds the Dockerfile with the bundle of this run, in a folder that the caller removes, some 600 MB. */
export async function buildImage(folder: string): Promise<Image> {
  const store = new ImageStore(folder);
  await buildBase(store, folder);
  await store.build(IMAGE, ROOT, ...FROM_BASE);
  const { OCIv1 } = JSON.parse(await store.buildah("inspect", "--type", "image", IMAGE));
  return new Image(await store.buildah("mount", await store.buildah("from", IMAGE)), OCIv1.config);
}

const FROM_BASE = ["--build-arg", `BASE=${BASE}`, "--build-arg", "BUNDLE=prebuilt"];

/** An image as a file, under the name that it has once it is loaded. */
export interface ImageArchive {
  readonly name: string;
  readonly file: string;
}

/** Images as archives in a folder that the caller removes: the Dockerfile's, that of an older checkout if one is named, and one of Envoy. */
export async function archiveImages(
  folder: string,
  envoy: string,
  olderCheckout: string | undefined,
): Promise<Readonly<Record<"countersign" | "envoy", ImageArchive>> & { readonly older?: ImageArchive }> {
  const store = new ImageStore(folder);
  const base = await buildBase(store, folder);
  const context = join(folder, "envoy");
  await mkdir(context);
  await copyFile(envoy, join(context, "envoy"));
  await writeFile(
    join(context, "Dockerfile"),
    `FROM ${base}\nCOPY envoy /usr/local/bin/envoy\nUSER 65532:65532\n`,
  );
  const archive = async (name: string, from: string, ...args: readonly string[]) => {
    const file = join(folder, `${name}.tar`);
    await store.build(`localhost/${name}:test`, from, ...args);
    await store.buildah(
      "push",
      "--quiet",
      `localhost/${name}:test`,
      `docker-archive:${file}:localhost/${name}:test`,
    );
    return { name: `localhost/${name}:test`, file };
  };
  return {
    countersign: await archive("countersign", ROOT, ...FROM_BASE),
    envoy: await archive("envoy", context),
    ...(olderCheckout ? { older: await archive("countersign-older", olderCheckout, ...FROM_BASE) } : {}),
  };
}

/** The least that the Dockerfile's BASE can be: this machine's Node and Debian's C libraries. */
async function buildBase(store: ImageStore, folder: string): Promise<string> {
  const base = join(folder, "base");
  await cp(await findLibraries(), base, { recursive: true, verbatimSymlinks: true });
  await mkdir(join(base, "usr/local/bin"), { recursive: true });
  await mkdir(join(base, "tmp"));
  await copyFile(process.execPath, join(base, "usr/local/bin/node"));
  await writeFile(join(base, "Dockerfile"), "FROM scratch\nCOPY . /\nENV PATH=/usr/local/bin\n");
  await store.build(BASE, base);
  return BASE;
}
