import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Alone, runAlone } from "./attack-alone.ts";
import { ATTACKS, type Attack } from "./attacks.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

export interface Ran extends Alone {
  readonly reached: readonly FileReached[];
}

export interface FileReached {
  readonly file: string;
  readonly lines: number;
  /** `number: text` of each line with code that never ran. */
  readonly unreached: readonly string[];
}

/** An attack in a process of its own, whose engine counts each block of code that runs. Types are stripped in place, so its offsets are ours. */
export async function runWithCoverage(attack: Attack, seed: string, size?: number): Promise<Ran> {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-coverage-"));
  try {
    const args = [attack.name, seed, ...(size === undefined ? [] : [String(size)])];
    const ran = await runAlone(args, { NODE_V8_COVERAGE: folder });
    return { ...ran, reached: await reachedFiles(folder, attack) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Script {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly { startOffset: number; endOffset: number; count: number }[];
  }[];
}

async function reachedFiles(folder: string, attack: Attack): Promise<readonly FileReached[]> {
  const reached: FileReached[] = [];
  for (const name of await readdir(folder)) {
    const text = await readFile(path.join(folder, name), "utf8");
    const { result } = JSON.parse(text) as { result: readonly Script[] }; // V8's own format
    for (const script of result) {
      if (!script.url.startsWith(pathToFileURL(`${ROOT}/`).href)) continue;
      const file = path.relative(ROOT, fileURLToPath(script.url));
      if (!isAimedAt(attack, file)) continue;
      reached.push(reachedIn(file, await readFile(path.join(ROOT, file), "utf8"), script));
    }
  }
  return reached.toSorted((a, b) => (a.file < b.file ? -1 : 1));
}

const isAimedAt = ({ at }: Attack, file: string): boolean =>
  at.some((place) => (place.endsWith("/") ? file.startsWith(place) : file === place));

/** The innermost range that holds a place says how often it ran; V8 lists outer ones first. */
function reachedIn(file: string, source: string, { functions }: Script): FileReached {
  const ran = new Uint8Array(source.length).fill(1);
  const ranges = functions
    .flatMap((each) => each.ranges)
    .toSorted((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset));
  for (const { startOffset, endOffset, count } of ranges)
    ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  const unreached: string[] = [];
  let [at, lines] = [0, 0];
  for (const [index, line] of source.split("\n").entries()) {
    const start = at + line.length - line.trimStart().length;
    at += line.length + 1;
    if (!/\w/.test(line) || /^\s*(\/\/|\/?\*)/.test(line)) continue;
    lines += 1;
    const isUnreached = ran.subarray(start, start + line.trim().length).includes(0);
    if (isUnreached) unreached.push(`${index + 1}: ${line.trim()}`);
  }
  return { file, lines, unreached };
}

// `node tests/hostile/coverage.ts [ATTACK…]`: every line that the attacks do not reach.
if (process.argv[1] === import.meta.filename) {
  const wanted = process.argv.slice(2);
  for (const attack of ATTACKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const { cost, reached } = await runWithCoverage(attack, process.env["SEED"] ?? "1");
    process.stdout.write(`\n${attack.name}: ${JSON.stringify(cost)}\n`);
    for (const { file, lines, unreached } of reached) {
      const share = (100 * (lines - unreached.length)) / lines;
      process.stdout.write(`  ${file}: ${share.toFixed(1)} % of ${lines} lines\n`);
      for (const line of unreached) process.stdout.write(`      ${line}\n`);
    }
  }
}
