import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { onCleanup } from "./until.ts";

const ROOT = path.dirname(import.meta.dirname);
const STOP_MS_MAX = 20_000;
/** No setting of ours leaks in. What Node compiled is kept, for its modules are a third of a short run. */
const ENVIRONMENT = {
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  NODE_COMPILE_CACHE: path.join(import.meta.dirname, ".cache/compiled"),
};

/** A program of ours run as a user would, in a process of its own; it ends with the test. */
export interface Program {
  readonly pid: number;
  /** Both outputs so far. */
  readonly output: string;
  /** The match, once that was printed. Throws with all that was printed when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** To it and its children, as from a terminal. */
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface ProgramOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export function startProgram(file: string, { args = [], env = {} }: ProgramOptions = {}): Program {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a group of processes, as a terminal makes one for each command
    env: { ...ENVIRONMENT, ...env },
  });
  let output = "";
  let hasEnded = false;
  let look: () => void = () => undefined;
  const take = (chunk: Uint8Array): void => {
    output += new TextDecoder().decode(chunk);
    look();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const ended = end(child).finally(() => {
    hasEnded = true;
    look();
  });
  const signal = (name: NodeJS.Signals): void => {
    if (!hasEnded && child.pid !== undefined) process.kill(-child.pid, name);
  };
  onCleanup(async () => {
    signal("SIGTERM"); // it ends its own children
    await Promise.race([ended, pause(STOP_MS_MAX, undefined, { ref: false })]);
    signal("SIGKILL");
    await ended;
  });
  return {
    pid: child.pid ?? 0,
    get output() {
      return output;
    },
    says: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          const match = pattern.exec(output);
          if (match) resolve(match);
          else if (hasEnded)
            reject(new Error(`${file} ended without ${String(pattern)}:\n${output}`));
        };
        look();
      }),
    signal,
    ended,
  };
}

const end = (child: ChildProcess) =>
  new Promise<Awaited<Program["ended"]>>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      resolve({ code, signal });
    });
  });

/** Gone when the test ends. Others may enter it: as root, PostgreSQL runs as one of them. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-start-"));
  await chmod(folder, 0o755);
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
