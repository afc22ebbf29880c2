import type { FastifyInstance } from "fastify";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { type Answer, faultOf } from "./http-attack.ts";
import { oddText, oneOf } from "./odd-values.ts";

/** What we use of JSON Schema to make a body by. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly type: string; readonly schema: Schema } | undefined;
}

interface Documented {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema }>> };
}

/** Its answer would not end. */
const WITHOUT_END: ReadonlySet<string> = new Set(["events"]);

export function operationsOf(app: FastifyInstance): Operation[] {
  const { paths } = app.swagger() as unknown as {
    paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody }]) => {
      const [first] = Object.entries(requestBody?.content ?? {});
      const body = first && { type: first[0], schema: first[1].schema };
      return { method: method.toUpperCase(), path, operationId, parameters, body };
    }),
  );
}

/** A value that nearly is what the schema asks for: most parts right, so that what lies behind the check is reached. */
function valueFor(random: Random, schema: Schema, known: readonly string[], depth = 0): unknown {
  if (depth > 6 || random.next() < 0.06) return oddValue(random);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[randomInteger(random, schema.enum.length)];
  const choices = schema.anyOf ?? schema.allOf;
  if (choices !== undefined) {
    const choice = choices[randomInteger(random, choices.length)];
    return valueFor(random, choice ?? {}, known, depth + 1);
  }
  const type = typeof schema.type === "string" ? schema.type : schema.type?.[0];
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(() => random.next() < 0.85)
          .map(([name, each]) => [name, valueFor(random, each, known, depth + 1)]),
      );
    case "array":
      return Array.from({ length: randomInteger(random, 4) }, () =>
        valueFor(random, schema.items ?? {}, known, depth + 1),
      );
    case "integer":
    case "number": {
      const { minimum = 0, maximum = 100 } = schema;
      if (random.next() < 0.2) return oneOf(random, [minimum, maximum]);
      return minimum + randomInteger(random, Math.min(maximum - minimum, 1_000) + 1);
    }
    case "boolean":
      return random.next() < 0.5;
    case "null":
      return null;
    case undefined:
    default:
      return textFor(random, known);
  }
}

/** What many operations ask for: a name, an address, a day, a month, a serial, a language, a customer. */
const LIKELY = ["Ann", "ann@example.org", "2026-10-01", "2026-10", "HL-5", "en", "c1"] as const;

function textFor(random: Random, known: readonly string[]): string {
  const chance = random.next();
  if (chance < 0.4) return known[randomInteger(random, known.length)] ?? "5";
  if (chance < 0.6) return oneOf(random, LIKELY);
  return oddText(random);
}

const oddValue = (random: Random): unknown =>
  oneOf(random, [null, true, -1, 1.5, 1e300, "", [], {}, [[]], { __proto: 1 }, oddText(random)]);

const latin = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, "?");

function requestFor(random: Random, operation: Operation, known: readonly string[]) {
  const { method, parameters, body } = operation;
  const path = operation.path.replaceAll(/\{[^}]*\}/g, () => {
    return encodeURIComponent(textFor(random, known).toWellFormed());
  });
  const query = parameters
    .filter((one) => one.in === "query" && random.next() < 0.5)
    .map(({ name, schema = {} }) => {
      const value = valueFor(random, schema, known);
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return `${name}=${encodeURIComponent(text.toWellFormed())}`;
    });
  const headers: Record<string, string> = { host: "localhost" };
  if (random.next() < 0.2)
    headers["if-match"] = oneOf(random, ['"1"', '"0"', "*", latin(oddText(random))]);
  if (random.next() < 0.2)
    headers["idempotency-key"] = oneOf(random, ["key-00001", "key-00002", latin(oddText(random))]);
  if (body !== undefined) headers["content-type"] = body.type;
  const payload =
    body === undefined
      ? undefined
      : body.type === "text/csv"
        ? oneOf(random, ["kind,name\nperson,Ann\n", "address,serial\n1,\n", oddText(random)])
        : JSON.stringify(valueFor(random, body.schema, known));
  const url = query.length === 0 ? path : `${path}?${query.join("&")}`;
  return { method, url, headers, ...(payload === undefined ? {} : { payload }) };
}

const KNOWN_MAX = 60;

/** Ids of what exists by now, so that later requests meet it. */
function learn(known: string[], body: string): void {
  for (const [, id] of body.matchAll(/"(?:id|address|photoId|serial)":"?([\w-]{1,64})/g)) {
    if (id === undefined || known.includes(id)) continue;
    known.push(id);
    if (known.length > KNOWN_MAX) known.shift();
  }
}

/** What a link in a message leads to: a page for people, whatever it says. */
const PAGES: ReadonlySet<string> = new Set([
  ...["lookAtAcknowledgement", "acknowledgeByLink", "sharedRecovery"],
  ...["lookAtPayment", "payAtDemonstration"],
]);

/** Asks every operation `times` times, one after the other, for a seed gives the same requests; answers what was wrong. */
export async function attackOperations(app: FastifyInstance, seed: string, times: number) {
  const random = seededRandom(`operations ${seed}`);
  const known = ["5", "1", "gw-1", "HL-5"];
  const faults: string[] = [];
  const reached = new Map<string, number>();
  const operations = operationsOf(app).filter(({ operationId }) => !WITHOUT_END.has(operationId));
  for (let round = 0; round < times; round++) {
    for (const operation of operations) {
      const request = requestFor(random, operation, known);
      const { statusCode, headers, body } = await app.inject(request as object);
      const type = headers["content-type"]?.split(";")[0] ?? "";
      const text = JSON.stringify(request).slice(0, 600);
      const answer: Answer = { request: text, status: statusCode, type, isHead: false, body };
      const fault = faultOf(answer, PAGES.has(operation.operationId));
      if (fault !== undefined) faults.push(`${operation.operationId}: ${fault}: ${text}`);
      if (statusCode < 300) {
        reached.set(operation.operationId, (reached.get(operation.operationId) ?? 0) + 1);
        learn(known, body);
      }
    }
  }
  return { faults, reached, operations: operations.length };
}
