import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const takeA = (port) => `Take a ${port} instead, so that tests can replace it.`;

export default defineConfig(
  {
    ignores: [
      "**/dist/",
      "coverage/",
      "data/",
      "protocol/telematics.*",
      "dashboards/console/src/api/schema.d.ts",
      "**/*.{js,mjs}",
    ],
  },
  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allow: [{ name: "bigint", from: "lib" }] },
      ],
      "@typescript-eslint/require-await": "off", // an adapter may have nothing to await
      "no-console": "error",
      "no-restricted-globals": ["error", "setTimeout", "setInterval", "Buffer"],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: takeA("Clock") },
        { object: "Math", property: "random", message: takeA("Random") },
        { object: "process", property: "env", message: "Only main.ts reads the environment." },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: takeA("Clock"),
        },
        { selector: "ExportDefaultDeclaration", message: "Export by name." },
      ],
      complexity: ["error", 12],
      "max-params": ["error", 4],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["base/clock.ts", "main.ts", "*/main.ts"],
    rules: { "no-restricted-properties": "off" },
  },
  { files: ["base/every.ts"], rules: { "no-restricted-globals": "off" } },
  { files: ["*.config.ts", "**/vite.config.ts"], rules: { "no-restricted-syntax": "off" } },
  {
    // a browser has a wall clock and timers of its own; what decides takes them as arguments
    files: ["dashboards/console/**/*.{ts,tsx}"],
    rules: {
      "no-restricted-globals": "off",
      "no-restricted-properties": "off",
      "no-restricted-syntax": "off",
    },
  },
  {
    // commands for people: they print, and read the machine they run on
    files: [
      "main.ts",
      "tools/**/*.ts",
      "tests/bench/**/*.ts",
      "tests/conformance/check.ts",
      "dashboards/grafana/deploy.ts",
    ],
    rules: { "no-console": "off", "no-restricted-properties": "off" },
  },
  {
    files: ["**/*.test.ts", "**/*.contract.ts", "tests/**/*.ts"],
    // an oracle compares field by field, and says which
    rules: {
      "max-lines-per-function": "off",
      complexity: "off",
      "no-restricted-properties": "off",
    },
  },
  // index arithmetic over proven bounds; the one place where `!` is allowed
  { files: ["protocol/air/**"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
);
