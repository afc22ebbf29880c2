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

export const DEMO_CUSTOMER = { id: "demo-customer", name: "Harbour Logistics 港湾物流" } as const;

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
  /** The people of the demonstration and their customer. */
  ensureDemoUsers(): Promise<void>;
  /** Outside of the demonstration they may not stay signed in. */
  signOutDemoUsers(): Promise<void>;
}
