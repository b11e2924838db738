#!/usr/bin/env node
import { commandOf, reportFailure, run } from "./program.ts";
import { endOnBrokenOutput } from "./shared/output.ts";

const command = commandOf(process.argv);
endOnBrokenOutput(command);
// Status 1 is a verdict of some commands, so Node's own status of an uncaught exception would say too much.
process.on("uncaughtException", (error) => process.exit(reportFailure(error, command)));

const status = await run(process.argv);
// What a command that failed half-way had opened must not keep the process alive.
if (status !== 0) process.exit(status);
