import { identitiesOf } from "./callers.ts";
import type { Sides } from "./diff.ts";
import { classesOf, type Documents, documentsOf } from "./documents.ts";
import type { Tree } from "./tree.ts";
import { type World, worldOf } from "./world.ts";

/** The objects of one class: what one installation of operator and verifiers knows. */
export interface Installation<T> {
  /** "" for objects without a className. */
  readonly className: string;
  readonly world: T;
}

/** The installations of a tree. */
export function installationsOf(tree: Tree): readonly Installation<World>[] {
  return classesOf(tree).map((className) => {
    const documents = documentsOf(tree, className);
    return { className, world: worldOf(documents, identitiesOf([documents])) };
  });
}

/** The installations of two versions of a tree. A class that one of them lacks has no objects there. */
export function comparedInstallations(old: Tree, next: Tree): readonly Installation<Sides>[] {
  const classes = new Set([...classesOf(old), ...classesOf(next)]);
  return [...classes].sort().map((className) => {
    const documents: readonly [Documents, Documents] = [
      documentsOf(old, className),
      documentsOf(next, className),
    ];
    const identities = identitiesOf(documents);
    const [before, after] = documents.map((one) => worldOf(one, identities));
    if (!before || !after) throw new TypeError("two documents make two worlds");
    return { className, world: { old: before, next: after } };
  });
}
