const project = (name) => ({
  displayName: name,
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: { "\\.ts$": "<rootDir>/test/support/stripTypes.js" },
  setupFilesAfterEnv: ["<rootDir>/test/support/patience.ts"],
});
/** Three projects: `unit` needs nothing but Node; `integration` and `e2e` start the real parts of test/parts. */
export default {
  projects: ["unit", "integration", "e2e"].map(project),
};
