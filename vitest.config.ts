import { defineConfig } from "vitest/config";

const servers = "**/*.servers.test.ts";
const long = "**/*.long.test.ts";
/** Outages and mishaps of minutes each: of the faults only the hundred kills are for every commit. */
const scenes = "tests/faults/!(kill).servers.test.ts";
const left = ["**/node_modules/**", "**/dist/**"];

/** `npm test` runs what npm alone provides; the other two need Debian's servers, or time. */
export default defineConfig({
  test: {
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
