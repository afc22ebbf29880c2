import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UnavailableError } from "../../base/errors.ts";

/** A real server that tests and `npm run start:server` start and end; it keeps nothing unless told where. */
export interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

export interface ServerCommand {
  readonly name: string;
  readonly url: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly uid?: number | undefined;
  readonly isReady: () => Promise<boolean>;
  /** Folder to remove afterwards. */
  readonly temporaryDir?: string | undefined;
  readonly stopSignal?: NodeJS.Signals;
}

const READY_MS_MAX = 30_000;
const STOP_MS_MAX = 15_000;
const OUTPUT_CHARACTERS_MAX = 4_000;

/** The program's path, or an error that says which Debian package brings it. */
export function requireProgram(candidates: readonly string[], debianPackage: string): string {
  const folders = (process.env["PATH"] ?? "").split(":").concat("/usr/sbin", "/usr/local/sbin");
  for (const candidate of candidates) {
    const found = candidate.startsWith("/")
      ? candidate
      : folders.map((folder) => path.join(folder, candidate)).find((file) => existsSync(file));
    if (found !== undefined && existsSync(found)) return found;
  }
  throw new UnavailableError(
    `${candidates[0] ?? ""} is not installed: apt-get install -y ${debianPackage} (or npm run test:servers as root, which does it)`,
  );
}

/** A port that was free a moment ago, on loopback. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no TCP port was given");
  return address.port;
}

export const temporaryFolder = (name: string): Promise<string> =>
  mkdtemp(path.join(tmpdir(), `hopline-${name}-`));

export async function startServer(command: ServerCommand): Promise<Server> {
  const { name, program, args, uid, isReady, url } = command;
  const owner = uid === undefined ? {} : { uid, gid: uid };
  // a group of its own: a terminal's Ctrl-C is for whoever uses the server, and that one still needs it to stop
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...owner,
  });
  let output = "";
  const keep = (chunk: Buffer | string): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS_MAX);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const exited = new Promise<void>((resolve) =>
    child
      .once("exit", () => {
        resolve();
      })
      .once("error", (error) => {
        keep(String(error));
        resolve();
      }),
  );
  const endWithUs = (): void => void child.kill("SIGKILL");
  process.once("exit", endWithUs);

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    process.removeListener("exit", endWithUs);
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const isGone = await Promise.race([exited.then(() => true), sleep(STOP_MS_MAX, false)]);
    if (!isGone) child.kill("SIGKILL");
    await exited;
    if (command.temporaryDir !== undefined) {
      await rm(command.temporaryDir, { recursive: true, force: true });
    }
  };

  for (let waitedMs = 0; !(await isReady().catch(() => false)); waitedMs += 50) {
    if (hasEnded(child) || waitedMs > READY_MS_MAX) {
      await end("SIGKILL");
      throw new UnavailableError(`${name} did not start (${program}):\n${output}`);
    }
    await sleep(50);
  }
  return {
    url,
    pid: child.pid ?? 0,
    stop: () => end(command.stopSignal ?? "SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
