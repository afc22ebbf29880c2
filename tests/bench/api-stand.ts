import { mkdtemp, rm } from "node:fs/promises";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { UnavailableError } from "../../base/errors.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import type { Server } from "../../tools/servers/process.ts";
import type { FromApi, ToApi } from "./api-process.ts";
import type { SentReport, WorldSize } from "./api-world.ts";
import { startTalking } from "./ingest-child.ts";

export const SIZE: WorldSize = { terminals: 100_000, customers: 1_000 };

/** The API of 100,000 terminals, seen from outside. */
export interface BenchApi {
  readonly url: string;
  readonly staffKey: string;
  readonly customerKeys: readonly string[];
  /** Which one it stands on. */
  readonly database: string;
  /** Reads a page of a list whole, and answers where it goes on. */
  nextCursor(path: string): Promise<string | null>;
  report(addresses: readonly number[]): Promise<readonly SentReport[]>;
  stop(): Promise<void>;
}

export async function startBenchApi(): Promise<BenchApi> {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-bench-api-"));
  const postgres = await debianPostgres();
  const child = startTalking<ToApi, FromApi>("api-process.ts", {
    env: { DATA_DIR: folder, ...(postgres && { DATABASE_URL: postgres.url }) },
  });
  const stop = async (): Promise<void> => {
    await child.stop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    child.tell({ fill: SIZE });
    const ready = await child.hear((message) => ("url" in message ? message : undefined));
    const agent = new Agent({ keepAlive: true });
    return {
      ...ready,
      database: postgres ? "PostgreSQL" : "PGlite",
      nextCursor: (at) => readPage(new URL(at, ready.url), ready.staffKey, agent),
      async report(reports) {
        child.tell({ reports });
        return child.hear((message) => ("sent" in message ? message.sent : undefined));
      },
      async stop() {
        agent.destroy();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** undefined where it is not installed. */
async function debianPostgres(): Promise<Server | undefined> {
  try {
    return await startPostgres();
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}

function readPage(url: URL, key: string, agent: Agent): Promise<string | null> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      let body = "";
      response
        .setEncoding("utf8")
        .on("data", (text: string) => {
          body += text;
        })
        .on("end", () => {
          if (response.statusCode !== 200)
            reject(new Error(`${url.pathname}${url.search}: ${body}`));
          else resolve(cursorOf(body));
        })
        .on("error", reject);
    }).on("error", reject);
  });
}

function cursorOf(body: string): string | null {
  const page: unknown = JSON.parse(body);
  const isPage = typeof page === "object" && page !== null && "nextCursor" in page;
  return isPage && typeof page.nextCursor === "string" ? page.nextCursor : null;
}
