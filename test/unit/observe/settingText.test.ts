import { expect, test } from "@jest/globals";
import { settingText } from "../../../src/observe/settingText.ts";

const cases: Record<string, [settings: Parameters<typeof settingText>[0], text: string]> = {
  "a setting of parameters": [{ parameters: "Decoded" }, "parameters: Decoded"],
  "one open variant": [{ openVariants: ["FormNotSigned"] }, "openVariants: [FormNotSigned]"],
  "several open variants": [
    { openVariants: ["FormNotSigned", "BodyNotSigned"] },
    "openVariants: [FormNotSigned, BodyNotSigned]",
  ],
  "both, in the order of the CRD": [
    { openVariants: ["FormNotSigned"], parameters: "Encoded" },
    "parameters: Encoded, openVariants: [FormNotSigned]",
  ],
  "no setting": [{}, "-"],
};
test.each(Object.entries(cases))("%s is written as in spec.signing", (_, [settings, text]) => {
  expect(settingText(settings)).toBe(text);
});
