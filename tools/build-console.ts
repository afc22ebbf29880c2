import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { createLog, type Log } from "../base/log.ts";

const CONSOLE = path.join(import.meta.dirname, "..", "dashboards", "console");
const VITE = path.join(import.meta.dirname, "..", "node_modules", "vite", "bin", "vite.js");
const DIST = path.join(CONSOLE, "dist");
const MARK = path.join(DIST, ".sources");
const NOT_BUILT = /(^|[\\/])dist[\\/]|\.test\.ts$|README\.md$/;

/** Changes with any source of the console and with the version of any package. */
function sourcesHash(): string {
  const hash = createHash("sha256");
  const files = readdirSync(CONSOLE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !NOT_BUILT.test(path.relative(CONSOLE, file)))
    .toSorted();
  const lock = path.join(CONSOLE, "..", "..", "package-lock.json");
  for (const file of existsSync(lock) ? [...files, lock] : files)
    hash.update(path.relative(CONSOLE, file)).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

export interface BuildOptions {
  /** Ends a build that nobody waits for any more. */
  readonly signal?: AbortSignal;
  /** Told when there is something to build. */
  readonly begins?: () => void;
}

/** Builds the console when there is none or its sources have changed; answers its folder. */
export async function ensureConsoleBuilt(log: Log, options: BuildOptions = {}): Promise<string> {
  const { signal, begins } = options;
  const hash = sourcesHash();
  if (existsSync(MARK) && readFileSync(MARK, "utf8") === hash) return DIST;
  begins?.();
  log.info("the console is being built, once");
  // a process of its own: what NODE_ENV says in this one would go into the bundle
  await promisify(execFile)(process.execPath, [VITE, "build", "--logLevel", "warn"], {
    cwd: CONSOLE,
    env: { ...process.env, NODE_ENV: "production" },
    ...(signal && { signal }),
  });
  writeFileSync(MARK, hash);
  log.info("the console is built");
  return DIST;
}

if (import.meta.main) await ensureConsoleBuilt(createLog("build-console"));
