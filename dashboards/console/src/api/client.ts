import createClient from "openapi-fetch";
import { apiAnswered, apiFailed } from "./reachability.ts";
import type { paths } from "./schema.d.ts";

/** The API said no, or did not answer: `status` is 0 when nothing came back. */
export class ApiError extends Error {
  readonly status: number;
  readonly detail: string | undefined;
  /** The customer that goes on in place of the one asked for. */
  readonly mergedInto: string | undefined;

  constructor(status: number, problem?: unknown, options?: ErrorOptions) {
    super(`the API answered ${status}`, options);
    this.status = status;
    this.detail = textIn(problem, "detail");
    this.mergedInto = textIn(problem, "mergedInto");
  }

  /** A broken gateway or a stopped server: it may answer later, as opposed to a plain no. */
  get away(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

export const api = createClient<paths>({ baseUrl: window.location.origin });

function textIn(problem: unknown, name: string): string | undefined {
  if (typeof problem !== "object" || problem === null) return undefined;
  const value: unknown = Object.entries(problem).find(([key]) => key === name)?.[1];
  return typeof value === "string" ? value : undefined;
}

interface Outcome<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer's body, or an ApiError; either way the banner learns whether the API is there. */
export async function answerOf<T>(call: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    apiFailed();
    throw new ApiError(0, undefined, { cause });
  }
  const { data, error, response } = outcome;
  if (response.ok && data !== undefined) {
    apiAnswered();
    return data;
  }
  const failure = new ApiError(response.status, error);
  if (failure.away) apiFailed();
  else apiAnswered();
  throw failure;
}
