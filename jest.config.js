/** In the checkout: jest's own place is the system's temporary folder, which is another one in each run. */
const cacheDirectory = "<rootDir>/node_modules/.cache/jest";
const project = (name, extra = {}) => ({
  displayName: name,
  cacheDirectory,
  testEnvironment: "<rootDir>/test/support/environment.ts",
  extensionsToTreatAsEsm: [".ts"],
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: { "\\.ts$": "<rootDir>/test/support/stripTypes.js" },
  ...extra,
});
const onRealParts = {
  globalSetup: "<rootDir>/test/support/freshBundle.ts",
  setupFilesAfterEnv: ["<rootDir>/test/support/patience.ts"],
};

/** `unit` needs nothing but Node, and gives a test the 5 s of jest; `integration` and `e2e` start the real parts of test/parts; `chart`, `image`, `cluster` and `console` are suites of their own. */
export default {
  cacheDirectory,
  projects: [
    project("unit"),
    ...["integration", "e2e", "chart", "image", "cluster", "console"].map((name) =>
      project(name, onRealParts),
    ),
  ],
};
