/**
 * Signing settings as an Application's `spec.signing` has them, such as `parameters: Decoded, openVariants: [FormNotSigned]`; `-`
 * without any. The label of a metric and the output of `explain` and `replay` name a setting in this one way.
 */
export function settingText({
  parameters,
  openVariants = [],
  schemes = [],
}: {
  readonly parameters?: string;
  readonly openVariants?: readonly string[];
  readonly schemes?: readonly string[];
}): string {
  const texts = [
    ...(schemes.length === 0 ? [] : [`schemes: [${schemes.join(", ")}]`]),
    ...(parameters === undefined ? [] : [`parameters: ${parameters}`]),
    ...(openVariants.length === 0 ? [] : [`openVariants: [${openVariants.join(", ")}]`]),
  ];
  return texts.join(", ") || "-";
}
