import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const servers = "**/*.servers.test.ts";
const long = "**/*.long.test.ts";
/** Outages and mishaps of minutes each: of the faults only the hundred kills are for every commit. */
const scenes = "tests/faults/!(kill).servers.test.ts";
const left = ["**/node_modules/**", "**/dist/**"];

/** They take minutes each, and leave a core to the files beside them; begun last, they would run alone. */
const LONGEST = ["kill.servers", "modes.servers", "start"].map((name) => `/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) =>
      LONGEST.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** No test is judged by its time: this ends only what hangs, also on a machine that does much else. */
const HANGS_MS = 600_000;

/** `npm test` runs what npm alone provides; the other two need Debian's servers, or time. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    expect: { poll: { timeout: HANGS_MS / 5 } },
    setupFiles: ["tests/clean-up.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "npm",
          isolate: false, // no module keeps anything: compiled once a worker, PGlite and all schemas serve every file
          include: ["**/*.test.ts"],
          exclude: [...left, servers, long],
          setupFiles: ["tests/property-seed.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "servers",
          include: [servers],
          exclude: [...left, scenes],
        },
      },
      {
        extends: true,
        test: {
          name: "long",
          include: [long, scenes],
          exclude: left,
          testTimeout: 3_600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
