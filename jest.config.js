const project = (name, extra = {}) => ({
  displayName: name,
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: { "\\.ts$": "<rootDir>/test/support/stripTypes.js" },
  ...extra,
});

/** Three projects: `unit` needs nothing but Node; `integration` and `e2e` start the real parts of test/parts. */
export default {
  projects: [project("unit"), project("integration"), project("e2e")],
};
