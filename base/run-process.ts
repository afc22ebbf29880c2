import { AppError } from "./errors.ts";
import { createLog, type Log } from "./log.ts";

export interface Running {
  readonly url?: string;
  stop(): Promise<void>;
}

/** Starts a process and stops it once, on the first signal; any failure on the way is exit code 1. */
export async function runProcess(
  name: string,
  start: (log: Log) => Promise<Running>,
): Promise<void> {
  const log = createLog(name);
  try {
    const running = await start(log);
    log.info({ url: running.url }, "started");
    const signal = await new Promise<NodeJS.Signals>((resolve) => {
      process.once("SIGINT", resolve).on("SIGTERM", resolve); // only a second Ctrl-C ends it at once
    });
    log.info({ signal }, "stopping");
    await running.stop();
  } catch (error) {
    // thrown on purpose: its message is for people, and where it was thrown helps nobody
    if (error instanceof AppError) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, "failed");
    process.exitCode = 1;
  }
}
