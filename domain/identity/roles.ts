/** What can be done, as `noun:verb`; every route of the API names one. */
export const ACTIONS = [
  "catalogue:read",
  "terminals:read",
  "terminals:write",
  "terminals:import",
  "positions:read",
  "packets:read",
  "gateways:read",
  "gateways:write",
  "assets:read",
  "assets:write",
  "assignments:read",
  "assignments:write",
  "groups:read",
  "groups:write",
  "customers:read",
  "customers:write",
  "customers:import",
  "customers:erase",
  "users:read",
  "users:write",
  "keys:read",
  "keys:write",
  "audit:read",
  "jobs:read",
  "jobs:write",
  "live:read",
  "mqtt:read",
  "metrics:read",
] as const;
export type Action = (typeof ACTIONS)[number];

/** Of the operator: the first six. `owner` and `member` are a subscriber's people; `read-only` may be either's. */
export const ROLES = [
  "administrator",
  "operator",
  "billing",
  "care",
  "engineer",
  "read-only",
  "owner",
  "member",
] as const;
export type Role = (typeof ROLES)[number];
export const CUSTOMER_ROLES: readonly Role[] = ["owner", "member", "read-only"];

const WATCH: readonly Action[] = [
  "catalogue:read",
  "terminals:read",
  "positions:read",
  "packets:read",
  "assets:read",
  "assignments:read",
  "live:read",
];

/** Each role's actions; the whole table in one place. */
export const ROLE_ACTIONS: Readonly<Record<Role, ReadonlySet<Action>>> = {
  administrator: new Set(ACTIONS),
  operator: new Set<Action>([
    ...WATCH,
    "terminals:write",
    "terminals:import",
    "gateways:read",
    "gateways:write",
    "assets:write",
    "assignments:write",
    "groups:read",
    "groups:write",
    "customers:read",
    "jobs:read",
    "metrics:read",
  ]),
  billing: new Set<Action>([
    "catalogue:read",
    "terminals:read",
    "assets:read",
    "assignments:read",
    "customers:read",
    "customers:write",
    "customers:import",
  ]),
  care: new Set<Action>([
    ...WATCH,
    "gateways:read",
    "groups:read",
    "customers:read",
    "customers:write",
    "jobs:read",
  ]),
  engineer: new Set<Action>([
    ...WATCH,
    "gateways:read",
    "groups:read",
    "assets:write",
    "customers:read",
    "jobs:read",
    "jobs:write",
  ]),
  "read-only": new Set<Action>([
    ...WATCH,
    "gateways:read",
    "groups:read",
    "customers:read",
    "jobs:read",
  ]),
  owner: new Set<Action>([
    ...WATCH,
    "assets:write",
    "customers:read",
    "users:read",
    "users:write",
    "keys:read",
    "keys:write",
    "mqtt:read",
  ]),
  member: new Set<Action>([...WATCH, "customers:read"]),
};

/** Only a person may: a stolen key must not make more of itself, and erasing asks for somebody's name. */
export const NOT_FOR_KEYS: ReadonlySet<Action> = new Set<Action>([
  "users:read",
  "users:write",
  "keys:read",
  "keys:write",
  "customers:erase",
  "audit:read",
]);
