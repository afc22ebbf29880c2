import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const servers = "**/*.servers.test.ts";
const long = "**/*.long.test.ts";
/** Outages and mishaps of minutes each: of the faults only the hundred kills are for every commit. */
const scenes = "tests/faults/!(kill).servers.test.ts";
const left = ["**/node_modules/**", "**/dist/**"];

/** The kills take minutes and leave a core to the files beside them; begun last, they would run alone. */
class KillsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isKills = ({ moduleId }: TestSpecification) => moduleId.endsWith("kill.servers.test.ts");
    const sorted = await super.sort(files);
    return [...sorted.filter(isKills), ...sorted.filter((file) => !isKills(file))];
  }
}

/** `npm test` runs what npm alone provides; the other two need Debian's servers, or time. */
export default defineConfig({
  test: {
    sequence: { sequencer: KillsFirst },
    testTimeout: 90_000, // a file's first test also waits for its database, seconds on a busy machine
    hookTimeout: 90_000,
    projects: [
      {
        extends: true,
        test: { name: "npm", include: ["**/*.test.ts"], exclude: [...left, servers, long] },
      },
      {
        extends: true,
        test: {
          name: "servers",
          include: [servers],
          exclude: [...left, scenes],
          testTimeout: 120_000,
          hookTimeout: 120_000,
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
