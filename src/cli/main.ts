#!/usr/bin/env node
import { run } from "./program.ts";

const status = await run(process.argv);
// What a command that failed half-way had opened must not keep the process alive.
if (status !== 0) process.exit(status);
