import type { Role } from "../api/types.ts";
import type { TextKey } from "../i18n/en.ts";

export const ROLE_NAMES = {
  administrator: "role.administrator",
  operator: "role.operator",
  billing: "role.billing",
  care: "role.care",
  engineer: "role.engineer",
  "read-only": "role.read-only",
  owner: "role.owner",
  member: "role.member",
} as const satisfies Readonly<Record<Role, TextKey>>;

const OF_CUSTOMER: readonly Role[] = ["owner", "member", "read-only"];

/** The roles that somebody of this customer (null: of the operator) may meet and give. */
export const rolesFor = (customerId: string | null): readonly Role[] =>
  customerId === null
    ? ["administrator", "operator", "billing", "care", "engineer", "read-only", "owner", "member"]
    : OF_CUSTOMER;

export const needsCustomer = (role: Role): boolean => role === "owner" || role === "member";
export const mayHaveCustomer = (role: Role): boolean => OF_CUSTOMER.includes(role);
