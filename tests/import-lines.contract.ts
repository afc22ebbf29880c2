import { Readable } from "node:stream";
import { expect } from "vitest";
import { until } from "./until.ts";

// A factory's file over HTTP with 37 bad lines among good ones, as any program would send it.

export interface ImportDoor {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Run {
  readonly id: string;
  readonly state: string;
  readonly failure: string | null;
  readonly added: number;
  readonly bad: number;
  readonly linesDone: number;
}

interface Problem {
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly reason: string;
}

export const BAD_LINES = 37;
const LINES_A_CHUNK = 500;
const HEADER = "address,serial,root_key,profile,hardware_version,firmware_version,batch";

interface Cells {
  address: string;
  serial: string;
  key: string;
  profile: string;
  hardware: string;
  firmware: string;
  batch: string;
}

type Spoil = readonly [column: string, code: string, spoil: (cells: Cells) => void];

/** What a factory gets wrong; the good line before it is what a repetition repeats. */
const SPOILS: readonly Spoil[] = [
  ["root_key", "root-key", (cells) => (cells.key = cells.key.slice(1))],
  ["profile", "profile", (cells) => (cells.profile = "boat")],
  ["address", "address", (cells) => (cells.address = "4294967296")],
  ["serial", "serial", (cells) => (cells.serial = "HL 1")],
  ["hardware_version", "version", (cells) => (cells.hardware = "-1")],
  ["firmware_version", "version", (cells) => (cells.firmware = "1.2")],
  ["batch", "too-long", (cells) => (cells.batch = "b".repeat(65))],
  ["address", "repeated", (cells) => (cells.address = String(Number(cells.address) - 1))],
  ["serial", "repeated", (cells) => (cells.serial = serialOf(Number(cells.address) - 1))],
  ["serial", "missing", (cells) => (cells.serial = "")],
];

const serialOf = (n: number): string => `HL-${String(n).padStart(8, "0")}`;

/** Which lines are bad, by the terminal's number, spread over the whole file and one of them the last. */
function badOnes(lines: number): ReadonlyMap<number, Spoil> {
  const step = Math.floor(lines / BAD_LINES);
  const bad = new Map<number, Spoil>();
  for (let i = 1; i <= BAD_LINES; i++) {
    const spoil = SPOILS[i % SPOILS.length];
    if (spoil) bad.set(i === BAD_LINES ? lines : i * step, spoil);
  }
  return bad;
}

function* chunks(lines: number, bad: ReadonlyMap<number, Spoil>): Generator<string> {
  yield `${HEADER}\r\n`;
  for (let from = 1; from <= lines; from += LINES_A_CHUNK) {
    let text = "";
    for (let n = from; n < Math.min(from + LINES_A_CHUNK, lines + 1); n++) {
      const cells: Cells = {
        address: String(n),
        serial: serialOf(n),
        key: n.toString(16).padStart(8, "0").repeat(4),
        profile: "vehicle",
        hardware: "3",
        firmware: "117",
        batch: `B-${n % 40}`,
      };
      bad.get(n)?.[2](cells);
      text += `${Object.values(cells).join(",")}\r\n`; // in the header's order
    }
    yield text;
  }
}

async function ask(door: ImportDoor, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...door.headers, ...(init.headers as Record<string, string> | undefined) }; // never another form here
  const answer = await fetch(door.url + path, { ...init, headers });
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
  return answer;
}

const json = async <T>(answer: Promise<Response>): Promise<T> => (await (await answer).json()) as T; // as the document says

async function importOf(door: ImportDoor, lines: number, bad: ReadonlyMap<number, Spoil>) {
  const body = Readable.toWeb(Readable.from(chunks(lines, bad))).pipeThrough(
    new TextEncoderStream(),
  );
  const { id } = await json<Run>(
    ask(door, "/api/imports/terminals?file_name=factory.csv", {
      ...{ method: "POST", headers: { "content-type": "text/csv" }, body },
      duplex: "half",
    }), // `duplex` is missing from the type, and Node wants it for a stream
  );
  let run = await json<Run>(ask(door, `/api/imports/${id}`));
  await until(async () => {
    run = await json<Run>(ask(door, `/api/imports/${id}`));
    return run.state !== "running";
  });
  return run;
}

async function problemsOf(door: ImportDoor, id: string): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const at: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: Problem[]; nextCursor: string | null } = await json(
      ask(door, `/api/imports/${id}/problems?limit=10${at}`),
    );
    problems.push(...page.items);
    cursor = page.nextCursor;
  }
  return problems;
}

/** All of it on an API without any terminal; leaves it so. */
export async function importsWholeOrNot(door: ImportDoor, lines: number): Promise<void> {
  const inStock = async () => (await json<{ total: number }>(ask(door, "/api/stock/counts"))).total;
  const bad = badOnes(lines);
  const refused = await importOf(door, lines, bad);
  expect(refused).toMatchObject({
    ...{ state: "failed", failure: "bad-lines", added: 0, bad: BAD_LINES, linesDone: lines },
  });
  const problems = await problemsOf(door, refused.id);
  expect(problems.map(({ line, column, code }) => [line, column, code])).toEqual(
    [...bad].map(([n, [column, code]]) => [n + 1, column, code]), // the header is line 1
  );
  expect(problems.every(({ reason }) => reason.length > 5)).toBe(true);
  const repeated = problems.filter(({ code }) => code === "repeated");
  expect(repeated.map(({ reason }) => reason)).toEqual(
    repeated.map(({ line }) => `line ${line - 1} has the same`),
  );
  const exported = await (await ask(door, `/api/imports/${refused.id}/problems/export`)).text();
  expect(exported.trimEnd().split("\r\n")).toHaveLength(1 + BAD_LINES);
  expect(await inStock()).toBe(0);

  const good = await importOf(door, lines, new Map());
  expect(good).toMatchObject({ state: "done", failure: null, added: lines, bad: 0 });
  expect(await inStock()).toBe(lines);
  const undone = await json<Run>(
    ask(door, `/api/imports/${good.id}/undo`, {
      ...{ method: "POST", headers: { "content-type": "application/json" } },
      body: JSON.stringify({ reason: "the wrong file" }),
    }),
  );
  expect(undone).toMatchObject({ state: "undone" });
  expect(await inStock()).toBe(0);
}
