import { randomUUID } from "node:crypto";
import type { CommandProfile } from "../commands/command-of-profile.ts";
import { createCommands } from "../commands/commands-postgres.ts";
import type { Db } from "../db/database.ts";
import type { Profile } from "../devices/profile.ts";
import type { SecretSeal } from "../devices/secret-seal.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { systemRandomBytes } from "../identity/secrets.ts";
import { createEvidencePacks } from "./evidence-packs-postgres.ts";
import { evidencePdfPdfkit } from "./evidence-pdf-pdfkit.ts";
import { createTrackReader, type TrackDeps } from "./read-track.ts";
import type { RecoveryDesk } from "./recoveries.ts";
import { createRecoveries } from "./recoveries-postgres.ts";
import { createRecoveryLinks } from "./recovery-links-postgres.ts";
import { streetsOf } from "./streets.ts";

export interface RecoveryDeps extends Omit<TrackDeps, "profiles"> {
  readonly db: Db;
  /** Seals the key that evidence is signed with. */
  readonly secrets: SecretSeal;
  readonly profiles: ReadonlyMap<string, Profile & CommandProfile>;
  /** GeoJSON of a street network, where there is one. */
  readonly streets: unknown;
}

export function startRecovery(deps: RecoveryDeps): RecoveryDesk {
  const { db, profiles, secrets } = deps;
  const changes = { db, audit: createAudit(db), makeId: () => randomUUID() };
  const trackOf = createTrackReader(deps);
  const commandsOn = (on: Db) => createCommands({ ...changes, db: on, profiles });
  return {
    cases: createRecoveries({ ...changes, profiles, trackOf, commandsOn }),
    links: createRecoveryLinks({ ...changes, trackOf, random: systemRandomBytes }),
    packs: createEvidencePacks({
      ...{ ...changes, secrets, trackOf },
      ...{ pdf: evidencePdfPdfkit, streets: streetsOf(deps.streets) },
    }),
  };
}
