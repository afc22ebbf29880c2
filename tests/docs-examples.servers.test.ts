import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { requireProgram } from "../tools/servers/process.ts";
import { temporaryFolder } from "./program.ts";
import { type Hopline, startHopline, untilBusy } from "./running-hopline.ts";
import { onCleanup, until } from "./until.ts";

// Every example of docs/integrating.md as it stands there, against the demonstration as `npm start` starts it.

const ROOT = path.dirname(import.meta.dirname);
const TERMINALS = 12;
/** One of each device type, switched off. */
const IN_STOCK = 9;

interface Example {
  readonly language: string;
  readonly code: string;
  /** The words in front of it. */
  readonly about: string;
}

async function examples(): Promise<readonly Example[]> {
  const text = await readFile(path.join(ROOT, "docs/integrating.md"), "utf8");
  return [...text.matchAll(/([^\n]*)\n\n```(\w+)\n(.*?)\n```/gs)].map(
    ([, about = "", language = "", code = ""]) => ({ about, language, code }),
  );
}

interface Ran {
  readonly output: string;
  readonly errors: string;
  readonly ended: Promise<number | null>;
  stop(): void;
}

type Environment = Readonly<Record<string, string>>;

/** From a shell, or as a module beside our packages, as somebody types it in. */
function run({ language, code }: Example, env: Environment): Ran {
  const [program, args] =
    language === "sh"
      ? (["sh", ["-e", "-c", code]] as const)
      : ([process.execPath, ["--input-type=module", "--eval", code]] as const);
  const child: ChildProcess = spawn(program, [...args], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const heard = { output: "", errors: "" };
  const decode = (chunk: Uint8Array): string => new TextDecoder().decode(chunk);
  child.stdout?.on("data", (chunk: Uint8Array) => {
    heard.output += decode(chunk);
  });
  child.stderr?.on("data", (chunk: Uint8Array) => {
    heard.errors += decode(chunk);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  const stop = (): void => void child.kill();
  onCleanup(async () => {
    stop();
    await ended;
  });
  return {
    get output() {
      return heard.output;
    },
    get errors() {
      return heard.errors;
    },
    ended,
    stop,
  };
}

/** To its end, which must be a good one. */
async function outputOf(example: Example, env: Environment): Promise<string> {
  const ran = run(example, env);
  expect(await ran.ended, `${example.about}\n${ran.output}\n${ran.errors}`).toBe(0);
  return ran.output;
}

/** Of one that goes on for ever: until it has said this. */
async function heardFrom(example: Example, env: Environment, pattern: RegExp): Promise<string> {
  const ran = run(example, env);
  await until(() => pattern.test(ran.output) || ran.errors !== "");
  expect(ran.errors).toBe("");
  ran.stop();
  await ran.ended;
  return ran.output;
}

async function answerTo(url: string, body: object, cookie = ""): Promise<Response> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", cookie },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  return answer;
}

/** Keys as an administrator makes them: the operator's, and the subscriber's for the broker. */
async function keysOf(hopline: Hopline) {
  const { url } = hopline;
  const signIn = await answerTo(`${url}/api/demo/sign-in`, { role: "administrator" });
  const cookie = (signIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  const { items } = await hopline.get<{ items: { id: string; number: string }[] }>(
    "/api/customers?search=Harbour",
  );
  const customer = items.find(({ number }) => number === "DEMO-1")?.id ?? "";
  const make = async (customerId: string | null, scopes: readonly string[]) => {
    const key = { name: "our system", customerId, scopes, reason: "to try it" };
    const made = await answerTo(`${url}/api/keys`, key, cookie);
    return ((await made.json()) as { secret: string }).secret; // as the document says
  };
  const scopes = ["terminals:read", "positions:read", "packets:read", "live:read"];
  return {
    customer,
    office: await make(null, [...scopes, "customers:read", "customers:import"]),
    subscriber: await make(customer, ["mqtt:read"]),
  };
}

/** A car of the subscriber's that has told its speed. */
async function carOf(hopline: Hopline, customer: string): Promise<string> {
  let car = "";
  await until(async () => {
    const { items } = await hopline.get<{
      items: { customerId: string; terminals: { address: number }[] }[];
    }>("/api/assets?limit=100");
    const addresses = items
      .filter(({ customerId }) => customerId === customer)
      .flatMap(({ terminals }) => terminals.map(({ address }) => address));
    for (const address of addresses) {
      const { points } = await hopline.get<{ points: unknown[] }>(
        `/api/terminals/${address}/history?fields=speed&window=15m&aggregate=mean`,
      );
      if (points.length > 0) car = String(address);
    }
    return car !== "";
  });
  return car;
}

it("runs as it is written, and answers what it promises", async () => {
  requireProgram(["curl"], "curl");
  const hopline = await startHopline(["--terminals", String(TERMINALS)], {
    DATA_DIR: await temporaryFolder(),
  });
  await untilBusy(hopline, TERMINALS, TERMINALS);
  const { customer, office, subscriber } = await keysOf(hopline);
  const [mqttUrl] = /mqtt:\S+/.exec((await hopline.health()).parts["broker"]?.doing ?? "") ?? [""];
  const env = {
    HOPLINE_URL: hopline.url,
    HOPLINE_KEY: office,
    TERMINAL: await carOf(hopline, customer),
  };
  const [me, terminals, history, events, file, client, live, broker, ...rest] = (
    await examples()
  ).filter(({ language }) => ["sh", "js"].includes(language));
  if (!me || !terminals || !history || !events || !file || !client || !live || !broker)
    throw new Error("an example is gone");
  expect(rest).toEqual([]); // a new one wants a line below

  expect(JSON.parse(await outputOf(me, env))).toMatchObject({ name: "our system" });
  const page: unknown = JSON.parse(await outputOf(terminals, env));
  expect(page).toMatchObject({ total: TERMINALS + IN_STOCK, nextCursor: null });
  const readings = JSON.parse(await outputOf(history, env)) as { points: unknown[] }; // as the document says
  expect(readings.points.length).toBeGreaterThan(0);
  expect(await outputOf(events, env)).toContain("event: hello");
  const imported = JSON.parse(await outputOf(file, env)) as { id: string }; // as the document says
  await until(async () => {
    const { state } = await hopline.get<{ state: string }>(`/api/imports/${imported.id}`);
    return state !== "running";
  });
  expect(await hopline.get(`/api/imports/${imported.id}`)).toMatchObject({
    ...{ state: "done", kind: "customers", fileName: "customers.csv", dryRun: true },
    ...{ linesDone: 1, bad: 0, added: 0 },
  });

  const listed = (await outputOf(client, env)).trim().split("\n");
  expect(listed).toHaveLength(TERMINALS + IN_STOCK);
  expect(listed.some((line) => line.startsWith(`${env.TERMINAL} `))).toBe(true);
  expect(await heardFrom(live, env, /packet \{/)).toMatch(/^hello \{\}/);
  const own = { MQTT_URL: mqttUrl, HOPLINE_KEY: subscriber, CUSTOMER: customer };
  const topics = await heardFrom(broker, own, /hopline\/v1\/json\/customer\//);
  expect(topics).toContain(`hopline/v1/json/customer/${customer}/`);
});
