import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import type { Log } from "../../base/log.ts";
import { paymentImport } from "../billing/payment-import-postgres.ts";
import { customerImport } from "../customers/customer-import-postgres.ts";
import type { Db } from "../db/database.ts";
import type { KeySeal } from "../devices/key-seal.ts";
import { terminalImport } from "../devices/terminal-import-postgres.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { createImports, importJobs } from "./create-imports.ts";
import { importStorePostgres } from "./import-store-postgres.ts";
import type { Imports } from "./imports.ts";
import type { Spool } from "./spool.ts";

export interface StartImportsDeps {
  readonly db: Db;
  readonly seal: KeySeal;
  readonly profiles: ReadonlySet<string>;
  readonly spool: Spool;
  readonly clock: Clock;
  readonly log: Log;
  readonly isAlone: boolean;
}

/** Every kind of import there is. */
export function startImports({ db, seal, profiles, ...deps }: StartImportsDeps): Imports {
  return createImports({
    ...deps,
    store: importStorePostgres({ db, audit: createAudit(db) }),
    targets: [
      importJobs(terminalImport(seal, profiles)),
      importJobs(customerImport(randomUUID)),
      importJobs(paymentImport(randomUUID)),
    ],
    makeId: randomUUID,
  });
}
