import { beforeEach, describe, expect, test } from "@jest/globals";
import { ApplicationIndex } from "../../../../src/operator/index/applicationIndex.ts";
import { application, key } from "../../../support/documents.ts";

const NAME = "application.team-shop.mobile-app";
const OTHER = "application.team-pay.web";
let index: ApplicationIndex;
beforeEach(() => {
  index = new ApplicationIndex();
  index.set(NAME, application());
  index.set(
    OTHER,
    application({ uid: "u2", namespace: "team-pay", name: "web", applicationId: "app-web00000", keys: [] }),
  );
});

const ids = (found: Iterable<{ readonly applicationId: string }>) =>
  [...found].map(({ applicationId }) => applicationId);

describe("the Applications that are projected", () => {
  test("are found by name, id and namespace until they are deleted", () => {
    const found = () => [
      index.living(NAME)?.name,
      ids(index.livingById("app-mobile00")),
      ids(index.livingIn("team-shop")),
    ];
    expect(found()).toEqual(["mobile-app", ["app-mobile00"], ["app-mobile00"]]);
    index.delete(NAME);
    expect(found()).toEqual([undefined, [], []]);
    expect(ids(index.livingIn("team-pay"))).toEqual(["app-web00000"]);
  });

  test("are not found as tombstones, but still reserve their id and keys", () => {
    index.delete(NAME);
    index.set(NAME, application({ tombstone: true }));
    expect([index.living(NAME), ids(index.livingById("app-mobile00"))]).toEqual([undefined, []]);
    expect([index.isForeign("app-mobile00", OTHER), index.isForeign("APIDmobile", OTHER)]).toEqual([
      true,
      true,
    ]);
  });
});

describe("an id or a key", () => {
  test("is foreign to every projection but the one that has it", () => {
    expect(["app-mobile00", "APIDmobile"].map((value) => index.isForeign(value, NAME))).toEqual([
      false,
      false,
    ]);
    expect(["app-mobile00", "APIDmobile"].map((value) => index.isForeign(value, OTHER))).toEqual([
      true,
      true,
    ]);
    expect(index.isForeign("APIDnew", OTHER)).toBe(false);
  });

  test("that two projections have is foreign to both", () => {
    index.set("application.team-pay.twin", application({ uid: "u3", namespace: "team-pay", name: "twin" }));
    expect(index.isForeign("APIDmobile", NAME)).toBe(true);
  });

  test("can be reserved by one projection at a time, and by another after its release", () => {
    expect(index.reserve(["APIDnew", "app-new00000"], NAME)).toBe(true);
    expect(index.reserve(["APIDnew"], OTHER)).toBe(false);
    expect(index.reserve(["APIDnew"], NAME)).toBe(true);
    index.release(NAME);
    expect(index.reserve(["APIDnew", "app-new00000"], OTHER)).toBe(true);
  });

  test("is reserved together with others or not at all", () => {
    expect(index.reserve(["APIDfree", "APIDmobile"], OTHER)).toBe(false);
    expect(index.isForeign("APIDfree", NAME)).toBe(false);
  });

  test("is free once its projection is deleted", () => {
    index.delete(NAME);
    expect(index.reserve(["APIDmobile", "app-mobile00"], OTHER)).toBe(true);
  });

  test("has waiting subjects, each returned once", () => {
    index.awaitKey("APIDmobile", "Application team-pay/web");
    index.awaitKey("APIDmobile", "Application team-pay/web");
    index.awaitKey("APIDother", "Application team-x/y");
    expect([...index.takeWaiting("APIDmobile")]).toEqual(["Application team-pay/web"]);
    expect([...index.takeWaiting("APIDmobile")]).toEqual([]);
  });

  test("is free after its projection has other keys", () => {
    index.delete(NAME);
    index.set(NAME, application({ keys: [key({ apiAppKey: "APIDnext" })] }));
    expect([index.isForeign("APIDmobile", OTHER), index.isForeign("APIDnext", OTHER)]).toEqual([false, true]);
  });
});
