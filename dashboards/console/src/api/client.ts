import createClient from "openapi-fetch";
import { apiAnswered, apiFailed } from "./reachability.ts";
import type { paths } from "./schema.d.ts";

/** The API said no, or did not answer: `status` is 0 when nothing came back. */
export class ApiError extends Error {
  readonly status: number;
  readonly detail: string | undefined;
  /** For programs: which refusal it is. */
  readonly code: string | undefined;
  /** The field of what was sent that is at fault. */
  readonly field: string | undefined;
  /** The customer that goes on in place of the one asked for. */
  readonly mergedInto: string | undefined;

  constructor(status: number, problem?: unknown, options?: ErrorOptions) {
    super(`the API answered ${status}`, options);
    this.status = status;
    this.detail = textIn(problem, "detail");
    this.code = textIn(problem, "code");
    this.field = textIn(problem, "field");
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

let signedOut: () => void = () => undefined;

/** Calls when the API does not know who asks (any more). */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

interface Outcome<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer's body, or an ApiError; either way the banner learns whether the API is there. */
export async function answerOf<T>(call: Promise<Outcome<T>>): Promise<T> {
  return dataOf(await outcomeOf(call));
}

/** For what may not be there, without that being a fault: 204. */
export async function answerOrNone<T>(call: Promise<Outcome<T | undefined>>): Promise<T | null> {
  const outcome = await outcomeOf(call);
  return outcome.response.status === 204 ? null : dataOf<T>(outcome);
}

function dataOf<T>({ data, error, response }: Outcome<T | undefined>): T {
  if (response.ok && data !== undefined) return data;
  throw new ApiError(response.status, error);
}

/** For what answers nothing but that it is done. */
export async function doneOf(call: Promise<Outcome<unknown>>): Promise<void> {
  const { error, response } = await outcomeOf(call);
  if (!response.ok) throw new ApiError(response.status, error);
}

async function outcomeOf<T>(call: Promise<Outcome<T>>): Promise<Outcome<T>> {
  let outcome: Outcome<T>;
  try {
    outcome = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    apiFailed();
    throw new ApiError(0, undefined, { cause });
  }
  const { status } = outcome.response;
  if (status >= 500) apiFailed();
  else apiAnswered();
  if (status === 401) signedOut();
  return outcome;
}
