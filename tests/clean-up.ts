import { afterEach } from "vitest";
import { runCleanups } from "./until.ts";

// Set up for each file: a hook of a module that several files share would be the first file's alone.
afterEach(runCleanups);
