import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { randomInteger, randomNormal, seededRandom } from "../../base/random.ts";
import { bytesOf, convolve } from "../../protocol/air/lr-fhss-coding.ts";
import { decodeTrellis, trellisSoft } from "../../protocol/air/lr-fhss-payload-trellis.ts";
import { decodePayloadTrellis } from "../../protocol/air/lr-fhss-payload-viterbi.ts";
import { type Figure, median, rounded } from "./figure.ts";

/** All decode the same frames of rate 1/2 and must come to the same bits, those that were sent. */

const FRAMES = 200;
const INFORMATION_BITS = 8 * (20 + 2);
const TAIL_BITS = 6;
const STEPS = INFORMATION_BITS + TAIL_BITS;
const GENERATORS = [0x6d, 0x4f] as const;
const SIGMA = 0.5;
const ROUNDS = 41;
const REPEATS = 10;
const WARM_UP = 4;

const INSTALL =
  "NOT COMPARED, a C compiler or libfec is missing: apt-get install gcc libc6-dev libfec-dev";

interface SoftFrame {
  readonly sent: Uint8Array;
  /** Mother code with its third generator erased: what the decoder sees of coding rate 1/2. */
  readonly mother: Int8Array;
  /** The same values as libfec takes them: 0 is a sure 0, 255 a sure 1. */
  readonly symbols: Uint8Array;
}

interface Round {
  readonly ns: number;
  readonly checksum: number;
}

const NOTE =
  `K=7, rate 1/2, ${INFORMATION_BITS} information bits a frame, soft values, one core each; medians of ${ROUNDS} ` +
  "interleaved rounds, the ratio as the median of the rounds' ratios; all return the bits that were sent. " +
  "Debian builds libfec for amd64 from portable C: it has no SSE2 entry points to compare with";

export async function libfecFigures(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "hopline-bench-"));
  try {
    const frames = makeFrames();
    const program = await compileHarness(folder);
    if (program === undefined) return figuresOf(await race(frames), INSTALL);
    await using peer = await startHarness(program, join(folder, "symbols"), frames);
    return figuresOf(await race(frames, peer), NOTE);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Mbit/s of one round each, as many as there were rounds. */
interface Speeds {
  readonly vectors: number[];
  readonly plain: number[];
  readonly theirs: number[];
}

/** Rounds of all in turn, so that what else the machine does meets all. */
async function race(frames: readonly SoftFrame[], peer?: Harness): Promise<Speeds> {
  const speeds: Speeds = { vectors: [], plain: [], theirs: [] };
  const sent = checksumOf(frames.map((frame) => bytesOf(frame.sent)));
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const vectors = decodeInVectors(frames);
    const plain = decodePlainly(frames);
    const other = await peer?.round();
    for (const { checksum } of [vectors, plain, ...(other ? [other] : [])]) {
      if (checksum !== sent) throw new Error("a decoder did not return what was sent");
    }
    if (round < WARM_UP) continue;
    speeds.vectors.push(megabits(vectors.ns));
    speeds.plain.push(megabits(plain.ns));
    if (other) speeds.theirs.push(megabits(other.ns));
  }
  return speeds;
}

function figuresOf({ vectors, plain, theirs }: Speeds, note: string): Figure[] {
  const figure = (name: string, speeds: readonly number[]): Figure => {
    const own = { name, value: rounded(median(speeds)), unit: "Mbit/s", aim: "ratio ≥ 1", note };
    if (theirs.length === 0) return own;
    const ratios = theirs.map((speed, round) => (speeds[round] ?? Number.NaN) / speed);
    const value = rounded(median(theirs));
    const peer = { name: "libfec viterbi27 (C)", value, unit: "Mbit/s" };
    return { ...own, peer, ratio: rounded(median(ratios)) };
  };
  return [figure("radio.decode_vs_libfec", vectors), figure("radio.decode_ts_vs_libfec", plain)];
}

const megabits = (ns: number): number => (1000 * FRAMES * REPEATS * INFORMATION_BITS) / ns;

function makeFrames(): SoftFrame[] {
  const random = seededRandom("radio libfec");
  return Array.from({ length: FRAMES }, () => {
    const sent = new Uint8Array(STEPS);
    for (let i = 0; i < INFORMATION_BITS; i++) sent[i] = randomInteger(random, 2);
    const soft = Int8Array.from(convolve(sent, GENERATORS, TAIL_BITS, 0), (bit) => {
      const level = (bit === 1 ? 1 : -1) + SIGMA * randomNormal(random);
      return Math.round(Math.max(-127, Math.min(127, 50 * level)));
    });
    const mother = Int8Array.from({ length: 3 * STEPS }, (_, i) =>
      i % 3 === 2 ? 0 : (soft[2 * Math.floor(i / 3) + (i % 3)] ?? 0),
    );
    return { sent, mother, symbols: Uint8Array.from(soft, (value) => value + 128) };
  });
}

/** As the gateway does: into the module's memory, and the bytes out of it. */
function decodeInVectors(frames: readonly SoftFrame[]): Round {
  const decoded = frames.map(() => new Uint8Array(Math.ceil(STEPS / 8)));
  const start = performance.now();
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    frames.forEach((frame, i) => {
      trellisSoft.set(frame.mother);
      decoded[i]?.set(decodeTrellis(STEPS));
    });
  }
  return { ns: 1e6 * (performance.now() - start), checksum: checksumOf(decoded) };
}

function decodePlainly(frames: readonly SoftFrame[]): Round {
  const decoded = frames.map(() => new Uint8Array(STEPS));
  const start = performance.now();
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    frames.forEach((frame, i) => {
      const bits = decoded[i];
      if (bits) decodePayloadTrellis(frame.mother, bits);
    });
  }
  const ns = 1e6 * (performance.now() - start);
  return { ns, checksum: checksumOf(decoded.map((bits) => bytesOf(bits))) };
}

/** As the harness computes it: over the bytes of all frames, tail left off. */
function checksumOf(frames: readonly Uint8Array[]): number {
  let checksum = 0;
  for (const bytes of frames) {
    for (const byte of bytes.subarray(0, INFORMATION_BITS / 8)) {
      checksum = (Math.imul(checksum, 31) + byte) >>> 0;
    }
  }
  return checksum;
}

async function compileHarness(folder: string): Promise<string | undefined> {
  const program = join(folder, "libfec-harness");
  const source = join(import.meta.dirname, "libfec-harness.c");
  try {
    await promisify(execFile)("cc", ["-O2", "-o", program, source, "-lfec"]);
    return program;
  } catch {
    return undefined;
  }
}

interface Harness extends AsyncDisposable {
  round(): Promise<Round>;
}

async function startHarness(
  program: string,
  symbolsPath: string,
  frames: readonly SoftFrame[],
): Promise<Harness> {
  await writeFile(
    symbolsPath,
    frames.map((frame) => frame.symbols),
  );
  const child = spawn(program, [symbolsPath, String(FRAMES), String(INFORMATION_BITS)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async round() {
      child.stdin.write(`${REPEATS}\n`);
      const line = await lines.next();
      if (line.done === true) throw new Error("the libfec harness ended early");
      const [ns = Number.NaN, checksum = Number.NaN] = line.value.split(" ").map(Number);
      return { ns, checksum };
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await lines.return?.();
    },
  };
}
