import { ROLES, type Role } from "./roles.ts";

export interface FirstAdministrator {
  readonly email: string;
  readonly password: string;
}

/** A person of the demonstration, one per role; nobody signs in as one by password. */
export interface DemoUser {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly email: string;
  readonly ofCustomer: boolean;
}

const NAMES: Readonly<Record<Role, string>> = {
  administrator: "Ada Admin",
  operator: "Otto Operator",
  billing: "Bea Billing",
  care: "Carl Care",
  engineer: "Eva Engineer",
  "read-only": "Rita Reader",
  owner: "Oscar Owner",
  member: "Mia Member",
};

/** Whose owner and member the demonstration's subscribers are. */
export const DEMO_CUSTOMER = {
  number: "DEMO-1",
  kind: "organisation",
  name: "Harbour Logistics 港湾物流",
  language: "en",
} as const;

export const demoUserId = (role: Role): string => `demo-${role}`;

export const DEMO_USERS: readonly DemoUser[] = ROLES.map((role) => ({
  id: demoUserId(role),
  role,
  name: NAMES[role],
  email: `${role}@demo.hopline.local`,
  ofCustomer: role === "owner" || role === "member",
}));

/** The people without whom nobody could begin. */
export interface FirstUsers {
  /** Made while nobody else can administrate; the password is answered this once. */
  ensureAdministrator(email: string): Promise<FirstAdministrator | undefined>;
  /** The people of the demonstration; their customer, too, where the demonstration's own were not taken in. */
  ensureDemoUsers(): Promise<void>;
  /** Outside of the demonstration they may not stay signed in. */
  signOutDemoUsers(): Promise<void>;
}
