const processes = "gateway|broker|network|api|firmware-sim";
const tests = "(^tests/|\\.(test|contract)\\.ts$)";
const deny = (name, from, to) => ({ name, severity: "error", from, to });

/** A library and the only files that may import it. */
const only = (library, where) =>
  deny(
    `only-there-${library.replace("/", "-")}`,
    { pathNot: [where, tests] },
    { path: `node_modules/${library}/` },
  );

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    deny("no-cycles", {}, { circular: true }),
    deny(
      "base-imports-no-folder",
      { path: "^base/", pathNot: tests },
      { pathNot: "^(base/|node_modules/)", dependencyTypesNot: ["core"] },
    ),
    deny(
      "protocol-imports-base-only",
      { path: "^protocol/", pathNot: tests },
      {
        pathNot: "^(protocol/|base/|node_modules/(protobufjs|long)/)",
        dependencyTypesNot: ["core"],
      },
    ),
    deny(
      "domain-imports-no-process",
      { path: "^domain/", pathNot: tests },
      { path: `^(${processes}|dashboards|tools|tests)/` },
    ),
    deny(
      // else a released one could change, and databases that tests keep between runs would not be made anew
      "migrations-stand-alone",
      { path: "^domain/db/migrations/" },
      { pathNot: "^node_modules/kysely/", dependencyTypesNot: ["type-only"] },
    ),
    deny(
      "processes-talk-over-the-wire",
      { path: `^(${processes})/`, pathNot: tests },
      { path: `^(${processes}|dashboards)/`, pathNot: "^$1/" },
    ),
    deny(
      "the-console-knows-the-api-by-its-types",
      { path: "^dashboards/console/", pathNot: tests },
      { path: `^(base|protocol|domain|tools|${processes})/` },
    ),
    deny(
      "only-start-files-choose-adapters",
      {
        // an adapter may use others of its own technology
        pathNot: [
          "/start-[^/]+\\.ts$",
          "^main\\.ts$",
          "^tools/",
          "-(memory|postgres|influx|mqtt|serial|sqlite|argon2|pdfkit)\\.ts$",
          tests,
        ],
      },
      {
        path: "-(memory|postgres|influx|mqtt|serial|sqlite|argon2|pdfkit)\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    ),
    deny("no-test-code-in-source", { pathNot: tests }, { path: tests }),
    deny(
      "no-orphans",
      { orphan: true, pathNot: ["\\.config\\.[a-z]+$", "\\.d\\.ts$", "^\\.", tests] },
      {},
    ),
    only("fastify", "^api/"),
    only("kysely", "^domain/(db/|.+-(postgres|influx)\\.ts$)"),
    only("aedes", "^broker/"),
    only("@node-rs/argon2", "-argon2\\.ts$"),
    only("otpauth", "^domain/identity/second-factor\\.ts$"),
    only("dinero.js", "^domain/billing/money\\.ts$"),
    only("pdfkit", "-pdfkit\\.ts$"),
    only("temporal-polyfill", "(^|/|-)calendar(-routes)?\\.ts$"),
    only("serialport", "(-serial|modem-listen)\\.ts$"),
    only("@influxdata/influxdb-client", "-influx\\.ts$"),
  ],
  options: {
    doNotFollow: { path: "node_modules" }, // not `exclude`: that would blind the `only` rules
    exclude: { path: "(^|/)(dist|coverage|data)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true, // a type-only import is a dependency too
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "types"],
      extensions: [".ts", ".tsx", ".js"],
    },
  },
};
