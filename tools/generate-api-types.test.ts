import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { API_TYPES_FILE, generateApiTypes } from "./generate-api-types.ts";

it("the console's types are those of the API; else run `npm run generate`", async () => {
  expect(readFileSync(API_TYPES_FILE, "utf8")).toBe(await generateApiTypes());
});
