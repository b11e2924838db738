import { describe, expect, test } from "@jest/globals";
import { KubeCollection } from "../../../../src/store/kube/collection.ts";

const item = (key: string, version: number, uid = "u1") => ({
  key,
  uid,
  version: String(version),
  value: `${key}@${version}`,
});
type Feed = KubeCollection<string>;

describe("a collection holds, after", () => {
  const cases: Record<string, [(collection: Feed) => void, string[]]> = {
    "P27: an older event that comes late": [
      (c) => {
        c.upsert(item("a", 10));
        c.upsert(item("a", 9));
      },
      ["a@10"],
    ],
    "versions of different lengths, which compare as numbers": [
      (c) => {
        c.upsert(item("a", 99));
        c.upsert(item("a", 100));
      },
      ["a@100"],
    ],
    "P27: the deletion of a namesake that was there before": [
      (c) => {
        c.upsert(item("a", 20, "u2"));
        c.remove("a", "15");
      },
      ["a@20"],
    ],
    "P27: a full list, which replaces and never merges": [
      (c) => {
        c.upsert(item("a", 10));
        c.replace([item("b", 11)], "12", c.mark());
      },
      ["b@11"],
    ],
    "an event that is older than our own write": [
      (c) => {
        c.wrote(item("a", 10));
        c.upsert(item("a", 9));
      },
      ["a@10"],
    ],
    "an event that is newer than our own write": [
      (c) => {
        c.wrote(item("a", 10));
        c.upsert(item("a", 11));
      },
      ["a@11"],
    ],
    "P27: an event of the object before we deleted it": [
      (c) => {
        c.upsert(item("a", 10));
        c.deleted("a", "10");
        c.upsert(item("a", 10));
      },
      [],
    ],
    "an event of a namesake that was made after we deleted": [
      (c) => {
        c.upsert(item("a", 10));
        c.deleted("a", "10");
        c.upsert(item("a", 12, "u2"));
      },
      ["a@12"],
    ],
    "a list that began before our write was answered, and is older": [
      (c) => {
        const mark = c.mark();
        c.wrote(item("a", 10));
        c.replace([], "9", mark);
      },
      ["a@10"],
    ],
    "a list that began before our deletion was answered, and still has the object": [
      (c) => {
        c.upsert(item("a", 10));
        const mark = c.mark();
        c.deleted("a", "10");
        c.replace([item("a", 10)], "11", mark);
      },
      [],
    ],
    "a list that began before our write, and knows that it was deleted since": [
      (c) => {
        const mark = c.mark();
        c.wrote(item("a", 10));
        c.replace([], "12", mark);
      },
      [],
    ],
    "a list of a cluster that was restored from a backup, begun after our write": [
      (c) => {
        c.wrote(item("a", 10));
        c.wrote(item("b", 11));
        c.replace([item("a", 4)], "5", c.mark());
      },
      ["a@4"],
    ],
    "an event after the cluster was restored from a backup": [
      (c) => {
        c.wrote(item("a", 10));
        c.replace([item("a", 4)], "5", c.mark());
        c.upsert(item("a", 6));
      },
      ["a@6"],
    ],
    "an answer to our write that comes after a newer event": [
      (c) => {
        c.upsert(item("a", 12));
        c.wrote(item("a", 10));
      },
      ["a@12"],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [act, held]) => {
    const collection: Feed = new KubeCollection();
    act(collection);
    expect([...collection.values()]).toEqual(held);
    expect(collection.size).toBe(held.length);
  });
});

describe("a listener hears", () => {
  const cases: Record<string, [(collection: Feed) => void, string[]]> = {
    "of our write once, not again by its event": [
      (c) => {
        c.wrote(item("new", 10));
        c.upsert(item("new", 10));
      },
      ["new"],
    ],
    "of a list only what it changed": [
      (c) => c.replace([item("same", 1), item("changed", 3), item("added", 3)], "3", c.mark()),
      ["lost", "changed", "added"],
    ],
    "of a namesake with another UID": [
      (c) => c.replace([item("same", 1, "u2"), item("changed", 2), item("lost", 2)], "3", c.mark()),
      ["same"],
    ],
    "nothing of what is ignored": [(c) => c.upsert(item("changed", 1)), []],
  };
  test.each(Object.entries(cases))("%s", (_, [act, told]) => {
    const collection: Feed = new KubeCollection();
    collection.replace([item("same", 1), item("changed", 2), item("lost", 2)], "2", collection.mark());
    const heard: string[] = [];
    const stop = collection.subscribe((key) => heard.push(key));
    act(collection);
    stop();
    collection.upsert(item("later", 99));
    expect(heard).toEqual(told);
  });
});

describe("an event is of no interest to a collection", () => {
  const meta = (name: string, version: number, uid = "u1", namespace?: string) => ({
    name,
    uid,
    resourceVersion: String(version),
    creationTimestamp: "2026-01-01T00:00:00Z",
    ...(namespace === undefined ? {} : { namespace }),
  });
  const held = new KubeCollection<string>();
  held.wrote(item("team/a", 10));
  held.upsert(item("b", 20));

  test.each([
    ["if it shows a write of this process", meta("a", 10, "u1", "team"), true],
    ["if it shows what is held under a name without a namespace", meta("b", 20, "u1", "data"), true],
    ["but not if it is newer", meta("a", 11, "u1", "team"), false],
    ["but not if it is older, which the collection decides", meta("a", 9, "u1", "team"), false],
    ["but not if another object had that name", meta("a", 10, "u2", "team"), false],
    ["but not if the object is not held", meta("c", 10, "u1", "team"), false],
  ])("%s", (_, metadata, expected) => {
    expect(held.isCurrent(metadata)).toBe(expected);
  });

  test("and a write counts as delivered by it, so that a later list may omit the object", () => {
    const collection = new KubeCollection<string>();
    const mark = collection.mark();
    collection.wrote(item("team/a", 10));
    collection.isCurrent(meta("a", 10, "u1", "team"));
    collection.replace([], "12", mark);
    expect(collection.size).toBe(0);
  });
});

describe("a collection that accepts only some objects", () => {
  const filled = () => {
    const collection = new KubeCollection<string>((value) => value.startsWith("ours"));
    collection.replace([item("ours", 1), item("theirs", 2)], "3", collection.mark());
    return collection;
  };

  test("holds none of the others, neither from a list nor from an event", () => {
    const collection = filled();
    collection.upsert(item("theirs", 4));
    expect([...collection.values()]).toEqual(["ours@1"]);
  });

  test("drops one that is no longer accepted, and notifies its listeners", () => {
    const collection = filled();
    const told: string[] = [];
    collection.subscribe((key) => told.push(key));
    collection.upsert({ ...item("ours", 5), value: "theirs now" });
    expect([...collection.values()]).toEqual([]);
    expect(told).toEqual(["ours"]);
  });
});
