import { Agent, type ClientRequest, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { randomInteger, seededRandom } from "../../base/random.ts";
import { percentile } from "./api-lists.ts";
import { type BenchApi, SIZE } from "./api-stand.ts";
import { customerOf, type SentReport } from "./api-world.ts";
import { type Figure, rounded } from "./figure.ts";

/** The API takes no more than the last. */
const STEPS = [1_000, 1_500, 2_000];
/** One of so many sees everything, the others what is their customer's. */
const STAFF_EVERY = 20;
const TICK_MS = 100;
const REPORTS_A_TICK = 2;
const SECONDS = 15;
/** A look every half a second, and what a busy machine takes on top. */
const SETTLE_MS_MAX = 20_000;

interface Client {
  /** undefined: staff. */
  readonly customer: number | undefined;
  /** When each packet came, by its id. */
  readonly came: Map<number, number>;
  faults: number;
  readonly request: ClientRequest;
}

/** More and more live clients on one process, until not each of them gets every event that it may see. */
export async function liveFigure(api: BenchApi): Promise<Figure> {
  const agent = new Agent({ keepAlive: true });
  const clients: Client[] = [];
  const held: { clients: number; p50Ms: number; p99Ms: number }[] = [];
  let failure = "";
  try {
    for (const count of STEPS) {
      while (clients.length < count) clients.push(await connect(api, agent, clients.length));
      for (const client of clients) client.came.clear();
      const sent = await reportFor(api);
      await settled(clients, sent);
      const missing = clients.filter((client) => lacks(client, sent)).length;
      if (missing > 0) {
        failure = `; at ${count} ${missing} lacked something`;
        break;
      }
      const delays = delaysOf(clients, sent);
      held.push({
        ...{ clients: count, p50Ms: percentile(delays, 0.5), p99Ms: percentile(delays, 0.99) },
      });
    }
  } finally {
    for (const { request } of clients) request.destroy();
    agent.destroy();
  }
  const delay = held.map(
    ({ clients: count, p50Ms, p99Ms }) =>
      `${count}: median ${rounded(p50Ms)} ms, p99 ${rounded(p99Ms)} ms`,
  );
  return {
    name: "api.live_clients",
    value: held.at(-1)?.clients ?? 0,
    unit: "clients",
    aim: "≥ 1,000",
    note: `${api.database}; about ${(REPORTS_A_TICK * 1_000) / TICK_MS} reports/s, 1 of ${STAFF_EVERY} clients sees all ${SIZE.terminals} terminals, the others their customer's ${SIZE.terminals / SIZE.customers}; from a report's commit to the client ${delay.join("; ")}${failure}`,
  };
}

function connect(api: BenchApi, agent: Agent, index: number): Promise<Client> {
  const isStaff = index % STAFF_EVERY === 0;
  const customer = isStaff ? undefined : index % SIZE.customers;
  const key = customer === undefined ? api.staffKey : (api.customerKeys[customer] ?? "");
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${key}`, accept: "text/event-stream" };
    const request = get(new URL("/api/events", api.url), { agent, headers }, (response) => {
      const client: Client = { customer, came: new Map(), faults: 0, request };
      let rest = "";
      response
        .setEncoding("utf8")
        .on("data", (text: string) => {
          const messages = `${rest}${text}`.split("\n\n");
          rest = messages.pop() ?? "";
          for (const message of messages) take(client, message, resolve);
        })
        .on("close", () => {
          client.faults += 1;
        })
        .on("error", () => {
          client.faults += 1;
        });
    });
    request.on("error", reject);
  });
}

function take(client: Client, message: string, isThere: (client: Client) => void): void {
  const event = /^event: ?(\w+)$/m.exec(message)?.[1];
  if (event === "hello") isThere(client);
  if (event === "missed") client.faults += 1;
  if (event !== "packet") return;
  const id = /"id":"(\d+)"/.exec(message)?.[1];
  client.came.set(Number(id), Date.now());
}

async function reportFor(api: BenchApi): Promise<readonly SentReport[]> {
  const random = seededRandom("api live");
  const sent: SentReport[] = [];
  const endMs = Date.now() + SECONDS * 1_000;
  while (Date.now() < endMs) {
    const addresses = Array.from(
      { length: REPORTS_A_TICK },
      () => 1 + randomInteger(random, SIZE.terminals),
    );
    sent.push(...(await api.report([...new Set(addresses)])));
    await sleep(TICK_MS);
  }
  return sent;
}

const isFor = ({ customer }: Client, { address }: SentReport): boolean =>
  customer === undefined || customerOf(address, SIZE) === customer;

const lacks = (client: Client, sent: readonly SentReport[]): boolean =>
  client.faults > 0 || sent.some((report) => isFor(client, report) && !client.came.has(report.id));

async function settled(clients: readonly Client[], sent: readonly SentReport[]): Promise<void> {
  const untilMs = Date.now() + SETTLE_MS_MAX;
  while (Date.now() < untilMs && clients.some((client) => lacks(client, sent))) await sleep(200);
}

const delaysOf = (clients: readonly Client[], sent: readonly SentReport[]): readonly number[] =>
  clients.flatMap((client) =>
    sent.flatMap((report) => {
      const cameMs = client.came.get(report.id);
      return cameMs === undefined ? [] : [cameMs - report.atMs];
    }),
  );
