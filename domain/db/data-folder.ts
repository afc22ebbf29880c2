import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { InvalidConfigError } from "../../base/errors.ts";

const ALL = constants.R_OK | constants.W_OK | constants.X_OK;

/** Makes DATA_DIR where it is missing. Throws an InvalidConfigError when nothing can be kept there. */
export function requireDataFolder(folder: string): void {
  try {
    makeFolder(path.resolve(folder));
    accessSync(folder, ALL);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new InvalidConfigError([
      `DATA_DIR ${folder} cannot be used${why}; it must be a folder that this user may make and write in`,
    ]);
  }
}

/** One parent after the other: mkdir's own `recursive` never ends in a file system that lets nothing be made, such as /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}
