import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  ACTIONS,
  CUSTOMER_ROLES,
  NOT_FOR_KEYS,
  ROLE_ACTIONS,
  ROLES,
} from "../domain/identity/roles.ts";

export const ROLES_FILE = path.join(import.meta.dirname, "../docs/roles.md");
const BEGIN = "<!-- roles: written by `npm run generate` -->\n";
const END = "<!-- /roles -->";

/** Who may do what, as domain/identity/roles.ts has it. */
function rolesTable(): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  const head = row(["action", ...ROLES, "API key"]);
  const rule = row(["---", ...ROLES.map(() => ":-:"), ":-:"]);
  const rows = ACTIONS.map((action) =>
    row([
      `\`${action}\``,
      ...ROLES.map((role) => markOf(role, action)),
      NOT_FOR_KEYS.has(action) ? "" : "if scoped",
    ]),
  );
  return head + rule + rows.join("");
}

function markOf(role: (typeof ROLES)[number], action: (typeof ACTIONS)[number]): string {
  if (!ROLE_ACTIONS[role].has(action)) return "";
  // of a customer's people only what an owner may, whatever the role
  const isOperatorsAlone = CUSTOMER_ROLES.includes(role) && !ROLE_ACTIONS.owner.has(action);
  return isOperatorsAlone ? "operator's" : "yes";
}

/** docs/roles.md with the table as the code has it. */
export function withRoles(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error("docs/roles.md has lost its marks");
  return text.slice(0, begin + BEGIN.length) + rolesTable() + text.slice(end);
}

if (import.meta.main) writeFileSync(ROLES_FILE, withRoles(readFileSync(ROLES_FILE, "utf8")));
