const project = (name, extra = {}) => ({
  displayName: name,
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: { "\\.ts$": "<rootDir>/test/support/stripTypes.js" },
  setupFilesAfterEnv: ["<rootDir>/test/support/patience.ts"],
  ...extra,
});
const onRealParts = { globalSetup: "<rootDir>/test/support/freshBundle.ts" };

/** Three projects: `unit` needs nothing but Node; `integration` and `e2e` start the real parts of test/parts. */
export default {
  projects: [project("unit"), project("integration", onRealParts), project("e2e", onRealParts)],
};
