import { describe, expect, test } from "@jest/globals";
import { JSON_LIST } from "../../../../../src/store/kube/watch/list.ts";
import { SECRETS } from "../../../../../src/store/kube/watch/secretList.ts";
import { StoreUnavailable } from "../../../../../src/store/store.ts";
import { lengthField, message, textField, varintField } from "../../../../../src/verifier/wire/protobuf.ts";

/** What kube-apiserver puts around each message (runtime.Unknown). */
function envelope(kind: string, content: string): Buffer {
  const typeMeta = message(textField(1, "v1"), textField(2, kind));
  return Buffer.from(`k8s\0${message(lengthField(1, typeMeta), lengthField(2, content))}`, "latin1");
}

const entry = (key: string, value: string) => message(textField(1, key), textField(2, value));

function secret(name: string, data: readonly string[] = [], more = { uid: "u-1", version: "7" }): string {
  const metadata = message(
    textField(1, name),
    textField(3, "countersign-data"),
    textField(5, more.uid),
    textField(6, more.version),
    // creationTimestamp, labels and managedFields are skipped.
    lengthField(8, varintField(1, 1_800_000_000)),
    lengthField(11, entry("countersign.dev/projection", "true")),
    lengthField(12, entry("countersign.dev/change", "Addition")),
    lengthField(12, message(textField(1, "empty"))),
    lengthField(17, textField(1, "countersign")),
  );
  return message(lengthField(1, metadata), ...data.map((one) => lengthField(2, one)), textField(3, "type"));
}

function list(
  items: readonly string[],
  metadata = message(textField(2, "42"), textField(3, "next")),
): Buffer {
  return envelope(
    "SecretList",
    message(lengthField(1, metadata), ...items.map((item) => lengthField(2, item))),
  );
}

/** The whole page; undefined where it cannot be read, now or at one of its items. */
function read(body: unknown) {
  const page = SECRETS.page(body);
  try {
    return page && { ...page, items: [...page.items] };
  } catch (error) {
    expect(error).toBeInstanceOf(StoreUnavailable);
    return undefined;
  }
}

describe("a list of Secrets in protobuf", () => {
  const body = list([
    secret("a", [entry("projection.json", '{"名": 1}'), entry("__proto__", "x")]),
    secret("b"),
  ]);

  test("is read", () => {
    const page = read(body);
    expect(page).toMatchObject({ version: "42", next: "next" });
    const [a, b] = page?.items ?? [];
    expect(a?.metadata).toMatchObject({ name: "a", uid: "u-1", resourceVersion: "7" });
    expect({ ...a?.metadata.annotations }).toEqual({ "countersign.dev/change": "Addition", empty: "" });
    const data = Object.entries(Object(a?.data)).map(([key, value]) => [key, String(value)]);
    expect(data).toEqual([
      ["projection.json", '{"名": 1}'],
      ["__proto__", "x"],
    ]);
    expect(b?.metadata.name).toBe("b");
    expect(Object.keys(Object(b?.data))).toEqual([]);
  });

  test("has its continue token in front", () => {
    expect(SECRETS.token(body)).toBe("next");
    expect(SECRETS.token(list([], textField(2, "42")))).toBe("");
    expect(SECRETS.token(envelope("Status", textField(3, "next")))).toBe("");
  });

  test("that is cut off anywhere is no list", () => {
    for (let end = 0; end < body.length; end++) {
      expect([end, read(body.subarray(0, end))]).toEqual([end, undefined]);
      SECRETS.token(body.subarray(0, end));
    }
  });

  test.each([
    ["is of another kind", envelope("ConfigMapList", message(lengthField(1, textField(2, "42"))))],
    ["has no version", list([secret("a")], textField(3, "next"))],
    ["has an item without a name", list([secret("a"), secret("")])],
    ["has an item without a UID", list([secret("a", [], { uid: "", version: "7" })])],
    ["has an item without a version", list([secret("a", [], { uid: "u", version: "" })])],
    ["has an item without metadata", list([textField(3, "Opaque")])],
    ["has a number for a name", list([lengthField(1, varintField(1, 7))])],
  ])("that %s is not read", (_, bytes) => {
    expect(read(bytes)).toBeUndefined();
  });
});

test("a Status in protobuf has its reason", () => {
  const status = message(
    textField(2, "Failure"),
    textField(3, "the token has expired"),
    textField(4, "Expired"),
  );
  expect(SECRETS.reason(envelope("Status", status))).toBe("Expired");
  expect(SECRETS.reason(envelope("Status", ""))).toBe("");
  expect(SECRETS.reason(Buffer.from("k8s\0\xff", "latin1"))).toBe("");
});

test("a server that has JSON alone is read too", () => {
  const metadata = { name: "a", uid: "u", resourceVersion: "7" };
  const body = {
    kind: "SecretList",
    metadata: { resourceVersion: "42", continue: "next" },
    items: [{ metadata }],
  };
  expect(SECRETS.page(body)).toEqual(JSON_LIST.page(body));
  expect(SECRETS.token(Buffer.from(JSON.stringify(body)))).toBe("next");
  expect(SECRETS.reason({ kind: "Status", reason: "Forbidden" })).toBe("Forbidden");
});
