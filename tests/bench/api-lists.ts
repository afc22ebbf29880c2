import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import type { BenchApi } from "./api-stand.ts";
import { type Figure, rounded } from "./figure.ts";

/** As many as this machine has cores for the database and the API together. */
const CLIENTS = 2;
const WARM_UP = 200;
const REQUESTS = 2_000;
const PAGES_MAX = 4;

interface Taken {
  readonly kind: string;
  readonly ms: number;
}

/** Pages of every list, searched or not, in every order and from the middle on, by a few people at the same time. */
export async function listFigure(api: BenchApi): Promise<Figure> {
  const random = seededRandom("api lists");
  await walk(api, random, WARM_UP);
  const taken = await walk(api, random, REQUESTS);
  const byKind = Map.groupBy(taken, ({ kind }) => kind);
  const slowest = [...byKind]
    .map(([kind, some]) => ({ kind, ms: percentile99(some.map(({ ms }) => ms)) }))
    .toSorted((a, b) => b.ms - a.ms)
    .map(({ kind, ms }) => `${kind} ${rounded(ms)}`);
  const all = taken.map(({ ms }) => ms);
  return {
    name: "api.list_p99_ms",
    value: rounded(percentile99(all)),
    unit: "ms",
    aim: "≤ 50",
    note: `${api.database}, ${CLIENTS} clients at the same time, ${REQUESTS} pages of 50 over HTTP; median ${rounded(percentile(all, 0.5))} ms; p99 by list: ${slowest.join(", ")}`,
  };
}

async function walk(api: BenchApi, random: Random, requests: number): Promise<readonly Taken[]> {
  const taken: Taken[] = [];
  let left = requests;
  const one = async (): Promise<void> => {
    while (left > 0) {
      const { kind, path } = anyList(random);
      let cursor: string | null = null;
      for (let page = 1 + randomInteger(random, PAGES_MAX); page > 0 && left > 0; page--) {
        left -= 1;
        const at: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const beganMs = performance.now();
        cursor = await api.nextCursor(`${path}&limit=50${at}`);
        taken.push({ kind, ms: performance.now() - beganMs });
        if (cursor === null) break;
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, one));
  return taken;
}

const SORTS = {
  terminals: ["name", "serial", "address", "measured", "received"],
  stock: ["name", "serial", "address", "newest"],
  customers: ["name", "number", "created"],
  assets: [],
} as const;
/** Terminals twice as often as the others. */
const LISTS = ["terminals", "terminals", "stock", "customers", "assets"] as const;

function anyList(random: Random): { readonly kind: string; readonly path: string } {
  const list = LISTS[randomInteger(random, LISTS.length)] ?? "terminals";
  const sorts = SORTS[list];
  const sort = sorts[randomInteger(random, sorts.length)];
  const search = randomInteger(random, 2) === 1 ? anySearch(random) : undefined;
  const query = [
    ...(sort === undefined ? [] : [`sort=${sort}`]),
    ...(search === undefined ? [] : [`search=${encodeURIComponent(search)}`]),
  ];
  const kind = [list, sort, search === undefined ? undefined : "search"];
  return {
    kind: kind.filter((word) => word !== undefined).join(" "),
    path: `/api/${list}?${query.join("&")}`,
  };
}

/** From what finds one to what finds a third of all, in both languages, and nothing. */
function anySearch(random: Random): string {
  const n = 1 + randomInteger(random, 99_999);
  const texts = [
    `HL-${String(n).padStart(8, "0")}`,
    `hl-000${n % 100}`,
    String(n),
    `lamp ${n % 1_000}`,
    "Xinzha",
    `bus ${n % 997}-`,
    `沪${String.fromCharCode(65 + (n % 26))}`,
    `·${String(n).padStart(5, "0").slice(0, 3)}`,
    "nobody has this",
    `Customer ${n % 100}`,
  ];
  return texts[randomInteger(random, texts.length)] ?? "";
}

const percentile99 = (values: readonly number[]): number => percentile(values, 0.99);

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
