import { type ChildProcess, fork, spawn } from "node:child_process";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
const OUTPUT_CHARACTERS_MAX = 4_000;

/** A process of the bench, with which it talks by messages, or one of ours, which it only starts and ends. */
export interface Child {
  readonly pid: number;
  stop(): Promise<void>;
}

export interface TalkingChild<Told, Tells> extends Child {
  tell(message: Told): void;
  /** The next message for which `find` answers something; those before it are dropped. */
  hear<T>(find: (message: Tells) => T | undefined): Promise<T>;
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** For looking where time goes: BENCH_CPU_PROF=folder gives a V8 profile of each process. */
function profiling(name: string): readonly string[] {
  const folder = process.env["BENCH_CPU_PROF"];
  if (folder === undefined) return [];
  return ["--cpu-prof", `--cpu-prof-dir=${path.resolve(folder, name.replaceAll("/", "-"))}`];
}

const environment = (env: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  ...env,
});

/** `node FILE` as a user starts it; resolves when it says that it has started. */
export async function startProcess(file: string, options: ChildOptions = {}): Promise<Child> {
  const child = spawn(
    process.execPath,
    [...profiling(path.dirname(file)), file, ...(options.args ?? [])],
    { cwd: ROOT, env: environment(options.env), stdio: ["ignore", "pipe", "pipe"] },
  );
  const life = follow(child, file);
  let output = "";
  await Promise.race([
    life.ended.then(() => {
      throw new Error(`${file} ended:\n${output}`);
    }),
    new Promise<void>((resolve) => {
      const take = (chunk: Uint8Array): void => {
        output = (output + new TextDecoder().decode(chunk)).slice(-OUTPUT_CHARACTERS_MAX);
        if (output.includes('"started"')) resolve();
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
    }),
  ]);
  return life;
}

export function startTalking<Told extends object, Tells>(
  file: string,
  options: ChildOptions = {},
): TalkingChild<Told, Tells> {
  const child = fork(path.join(import.meta.dirname, file), [...(options.args ?? [])], {
    execArgv: [...profiling(file)],
    env: environment(options.env),
    serialization: "advanced",
  });
  const life = follow(child, file);
  const unheard: Tells[] = [];
  let look: () => void = () => undefined;
  child.on("message", (message) => {
    unheard.push(message as Tells); // both ends are written in one file
    look();
  });
  return {
    pid: life.pid,
    stop: () => life.stop(),
    tell(message) {
      child.send(message);
    },
    hear: (find) =>
      new Promise((resolve, reject) => {
        void life.ended.then(() => {
          reject(new Error(`${file} ended`));
        });
        look = () => {
          for (const message of unheard.splice(0)) {
            const found = find(message);
            if (found === undefined) continue;
            look = () => undefined;
            resolve(found);
            return;
          }
        };
        look();
      }),
  };
}

function follow(child: ChildProcess, file: string) {
  const ended = new Promise<void>((resolve, reject) => {
    child.once("exit", () => {
      resolve();
    });
    child.once("error", (cause) => {
      reject(new Error(`${file} was not started`, { cause }));
    });
  });
  const endWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", endWithUs);
  return {
    pid: child.pid ?? 0,
    ended,
    async stop(): Promise<void> {
      process.off("exit", endWithUs);
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
    },
  };
}
