import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ROLES_FILE, withRoles } from "./generate-roles.ts";

it("docs/roles.md says what the policy says (else `npm run generate`)", () => {
  const text = readFileSync(ROLES_FILE, "utf8");
  expect(withRoles(text)).toBe(text);
});
