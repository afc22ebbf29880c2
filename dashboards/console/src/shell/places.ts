import type { Action } from "../api/types.ts";
import type { TextKey } from "../i18n/en.ts";
import type { IconName } from "../parts/icon.tsx";

export const GROUPS = [
  ...(["mine", "organisation"] as const),
  ...(["network", "alerts", "assets", "customers", "billing", "field", "access"] as const),
] as const;
export type Group = (typeof GROUPS)[number];

/** A page that one goes to from anywhere; shown to whoever may do `action`. `keys` go there, too. */
export interface Place {
  readonly to: string;
  readonly icon: IconName;
  readonly text: TextKey;
  readonly keys: string;
  readonly action: Action;
  readonly group: Group;
  /** A page of its own, no part of the console. */
  readonly isApart?: true;
}

/** So long after `g` a place's key goes there, and does nothing else. */
export const CHORD_MS = 1500;

/** The first four that somebody may see stand in the bar at the bottom of a phone. */
export const PLACES: readonly Place[] = [
  {
    to: "/",
    icon: "map",
    text: "nav.map",
    keys: "g m",
    action: "positions:read",
    group: "network",
  },
  {
    to: "/terminals",
    icon: "terminals",
    text: "nav.terminals",
    keys: "g t",
    action: "terminals:read",
    group: "network",
  },
  {
    to: "/packets",
    icon: "packets",
    text: "nav.packets",
    keys: "g p",
    action: "packets:read",
    group: "network",
  },
  {
    to: "/gateways",
    icon: "gateways",
    text: "nav.gateways",
    keys: "g g",
    action: "gateways:read",
    group: "network",
  },
  {
    to: "/commands",
    icon: "command",
    text: "nav.commands",
    keys: "g d",
    action: "commands:read",
    group: "network",
  },
  {
    to: "/alarms",
    icon: "alarm",
    text: "nav.alarms",
    keys: "g x",
    action: "alarms:read",
    group: "alerts",
  },
  {
    to: "/incidents",
    icon: "incident",
    text: "nav.incidents",
    keys: "g y",
    action: "incidents:read",
    group: "alerts",
  },
  {
    to: "/cases",
    icon: "help",
    text: "nav.cases",
    keys: "g h",
    action: "alarms:read",
    group: "alerts",
  },
  {
    to: "/drills",
    icon: "drill",
    text: "nav.drills",
    keys: "g 4",
    action: "drills:read",
    group: "alerts",
  },
  {
    to: "/rules",
    icon: "rule",
    text: "nav.rules",
    keys: "g b",
    action: "rules:read",
    group: "alerts",
  },
  {
    to: "/preferences",
    icon: "bell",
    text: "nav.preferences",
    keys: "g n",
    action: "catalogue:read",
    group: "alerts",
  },
  {
    to: "/notifications",
    icon: "messages",
    text: "nav.notifications",
    keys: "g e",
    action: "notifications:read",
    group: "alerts",
  },
  {
    to: "/on-call",
    icon: "shift",
    text: "nav.oncall",
    keys: "g o",
    action: "notifications:read",
    group: "alerts",
  },
  {
    to: "/webhooks",
    icon: "hook",
    text: "nav.webhooks",
    keys: "g w",
    action: "webhooks:read",
    group: "alerts",
  },
  {
    to: "/customers",
    icon: "customers",
    text: "nav.customers",
    keys: "g c",
    action: "customers:read",
    group: "customers",
  },
  {
    to: "/invoices",
    icon: "invoice",
    text: "nav.invoices",
    keys: "g v",
    action: "billing:read",
    group: "billing",
  },
  {
    to: "/payments",
    icon: "payment",
    text: "nav.payments",
    keys: "g q",
    action: "billing:read",
    group: "billing",
  },
  {
    to: "/closes",
    icon: "close-month",
    text: "nav.closes",
    keys: "g 1",
    action: "plans:read",
    group: "billing",
  },
  {
    to: "/ageing",
    icon: "shift",
    text: "nav.ageing",
    keys: "g 2",
    action: "plans:read",
    group: "billing",
  },
  {
    to: "/dunning",
    icon: "dunning",
    text: "nav.dunning",
    keys: "g 3",
    action: "plans:read",
    group: "billing",
  },
  {
    to: "/service-credits",
    icon: "target",
    text: "nav.serviceCredits",
    keys: "g 7",
    action: "plans:read",
    group: "billing",
  },
  {
    to: "/plans",
    icon: "plan",
    text: "nav.plans",
    keys: "g z",
    action: "plans:read",
    group: "billing",
  },
  {
    to: "/assets",
    icon: "assets",
    text: "nav.assets",
    keys: "g a",
    action: "assets:read",
    group: "assets",
  },
  {
    to: "/boards",
    icon: "lamp",
    text: "nav.boards",
    keys: "g 5",
    action: "groups:read",
    group: "assets",
  },
  {
    to: "/stock",
    icon: "stock",
    text: "nav.stock",
    keys: "g s",
    action: "terminals:write",
    group: "assets",
  },
  {
    to: "/imports",
    icon: "import",
    text: "nav.imports",
    keys: "g i",
    action: "terminals:import",
    group: "assets",
  },
  {
    to: "/groups",
    icon: "groups",
    text: "nav.groups",
    keys: "g r",
    action: "groups:read",
    group: "assets",
  },
  {
    to: "/jobs",
    icon: "field",
    text: "nav.jobs",
    keys: "g j",
    action: "jobs:read",
    group: "field",
  },
  {
    to: "/field/",
    icon: "field",
    text: "nav.field",
    keys: "g f",
    action: "jobs:write",
    group: "field",
    isApart: true,
  },
  {
    to: "/users",
    icon: "users",
    text: "nav.identity",
    keys: "g u",
    action: "users:read",
    group: "access",
  },
  { to: "/keys", icon: "key", text: "nav.keys", keys: "g k", action: "keys:read", group: "access" },
  {
    to: "/audit",
    icon: "audit",
    text: "nav.audit",
    keys: "g l",
    action: "audit:read",
    group: "access",
  },
];
