import { randomUUID } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { type Log, silentLog } from "../base/log.ts";
import type { Alarms } from "../domain/alerting/alarms.ts";
import { createAlarms } from "../domain/alerting/alarms-postgres.ts";
import { createAlertRules } from "../domain/alerting/alert-rules-postgres.ts";
import type { AlarmCases } from "../domain/alerting/cases.ts";
import { createAlarmCases } from "../domain/alerting/cases-postgres.ts";
import type { AlertProfile } from "../domain/alerting/default-rules.ts";
import { createIncidents } from "../domain/alerting/incidents-postgres.ts";
import type { Maintenance } from "../domain/alerting/maintenance.ts";
import { createMaintenance } from "../domain/alerting/maintenance-postgres.ts";
import type { Incidents } from "../domain/alerting/outages.ts";
import type { AlertRules } from "../domain/alerting/rules.ts";
import { createRulesInForce } from "../domain/alerting/rules-postgres.ts";
import { type BillingDesk, startBilling } from "../domain/billing/start-billing.ts";
import type { CommandProfile } from "../domain/commands/command-of-profile.ts";
import type { Commands } from "../domain/commands/commands.ts";
import { createCommands } from "../domain/commands/commands-postgres.ts";
import { type CustomerDesk, startCustomers } from "../domain/customers/start-customers.ts";
import type { Db } from "../domain/db/database.ts";
import type { Assets } from "../domain/devices/assets.ts";
import { createAssets } from "../domain/devices/assets-postgres.ts";
import type { Assignments } from "../domain/devices/assignments.ts";
import { createAssignments } from "../domain/devices/assignments-postgres.ts";
import type { Devices } from "../domain/devices/devices.ts";
import { createDevices } from "../domain/devices/devices-postgres.ts";
import type { Gateways } from "../domain/devices/gateways.ts";
import { createGateways } from "../domain/devices/gateways-postgres.ts";
import { type StockPorts, startStock } from "../domain/devices/start-stock.ts";
import type { Drills } from "../domain/drills/drills.ts";
import { createDrills, type DrillsDeps } from "../domain/drills/drills-postgres.ts";
import type { Boards } from "../domain/groups/boards.ts";
import { createBoards } from "../domain/groups/boards-postgres.ts";
import type { Calendars } from "../domain/groups/calendars.ts";
import { createCalendars } from "../domain/groups/calendars-postgres.ts";
import type { GroupCommands } from "../domain/groups/group-commands.ts";
import { createGroupCommands } from "../domain/groups/group-commands-postgres.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import type { KeptAnswers } from "../domain/identity/kept-answers.ts";
import { createKeptAnswers } from "../domain/identity/kept-answers-postgres.ts";
import type { LocatedReads } from "../domain/location/located-reads.ts";
import { createLocatedReads } from "../domain/location/located-reads-postgres.ts";
import type { PacketLog } from "../domain/packets/packet-log.ts";
import { createPacketLog } from "../domain/packets/packet-log-postgres.ts";
import type { Provisioning } from "../domain/provisioning/provisioning.ts";
import { createProvisioning } from "../domain/provisioning/provisioning-postgres.ts";

/** What the routes ask of the business rules; all of it stands on one database. */
export interface ApiPorts extends StockPorts {
  readonly clock: Clock;
  /** For a shell's change to be made in; no route asks it anything. */
  readonly db: Db;
  readonly alarms: Alarms;
  readonly alertRules: AlertRules;
  readonly cases: AlarmCases;
  readonly commands: Commands;
  readonly groupCommands: GroupCommands;
  readonly boards: Boards;
  readonly calendars: Calendars;
  readonly incidents: Incidents;
  readonly maintenance: Maintenance;
  readonly billing: BillingDesk;
  readonly customerDesk: CustomerDesk;
  readonly devices: Devices;
  readonly drills: Drills;
  readonly assets: Assets;
  readonly assignments: Assignments;
  readonly gateways: Gateways;
  readonly keptAnswers: KeptAnswers;
  readonly located: LocatedReads;
  readonly packets: PacketLog;
  readonly provisioning: Provisioning;
}

type DrillProfile = DrillsDeps["profiles"] extends ReadonlyMap<string, infer P> ? P : never;

export function startPorts(
  db: Db,
  clock: Clock,
  profiles: ReadonlyMap<string, AlertProfile & CommandProfile & DrillProfile>,
  log: Log = silentLog,
): ApiPorts {
  const changes = { db, audit: createAudit(db), makeId: randomUUID };
  const stock = startStock(db);
  const assets = createAssets(changes);
  const assignments = createAssignments({ ...changes, lifeCycle: stock.stock });
  const rules = createRulesInForce(profiles, () => undefined); // the network process tells of one that does not fit
  return {
    ...stock,
    alarms: createAlarms({ ...changes, rules }),
    cases: createAlarmCases(changes),
    commands: createCommands({ ...changes, profiles }),
    drills: createDrills({
      ...{ ...changes, profiles },
      handsOn: (tx) => ({
        rules,
        alarms: createAlarms({ ...changes, db: tx, rules }),
        cases: createAlarmCases({ ...changes, db: tx }),
        commands: createCommands({ ...changes, db: tx, profiles }),
      }),
    }),
    groupCommands: createGroupCommands({ ...changes, profiles }),
    boards: createBoards(db),
    calendars: createCalendars({ ...changes, profiles }),
    incidents: createIncidents(db),
    maintenance: createMaintenance(changes),
    alertRules: createAlertRules({ ...changes, profiles, now: () => clock.now() }),
    ...{ db, clock, assets, assignments },
    billing: startBilling({ db, clock, log }),
    customerDesk: startCustomers(db),
    devices: createDevices(db),
    gateways: createGateways(db),
    keptAnswers: createKeptAnswers(db),
    located: createLocatedReads(db),
    packets: createPacketLog(db),
    provisioning: createProvisioning({
      ...changes,
      clock,
      stock: stock.stock,
      assets,
      assignments: createAssignments(changes), // a job moves the life cycle by its own steps
    }),
  };
}
