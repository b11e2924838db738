/** One rule about metadata: the API server and standalone both refuse it, or both take it. */
export interface MetadataCase {
  readonly kind?: "Application" | "ApiDomain" | "Namespace";
  /** Beside the name `x` and the namespace `default`. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The field and the message of each problem; empty where it is accepted. */
  readonly problems: Readonly<Record<string, RegExp>>;
  /** The API server looks at a Namespace otherwise, or kubectl mends it: only standalone is asked. */
  readonly isOursAlone?: boolean;
}

const accepted = (metadata: MetadataCase["metadata"], kind?: MetadataCase["kind"]): MetadataCase => ({
  ...(kind ? { kind } : {}),
  metadata,
  problems: {},
});
const refused = (metadata: MetadataCase["metadata"], problems: MetadataCase["problems"]): MetadataCase => ({
  metadata,
  problems,
});
const labels = (map: unknown, problems: MetadataCase["problems"] = {}) => refused({ labels: map }, problems);
const annotations = (map: unknown, problems: MetadataCase["problems"] = {}) =>
  refused({ annotations: map }, problems);
const long = (length: number) => "a".repeat(length);

export const METADATA_CASES: Readonly<Record<string, MetadataCase>> = {
  "a name with dots": accepted({ name: "partners.two" }),
  "a name with an upper-case letter": refused(
    { name: "partners-Two" },
    {
      "metadata.name": /^"partners-Two" is invalid: .*subdomain: lower-case letters.*, such as partners-two$/,
    },
  ),
  "a name with an underscore": refused(
    { name: "a_b" },
    { "metadata.name": /"a_b" is invalid.*, such as a-b$/ },
  ),
  "a name with two dots": refused({ name: "a..b" }, { "metadata.name": /"a\.\.b" is invalid/ }),
  "a name that begins with a hyphen": refused({ name: "-ab" }, { "metadata.name": /such as ab$/ }),
  "a name of other letters": refused(
    { name: "商店" },
    { "metadata.name": /"商店" is invalid.*letter or digit$/ },
  ),
  "a name that is longer than 253 characters": refused(
    { name: long(254) },
    { "metadata.name": /has 254 characters: 253 at most/ },
  ),
  "no name": refused({ name: undefined }, { "metadata.name": /^is required: .*, such as mobile-app$/ }),
  "an empty name": refused({ name: "" }, { "metadata.name": /^is required: / }),
  "a name that is a number": refused({ name: 42 }, { "metadata.name": /not number: write "42" in quotes/ }),
  "a name that YAML reads as a boolean": refused(
    { name: true },
    { "metadata.name": /not boolean: write "true" in quotes/ },
  ),
  "a Namespace's name with a dot": {
    kind: "Namespace",
    metadata: { name: "team.shop" },
    problems: { "metadata.name": /RFC 1123 label/ },
  },
  "no namespace": accepted({ namespace: undefined }),
  "a namespace with an upper-case letter": {
    ...refused(
      { namespace: "Team" },
      { "metadata.namespace": /"Team" is invalid: .*label.*, such as team$/ },
    ),
    isOursAlone: true,
  },
  "a namespace with a dot": {
    ...refused({ namespace: "a.b" }, { "metadata.namespace": /RFC 1123 label/ }),
    isOursAlone: true,
  },
  "a namespace that is longer than 63 characters": {
    ...refused({ namespace: long(64) }, { "metadata.namespace": /has 64 characters: 63 at most/ }),
    isOursAlone: true,
  },
  "a namespace that is a number": {
    ...refused({ namespace: 7 }, { "metadata.namespace": /write "7" in quotes/ }),
    isOursAlone: true,
  },
  "labels and annotations": accepted({
    labels: { team: "shop", "example.com/Tier": "Gold_1.x", empty: "" },
    annotations: { "example.com/Note": "anything at all: ü, \n", Plain: "" },
  }),
  "labels that are null": labels(null),
  "labels that are a list": labels(["a"], { "metadata.labels": /must be a map of text to text/ }),
  "a label that YAML reads as a boolean": labels(
    { public: true },
    { "metadata.labels.public": /must be text, not boolean: write "true" in quotes/ },
  ),
  "a label that is a number": labels({ tier: 1 }, { "metadata.labels.tier": /write "1" in quotes/ }),
  "a label with a blank": labels(
    { team: "a b" },
    { "metadata.labels.team": /"a b" is invalid.*such as a-b$/ },
  ),
  "a label that is longer than 63 characters": labels(
    { team: long(64) },
    { "metadata.labels.team": /has 64 characters: 63 at most/ },
  ),
  "a label key with a blank": labels(
    { "a b": "c" },
    { "metadata.labels[a b]": /^the key "a b" is invalid: .*such as a-b$/ },
  ),
  "a label key whose prefix is no DNS name": labels(
    { "Example.com/a": "b" },
    {
      "metadata.labels[Example.com/a]": /^the key's prefix "Example.com" is invalid: .*such as example.com$/,
    },
  ),
  "a label key with two slashes": labels(
    { "a/b/c": "d" },
    { "metadata.labels[a/b/c]": /the key "a\/b\/c" has more than one/ },
  ),
  "a label key that is longer than 63 characters": labels(
    { [long(64)]: "b" },
    { [`metadata.labels.${long(64)}`]: /^the key .* has 64 characters: 63 at most/ },
  ),
  "an annotation that is no text": annotations(
    { note: { a: 1 } },
    { "metadata.annotations.note": /^must be text, not object$/ },
  ),
  "an annotation that is a list": annotations({ note: [1] }, { "metadata.annotations.note": /not a list$/ }),
  "an annotation key with a blank": annotations(
    { "a b": "c" },
    { "metadata.annotations[a b]": /the key "a b" is invalid/ },
  ),
  "an annotation key whose prefix has capitals": annotations({ "Example.com/a": "b" }),
  "annotations of more than 256 KiB": annotations(
    { note: long(262_145) },
    { "metadata.annotations": /at most 262144 bytes, and has 262149/ },
  ),
  "an unknown field": refused(
    { label: { team: "shop" } },
    { "metadata.label": /^unknown field: remove it, or correct its name$/ },
  ),
  "several of them at once": refused(
    { name: "A", labels: { "a b": true }, annotations: { x: 1 } },
    {
      "metadata.name": /"A" is invalid/,
      "metadata.labels[a b]": /the key "a b" is invalid/,
      "metadata.annotations.x": /must be text/,
    },
  ),
  "a cluster-scoped object's namespace is not looked at": accepted({ namespace: "Team" }, "ApiDomain"),
};
