import { once } from "node:events";
import { createServer } from "node:net";
import { ConflictError } from "./errors.ts";

interface Listened {
  /** The setting that names the port. */
  readonly setting: string;
  readonly host: string;
  readonly port: number;
}

/** What to say of a port that cannot be opened. What is no fault of the system is given back as it is. */
export function portFault({ setting, host, port }: Listened, cause: unknown): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (typeof code !== "string") return cause;
  const what =
    code === "EADDRINUSE" ? "is in use by another program" : `cannot be opened (${code})`;
  return new ConflictError(
    `${setting} ${port} on ${host} ${what}; choose another one, or 0 for any that is free`,
    { host, port },
    { cause },
  );
}

/**
 * Throws a ConflictError when the port cannot be opened now, so that one need not wait for all else to start to be told.
 * It is a look and holds nothing: whoever opens it later still has to say so.
 */
export async function requireFreePort(listened: Listened): Promise<void> {
  const server = createServer();
  try {
    server.listen(listened.port, listened.host);
    await once(server, "listening");
  } catch (cause) {
    throw portFault(listened, cause);
  }
  server.close();
  await once(server, "close");
}
