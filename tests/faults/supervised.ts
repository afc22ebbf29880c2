import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Server } from "../../tools/servers/process.ts";
import { killTree } from "./kill-tree.ts";

// Processes that are started again as soon as they are dead, as systemd would.

export interface Supervised {
  readonly name: string;
  /** Of the one that lives; 0 while there is none. */
  readonly pid: number;
  /** Holds the same number, for those who kill it from elsewhere. */
  readonly pidFile: string;
  readonly starts: number;
  /** How often it had started and then ended although nobody wanted it to. */
  readonly falls: number;
  /** kill −9 of it and all below it; false when it is dead already. */
  kill(): boolean;
  /** kill −9, and it stays dead. */
  down(): Promise<void>;
  /** Starts it again; resolves when it has started. */
  up(): Promise<void>;
  /** Ends it with SIGTERM and starts it again. */
  restart(): Promise<void>;
  /** Ends it with SIGTERM for good. */
  stop(): Promise<void>;
}

interface Living {
  readonly pid: number;
  /** False when it ended before it could begin, for instance because another one was away. */
  readonly hasStarted: boolean;
  readonly ended: Promise<unknown>;
  /** Whatever its starter must clear away. */
  readonly clear?: () => Promise<void>;
}

const RESTART_MS = 50;
/** As systemd's RestartSec: who cannot begin because another one is away does not take its time from it. */
const RESTART_AGAIN_MS = 1_000;
process.setMaxListeners(50); // each server and script ends with us

export function supervise(
  folder: string,
  name: string,
  start: () => Promise<Living>,
): Supervised & { readonly lived: Promise<void> } {
  const pidFile = path.join(folder, `${name}.pid`);
  let pid = 0;
  let starts = 0;
  let falls = 0;
  let isAsked = false;
  let isWanted = true;
  let isDown = false;
  let current: Living | undefined;
  const setPid = (value: number): void => {
    pid = value;
    writeFileSync(pidFile, String(value));
  };
  setPid(0);

  // asked anew each time: they change while live() waits
  const wanted = (): boolean => isWanted;
  const down = (): boolean => isDown;
  const asked = (): boolean => isAsked;

  async function live(): Promise<void> {
    while (wanted()) {
      try {
        current = await start();
        starts += 1;
        isAsked = false;
        setPid(current.pid);
        if (!wanted()) isAsked = true;
        if (!wanted()) process.kill(pid, name === "postgres" ? "SIGINT" : "SIGTERM");
        await current.ended;
        if (current.hasStarted && !asked() && readFileSync(pidFile, "utf8") !== "0") falls += 1;
        setPid(0);
        await current.clear?.();
      } catch (error) {
        // it could not start, for instance while the system still holds what its forerunner had
        appendFileSync(path.join(folder, "not-started"), `${name}: ${String(error)}\n`);
      }
      const hasBegun = current?.hasStarted === true;
      current = undefined;
      if (!hasBegun && wanted()) await pause(RESTART_AGAIN_MS);
      do await pause(RESTART_MS);
      while (down() && wanted());
    }
  }
  const lived = live();

  const end = async (): Promise<void> => {
    const ended = current?.ended;
    isAsked = true;
    if (pid !== 0) process.kill(pid, name === "postgres" ? "SIGINT" : "SIGTERM");
    await ended;
  };
  const kill = (): boolean => {
    if (pid === 0) return false;
    const victim = pid;
    setPid(0); // so that nobody else strikes at a number that may be another's soon
    killTree(victim);
    return true;
  };
  const up = async (): Promise<void> => {
    isDown = false;
    while (pid === 0) await pause(RESTART_MS);
  };
  return {
    name,
    pidFile,
    lived,
    get pid() {
      return pid;
    },
    get starts() {
      return starts;
    },
    get falls() {
      return falls;
    },
    kill,
    async down() {
      await up(); // one that is just starting would live on
      isDown = true;
      const ended = current?.ended;
      kill();
      await ended;
    },
    up,
    async restart() {
      await up();
      await end();
      await up();
    },
    async stop() {
      isWanted = false;
      await end();
      await lived;
    },
  };
}

const ROOT = path.resolve(import.meta.dirname, "../..");

const STARTED = '"msg":"started"';

/** A script of ours in a process of its own, once it has started; what it says goes to a file. */
export async function startScript(
  folder: string,
  name: string,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<Living> {
  const logs = path.join(folder, "logs");
  mkdirSync(logs, { recursive: true });
  const log = path.join(logs, `${name}.log`);
  const child = spawn(process.execPath, [script], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: path.join(folder, "compiled"),
      LOG_LEVEL: "info",
      ...env,
    },
  });
  const endWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  const ended = exitOf(child).finally(() => process.removeListener("exit", endWithUs));
  const started = new Promise<void>((resolve) => {
    const take = (chunk: Uint8Array): void => {
      appendFileSync(log, chunk);
      if (new TextDecoder().decode(chunk).includes(STARTED)) resolve();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
  });
  const hasStarted = await Promise.race([started.then(() => true), ended.then(() => false)]);
  return { pid: child.pid ?? 0, hasStarted, ended };
}

const exitOf = (child: ChildProcess) =>
  new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => {
      resolve();
    });
  });

const LOOK_MS = 20;

/** One of Debian's servers: it lives as long as its process number does. */
export async function startReal(start: () => Promise<Server>): Promise<Living> {
  const server = await start();
  return {
    pid: server.pid,
    hasStarted: true,
    ended: untilGone(server.pid),
    clear: () => server.kill(),
  };
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(LOOK_MS);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
