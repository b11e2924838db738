import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { StoreUnavailable } from "../../../../src/store/store.ts";
import type { MemoryStore } from "../../../support/memoryStore.ts";
import type { HandOperator } from "../../../support/operatorHarness.ts";
import { applicationsOf, emptyStage } from "../../../support/teamShop.ts";

let store: MemoryStore;
let operator: HandOperator;

beforeEach(() => {
  ({ store, operator } = emptyStage());
});

const { apply, published, condition } = applicationsOf(() => store);

describe("a write that", () => {
  test("is rejected sets conditions on the object, and is retried after an edit", async () => {
    store.beforeWrite = ({ method }) =>
      method === "createProjection" ? { kind: "refused", message: "no room in here" } : undefined;
    apply();
    await operator.settle();
    expect(condition("Ready")).toBe("False WriteRefused");
    expect(condition("Stalled")).toBe("True WriteRefused");
    store.beforeWrite = () => undefined;
    apply({ displayName: "edited" });
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
    expect(condition("Stalled")).toBeUndefined();
  });

  test("meets a dying namespace ends there, without an error", async () => {
    store.beforeWrite = ({ method }) =>
      method === "createCredentials" ? { kind: "terminating" } : undefined;
    apply();
    await operator.settle();
    expect(operator.failures).toBe(0);
    expect(published()).toBeUndefined();
  });

  test("creates a projection needs no read of the object right after the finalizer was written", async () => {
    const reads = jest.spyOn(store, "readObject");
    apply();
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
    expect(reads).not.toHaveBeenCalled();
  });

  test("creates a projection in a later reconcile reads the object first", async () => {
    const reads = jest.spyOn(store, "readObject");
    store.afterWrite = ({ method }) => {
      if (method === "writeFinalizers") throw new StoreUnavailable("the connection was cut");
    };
    apply();
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
    expect(reads).toHaveBeenCalled();
  });

  test("lags in the cache is not planned over: nothing is written twice", async () => {
    store.projections.held = true;
    apply();
    await operator.settle();
    expect(store.writes.map(({ method }) => method)).toEqual(["writeFinalizers", "createProjection"]);
    store.projections.held = false;
    store.projections.deliver();
    await operator.settle();
    expect(condition("Ready")).toBe("True Ready");
    expect(operator.failures).toBe(0);
  });
});
