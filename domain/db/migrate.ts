import type { Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import { UnavailableError } from "../../base/errors.ts";
import type { Database } from "./database.ts";
import { firstThread } from "./migrations/0001-first-thread.ts";
import { telemetryRefusal } from "./migrations/0002-telemetry-refusal.ts";
import { identity } from "./migrations/0003-identity.ts";
import { stockAndAssignments } from "./migrations/0004-stock-and-assignments.ts";
import { customers } from "./migrations/0005-customers.ts";
import { provisioning } from "./migrations/0006-provisioning.ts";
import { search } from "./migrations/0007-search.ts";
import { alarms } from "./migrations/0010-alarms.ts";
import { incidents } from "./migrations/0011-incidents.ts";
import { notifications } from "./migrations/0013-notifications.ts";
import { notificationPeople } from "./migrations/0014-notification-people.ts";
import { incidentEvidence } from "./migrations/0017-incident-evidence.ts";
import { alertRevision } from "./migrations/0020-alert-revision.ts";
import { messageAge } from "./migrations/0021-message-age.ts";
import { alarmStorm } from "./migrations/0022-alarm-storm.ts";
import { assetLists } from "./migrations/0025-asset-lists.ts";
import { networkLocation } from "./migrations/0027-network-location.ts";
import { commands } from "./migrations/0030-commands.ts";
import { billing } from "./migrations/0040-billing.ts";
import { ledger } from "./migrations/0041-ledger.ts";
import { badTags } from "./migrations/0042-bad-tags.ts";
import { drills } from "./migrations/0043-drills.ts";
import { pageAirtime } from "./migrations/0044-page-airtime.ts";
import { groups } from "./migrations/0045-groups.ts";
import { paymentMatches } from "./migrations/0047-payment-matches.ts";
import { billingRules } from "./migrations/0048-billing-rules.ts";
import { pageUsage } from "./migrations/0049-page-usage.ts";
import { paymentProvider } from "./migrations/0050-payment-provider.ts";
import { deposits } from "./migrations/0051-deposits.ts";
import { recoveries } from "./migrations/0053-recoveries.ts";
import { commandsWho } from "./migrations/0056-commands-who.ts";
import { calendarApproval } from "./migrations/0057-calendar-approval.ts";
import { displayPages } from "./migrations/0058-display-pages.ts";
import { paymentOrdersRead } from "./migrations/0064-payment-orders-read.ts";
import { serviceProof } from "./migrations/0065-service-proof.ts";
import { gatewaysAway } from "./migrations/0066-gateways-away.ts";
import { proofCommands } from "./migrations/0067-proof-commands.ts";
import { activationLines } from "./migrations/0070-activation-lines.ts";
import { incidentsGateway } from "./migrations/0071-incidents-gateway.ts";

/**
 * Once released a migration is never changed: the next one mends it. A new one's number is above all others: a database
 * that has had a later one refuses to start with one that comes before it.
 */
export const MIGRATIONS = {
  "0001-first-thread": firstThread,
  "0002-telemetry-refusal": telemetryRefusal,
  "0003-identity": identity,
  "0004-stock-and-assignments": stockAndAssignments,
  "0005-customers": customers,
  "0006-provisioning": provisioning,
  "0007-search": search,
  "0010-alarms": alarms,
  "0011-incidents": incidents,
  "0013-notifications": notifications,
  "0014-notification-people": notificationPeople,
  "0017-incident-evidence": incidentEvidence,
  "0020-alert-revision": alertRevision,
  "0021-message-age": messageAge,
  "0022-alarm-storm": alarmStorm,
  "0025-asset-lists": assetLists,
  "0027-network-location": networkLocation,
  "0030-commands": commands,
  "0040-billing": billing,
  "0041-ledger": ledger,
  "0042-bad-tags": badTags,
  "0043-drills": drills,
  "0044-page-airtime": pageAirtime,
  "0045-groups": groups,
  "0047-payment-matches": paymentMatches,
  "0048-billing-rules": billingRules,
  "0049-page-usage": pageUsage,
  "0050-payment-provider": paymentProvider,
  "0051-deposits": deposits,
  "0053-recoveries": recoveries,
  "0056-commands-who": commandsWho,
  "0057-calendar-approval": calendarApproval,
  "0058-display-pages": displayPages,
  "0064-payment-orders-read": paymentOrdersRead,
  "0065-service-proof": serviceProof,
  "0066-gateways-away": gatewaysAway,
  "0067-proof-commands": proofCommands,
  "0070-activation-lines": activationLines,
  "0071-incidents-gateway": incidentsGateway,
};

/** Brings the tables up to date. Several processes may call it at the same time: Kysely takes a lock. */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (lacksTrigrams(error))
    throw new UnavailableError(
      `The database has no pg_trgm, and it cannot be made (${error.message}). It is part of PostgreSQL's contrib package: once that is installed, let an administrator run "create extension pg_trgm" in this database and start again. Nothing was changed`,
      {},
      { cause: error },
    );
  throw error instanceof Error
    ? error
    : new Error("the tables could not be brought up to date", { cause: error });
}

/** Migration 0007 needs it; whoever may not make it, or has no contrib package, is told so by PostgreSQL. */
const lacksTrigrams = (error: unknown): error is Error =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "42501" || error.code === "0A000" || error.code === "58P01") &&
  error.message.includes("pg_trgm");
