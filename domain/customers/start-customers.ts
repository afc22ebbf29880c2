import { randomUUID } from "node:crypto";
import type { Db } from "../db/database.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import type { CustomerBelongings } from "./belongings.ts";
import { createBelongings } from "./belongings-postgres.ts";
import type { Consents } from "./consents.ts";
import { createConsents } from "./consents-postgres.ts";
import type { Contacts } from "./contacts.ts";
import { createContacts } from "./contacts-postgres.ts";
import type { Customers } from "./customers.ts";
import { createCustomers } from "./customers-postgres.ts";
import type { Duplicates } from "./duplicates.ts";
import { createDuplicates } from "./duplicates-postgres.ts";
import type { Merges } from "./merges.ts";
import { createMerges } from "./merges-postgres.ts";
import type { Notes } from "./notes.ts";
import { createNotes } from "./notes-postgres.ts";
import type { PersonalDataDesk } from "./personal-data.ts";
import { createPersonalDataDesk } from "./personal-data-postgres.ts";
import type { Sites } from "./sites.ts";
import { createSites } from "./sites-postgres.ts";

/** All that is known of customers. */
export interface CustomerDesk {
  readonly customers: Customers;
  readonly contacts: Contacts;
  readonly sites: Sites;
  readonly notes: Notes;
  readonly consents: Consents;
  readonly duplicates: Duplicates;
  readonly merges: Merges;
  readonly personalData: PersonalDataDesk;
  readonly belongings: CustomerBelongings;
}

export function startCustomers(db: Db): CustomerDesk {
  const deps = { db, audit: createAudit(db), makeId: randomUUID };
  return {
    customers: createCustomers(deps),
    contacts: createContacts(deps),
    sites: createSites(deps),
    notes: createNotes(deps),
    consents: createConsents(deps),
    duplicates: createDuplicates(db),
    merges: createMerges(deps),
    personalData: createPersonalDataDesk(deps),
    belongings: createBelongings(db),
  };
}
