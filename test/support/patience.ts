import { jest } from "@jest/globals";

/** Tests with real processes may wait for a slow machine. Set here since jest ignores a project's own `testTimeout`. */
jest.setTimeout(60_000);
