#!/usr/bin/env node
import { commandOf, reportFailure, run } from "./program.ts";
import { endOnBrokenOutput } from "./shared/output.ts";

const command = commandOf(process.argv);
endOnBrokenOutput(command);
// Status 1 is a verdict of some commands, so it must not be the status of an uncaught exception, as it is by default in Node.
process.on("uncaughtException", (error) => process.exit(reportFailure(error, command)));

const status = await run(process.argv);
// Handles that a failed command left open must not keep the process alive.
if (status !== 0) process.exit(status);
