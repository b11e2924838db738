import { jest } from "@jest/globals";

/** Tests on real parts may wait for a slow or busy machine: none asserts a time. Set here since jest ignores a project's own `testTimeout`. */
jest.setTimeout(60_000);
