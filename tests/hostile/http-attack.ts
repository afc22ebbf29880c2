import { connect } from "node:net";
import type { FastifyInstance } from "fastify";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import type { Db } from "../../domain/db/database.ts";
import { openApi, seedPacket, seedTerminals } from "../api-fixture.ts";
import { openMigrated } from "../migrated-database.ts";
import { oddText, oneOf } from "./odd-values.ts";
import { unwatched } from "./watch.ts";

const METHODS = [
  "GET",
  "GET",
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "PATCH",
  "OPTIONS",
  "TRACE",
  "BREW",
] as const;
const HOSTS = [
  "127.0.0.1:8080",
  "localhost",
  "[::1]:1",
  "attacker.example",
  "",
  "127.0.0.1\t",
  "a".repeat(300),
] as const;
const BODIES = [
  "",
  "{",
  "null",
  "[]",
  '{"a":1}',
  '{"__proto__":{"x":1}}',
  "\0\0\0\0",
  `[${"[".repeat(5_000)}`,
  "x".repeat(70_000),
] as const;
const TYPES = [
  "application/json",
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=",
  "a/b",
  "",
] as const;
const ANSWER_MS_MAX = 30_000;

export interface Answer {
  readonly request: string;
  readonly status: number;
  readonly type: string;
  readonly isHead: boolean;
  readonly body: string;
}

interface Route {
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

/** Every route that the document knows, and a few that it does not. */
export function routesOf(app: FastifyInstance): Route[] {
  const { paths } = app.swagger() as unknown as {
    paths: Record<string, Record<string, { parameters?: Route["parameters"] }>>;
  };
  const known = Object.entries(paths).map(([path, methods]) => ({
    path,
    parameters: Object.values(methods).flatMap(({ parameters }) => parameters ?? []),
  }));
  const more = [
    "/",
    "/api",
    "/api/",
    "/api/openapi.json",
    "/api/none",
    "/index.html",
    "//",
    "/health/..",
  ];
  return [...known, ...more.map((path) => ({ path, parameters: [] }))];
}

/** One request as bytes, so that no client corrects what is wrong with it. */
export function oddRequest(random: Random, routes: readonly Route[]): string {
  const route = routes[randomInteger(random, routes.length)] ?? { path: "/", parameters: [] };
  const written = (text: string): string => {
    const chance = random.next();
    if (chance < 0.9) return encodeURIComponent(text.toWellFormed());
    return chance < 0.95 ? text.replaceAll(/[\s\p{Cc}\p{Cs}]/gu, "~") : `%${text.slice(0, 2)}`;
  };
  const path = route.path.replaceAll(/\{[^}]*\}/g, () =>
    random.next() < 0.3 ? oneOf(random, ["5", "1", "gw-1"]) : written(oddText(random)),
  );
  const names = route.parameters.filter((each) => each.in === "query").map(({ name }) => name);
  const asked = names.filter(() => random.next() < 0.35);
  if (random.next() < 0.2) asked.push(oddText(random), ...asked.slice(0, 1)); // unknown, and twice
  const query = asked.map((name) => `${written(name)}=${written(oddText(random))}`).join("&");
  return requestText(random, query === "" ? path : `${path}?${query}`);
}

function requestText(random: Random, target: string): string {
  const method = oneOf(random, METHODS);
  const host = random.next() < 0.9 ? HOSTS[0] : oneOf(random, HOSTS);
  const headers = [`host: ${host}`, "connection: close"];
  if (random.next() < 0.2) headers.push(`accept: ${latin(oddText(random))}`);
  if (random.next() < 0.2) headers.push(`last-event-id: ${latin(oddText(random))}`);
  if (random.next() < 0.1) headers.push(`if-none-match: ${latin(oddText(random))}`);
  if (random.next() < 0.1) headers.push(`range: bytes=${latin(oddText(random))}`);
  if (random.next() < 0.02) headers.push(`x-large: ${"y".repeat(20_000)}`);
  if (random.next() < 0.02) headers.push(latin(oddText(random)));
  const hasBody = !["GET", "HEAD"].includes(method) || random.next() < 0.1;
  const body = hasBody ? oneOf(random, BODIES) : "";
  if (hasBody)
    headers.push(`content-type: ${oneOf(random, TYPES)}`, `content-length: ${body.length}`);
  return `${method} ${target} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${body}`;
}

const latin = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, "?");

/** The answer's head, and its body unless it is a stream that never ends. Throws when nothing comes. */
export async function ask(port: number, request: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write(request, "utf8"));
    const done = (): void => {
      socket.destroy();
      const [head = "", ...body] = text.split("\r\n\r\n");
      resolve({
        request,
        status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0),
        type: /^content-type: *([^;\r\n]*)/im.exec(head)?.[1] ?? "",
        isHead: request.startsWith("HEAD"),
        body: body.join("\r\n\r\n"),
      });
    };
    socket.setEncoding("utf8");
    socket.setTimeout(ANSWER_MS_MAX, () => {
      socket.destroy();
      reject(new Error(`no answer to ${JSON.stringify(request.slice(0, 300))}`));
    });
    socket.on("data", (chunk: string) => {
      text += chunk;
      if (/^content-type: *text\/event-stream/im.test(text)) done();
    });
    socket.on("end", done);
    socket.on("error", (error) => {
      if (text === "") reject(error);
      else done(); // it was answered before all of it was read
    });
  });
}

/** What is wrong with an answer; undefined when nothing is. */
export function faultOf(
  { status, type, isHead, body }: Answer,
  mayBePage = false,
): string | undefined {
  if (status < 200 || status >= 500) return `status ${status}`;
  if (mayBePage && type === "text/html") return undefined;
  if (status < 400 || isHead) return undefined;
  if (type !== "application/problem+json") return `${status} as ${type}`;
  try {
    const problem: unknown = JSON.parse(body);
    const isProblem =
      typeof problem === "object" && problem !== null && "code" in problem && "status" in problem;
    return isProblem && problem.status === status ? undefined : "no problem document";
  } catch {
    return "a body that is no JSON";
  }
}

const AT_ONCE = 8;
/** It leads to a page for people, whatever the page says. */
const LINK_OF_A_MESSAGE = /^[A-Z]+ \/(acknowledge|shared|pay)\//;

/** Asks `count` odd requests of a listening app and answers what was wrong with the answers. */
async function attackHttp(app: FastifyInstance, port: number, seed: string, count: number) {
  const random = seededRandom(`http ${seed}`);
  const routes = routesOf(app);
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  for (let n = 0; n < count; n += AT_ONCE) {
    const requests = Array.from({ length: AT_ONCE }, () => oddRequest(random, routes));
    for (const answer of await Promise.all(requests.map((request) => ask(port, request)))) {
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const fault = faultOf(answer, LINK_OF_A_MESSAGE.test(answer.request));
      if (fault) faults.push(`${fault}: ${JSON.stringify(answer.request.slice(0, 300))}`);
    }
  }
  return { faults, statuses, routes: routes.length };
}

/** A listening API over a database in which one terminal and one packet are known. */
export async function attackApiOn(db: Db, seed: string, count: number, watch = unwatched) {
  await seedTerminals(db, [{ address: 5, name: "Car" }]);
  await seedPacket(db, { id: 1, address: 5, counter: 1 });
  const { app } = await openApi(db);
  try {
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    return await watch(() => attackHttp(app, Number(new URL(url).port), seed, count));
  } finally {
    await app.close();
  }
}

export async function attackApi(seed: string, count: number, watch = unwatched) {
  const db = await openMigrated();
  const { faults, statuses } = await attackApiOn(db, seed, count, watch);
  await db.destroy();
  return { faults, statuses: Object.fromEntries(statuses) };
}
