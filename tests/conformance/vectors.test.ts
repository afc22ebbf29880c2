import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { checkVectors } from "./check-vectors.ts";

const root = join(import.meta.dirname, "../..");
const vectors = join(root, "tests/vectors");
const recordings = join(root, "../shared/vectors/lr-fhss-onair.json");
const files = ["lr-fhss.json", "lr-fhss-noisy.json", "packets.json"].map((name) =>
  join(vectors, name),
);

describe("reference vectors", () => {
  it.each(files)("agree: %s", (file) => {
    const { passed, failures } = checkVectors(readFileSync(file, "utf8"));
    expect(failures).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });

  // research data: read where it lies, never copied into the project
  it("agree with the recordings of a real transmitter, where they are at hand", ({ skip }) => {
    if (!existsSync(recordings)) {
      process.stdout.write("the recordings (lr-fhss-onair.json) are absent: not checked\n");
      skip("the recordings are absent");
    }
    const { passed, failures } = checkVectors(readFileSync(recordings, "utf8"));
    expect(failures).toEqual([]);
    expect(passed).toBe(20);
  });
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Answer = { readonly [key: string]: Json };

const WORDS = ["why", "note", "about"];

/** Each with one value of the answer changed, the value's path first. */
function* altered(value: Json, path: string): Generator<readonly [string, Json]> {
  if (isList(value)) {
    for (const [index, inner] of value.entries()) {
      for (const [at, change] of altered(inner, `${path}[${index}]`)) {
        yield [at, value.with(index, change)];
      }
    }
    yield [`${path} longer`, [...value, 0]];
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (WORDS.includes(key)) continue;
      for (const [at, change] of altered(inner, `${path}.${key}`)) {
        yield [at, { ...value, [key]: change }];
      }
    }
  } else {
    yield [path, otherThan(value)];
  }
}

// Array.isArray does not narrow a readonly list
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

function otherThan(value: null | boolean | number | string): Json {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + Math.abs(value) + 1;
  if (value === null) return 1;
  return (value.startsWith("1") ? "2" : "1") + value.slice(1);
}

describe("the check itself", () => {
  it.each(files)("notices any altered value of an answer in %s", (file) => {
    const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Answer[] };
    const unnoticed: string[] = [];
    let count = 0;
    for (const vector of cases) {
      for (const part of ["mid", "out", "expect"]) {
        const answer = vector[part];
        if (answer === undefined) continue;
        const changes = [...altered(answer, `${JSON.stringify(vector["id"])} ${part}`)];
        const step = Math.ceil(changes.length / 6); // a few of each, from first to last
        for (let at = 0; at < changes.length; at += step) {
          const [path, change] = changes[at] ?? ["", null];
          const { failures } = checkVectors(
            JSON.stringify({ cases: [{ ...vector, [part]: change }] }),
          );
          if (failures.length !== 1) unnoticed.push(path);
          count++;
        }
      }
    }
    expect(unnoticed).toEqual([]);
    expect(count).toBeGreaterThan(cases.length);
  });

  it.each([
    ["an unknown kind", '{"cases":[{"id":"x1","kind":"pigeon","in":{},"out":{}}]}', /x1.*pigeon/],
    ["no known shape", '{"cases":[{"id":"x1"}]}', /x1.*no shape that is known/],
    ["a missing field", '{"cases":[{"id":"x1","kind":"partition","in":{},"out":{}}]}', /payload/],
    ["broken JSON", '{"cases":[', /not a vector file: .*JSON/],
    ["a list", "[]", /must be an object/],
    ["no cases", "{}", /cases must be a list/],
    ["empty cases", '{"cases":[]}', /nothing was checked/],
    ["a case that is null", '{"cases":[null]}', /case 0.*must be an object/],
    [
      "an empty answer",
      '{"cases":[{"kind":"packet-refused","in":{"packet":"00"},"out":{}}]}',
      /refused/,
    ],
  ])("fails with a clear message for %s", (_name, json, message) => {
    const { passed, failures } = checkVectors(json);
    expect(passed).toBe(0);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(message);
  });
});

describe("check.ts", () => {
  const run = promisify(execFile);
  const check = (...paths: string[]) =>
    run(process.execPath, [join(import.meta.dirname, "check.ts"), ...paths]).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (failure: unknown) => failure as { code: number; stdout: string; stderr: string },
    );

  it("prints a line per file and the sum at last", async () => {
    const { code, stdout } = await check(...files);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(files.length + 1);
    expect(lines.at(-1)).toMatch(/^[1-9]\d* passed, 0 failed$/);
  });

  it("names a failing case, and exits with 1", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hopline-vectors-"));
    try {
      const wrong = join(folder, "wrong.json");
      const partition = { payload: "70458414" };
      const cases = [{ id: "w1", kind: "partition", in: partition, out: { dropped: false } }];
      await writeFile(wrong, JSON.stringify({ cases }));
      const absent = join(folder, "absent.json");
      const failure = await check(wrong, absent, folder);
      expect(failure).toMatchObject({ code: 1, stderr: "" });
      expect(failure.stdout).toMatch(
        /wrong\.json: 0 passed, 1 failed\n {2}w1 \(partition\): .*dropped/,
      );
      expect(failure.stdout).toMatch(
        /absent\.json: 0 passed, 1 failed\n {2}cannot be read: ENOENT/,
      );
      expect(failure.stdout).toMatch(/\n0 passed, 3 failed\n$/);
      expect(failure.stdout).not.toMatch(/^ +at /m);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("asks for files when it is given none", async () => {
    expect(await check()).toMatchObject({ code: 1, stderr: /usage/ });
  });
});
