import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { RUNNING_FILE, withSettings } from "./generate-settings.ts";

it("docs/running.md lists the settings as they are; else run `npm run generate`", () => {
  const text = readFileSync(RUNNING_FILE, "utf8");
  expect(text).toBe(withSettings(text));
});
