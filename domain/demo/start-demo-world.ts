import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import { ConflictError } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { startBilling } from "../billing/start-billing.ts";
import { type CustomerDesk, startCustomers } from "../customers/start-customers.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Assets } from "../devices/assets.ts";
import { createAssets } from "../devices/assets-postgres.ts";
import type { Assignments } from "../devices/assignments.ts";
import { createAssignments } from "../devices/assignments-postgres.ts";
import type { KeySeal } from "../devices/key-seal.ts";
import { type StockPorts, startStock } from "../devices/start-stock.ts";
import { createTerminals } from "../devices/terminals-postgres.ts";
import type { Act } from "../identity/audit.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { DEMO_CUSTOMER } from "../identity/first-users.ts";
import type { ImportKind, Imports } from "../imports/imports.ts";
import { spoolMemory } from "../imports/spool-memory.ts";
import { startImports } from "../imports/start-imports.ts";
import type { Provisioning } from "../provisioning/provisioning.ts";
import { createProvisioning } from "../provisioning/provisioning-postgres.ts";
import { seedDemoBilling } from "./demo-billing.ts";
import {
  assetOf,
  DEMO_CUSTOMERS,
  type DemoGroup,
  type DemoTerminal,
  groupsOf,
  ownerOf,
} from "./demo-customers.ts";
import { customersCsv, terminalsCsv } from "./demo-files.ts";
import { ensureDemoJobs } from "./demo-jobs.ts";
import { seedDemoReports } from "./demo-usage-postgres.ts";

export interface DemoWorldDeps {
  readonly db: Db;
  readonly seal: KeySeal;
  readonly clock: Clock;
  readonly log: Log;
  readonly profiles: ReadonlySet<string>;
}

export interface DemoGateway {
  readonly id: string;
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
}

export interface DemoWorld {
  /** What each gateway in service comes in with: new at every start, for a secret is shown once and never kept. */
  readonly gatewaySecrets: ReadonlyMap<string, string>;
  /** Once each terminal is somebody's and some are paid for, which goes on beside all else. */
  readonly settled: Promise<void>;
  stop(): Promise<void>;
}

interface Doors extends StockPorts {
  readonly db: Db;
  readonly clock: Clock;
  readonly desk: CustomerDesk;
  readonly imports: Imports;
  readonly assets: Assets;
  readonly assignments: Assignments;
  readonly provisioning: Provisioning;
}

/** What is simulated: terminals that belong to somebody, and new ones that lie in stock. */
export interface DemoTerminals {
  readonly fleet: readonly DemoTerminal[];
  readonly bench: readonly DemoTerminal[];
}

const ACTOR = { kind: "system", id: "demo", name: "Demonstration" } as const;
const GROUPS_MAX = 500;

/**
 * The demonstration's customers, terminals, groups, gateways and field jobs, through the doors that everybody uses. What is there
 * already stays as people left it. Throws a ConflictError when terminals of another seed have the same addresses.
 */
export async function startDemoWorld(
  deps: DemoWorldDeps,
  { fleet, bench }: DemoTerminals,
  gateways: readonly DemoGateway[],
): Promise<DemoWorld> {
  const doors = openDoors(deps);
  await doors.imports.recover();
  await importCustomers(doors);
  await importTerminals(doors, deps.seal, [...fleet, ...bench]);
  const customers = await idsByNumber(doors);
  await ensureDemoJobs({ ...doors, customers, nowMs: actNow(doors).atMs });
  for (const group of groupsOf(fleet)) await ensureGroup(doors, group, customers);
  const gatewaySecrets = await ensureGateways(doors, gateways);
  const billing = startBilling(deps);
  let isStopping = false;
  const settling = { fleet, customers, isStopping: () => isStopping };
  const settled = settle(doors, settling)
    .then(() =>
      seedDemoBilling(
        {
          ...{ desk: billing, actor: ACTOR, nowMs: deps.clock.now() },
          isStopping: () => isStopping,
          seedReports: (address, from, to) => seedDemoReports(deps.db, address, from, to),
        },
        fleet,
        customers,
      ),
    )
    .catch((error: unknown) => {
      deps.log.error({ err: error }, "the demonstration's terminals could not all be settled");
    });
  return {
    gatewaySecrets,
    settled,
    async stop() {
      isStopping = true;
      await settled;
      await billing.closes.stop();
      await doors.imports.stop();
    },
  };
}

function openDoors({ db, seal, clock, log, profiles }: DemoWorldDeps): Doors {
  const changes = { db, audit: createAudit(db), makeId: randomUUID };
  const stock = startStock(db);
  const assets = createAssets(changes);
  return {
    ...{ db, clock, assets, ...stock },
    desk: startCustomers(db),
    assignments: createAssignments({ ...changes, lifeCycle: stock.stock }),
    provisioning: createProvisioning({
      ...{ ...changes, clock, assets, stock: stock.stock },
      assignments: createAssignments(changes), // a job moves the life cycle by its own steps
    }),
    // a demonstration has its database to itself
    imports: startImports({ db, seal, clock, log, profiles, spool: spoolMemory(), isAlone: true }),
  };
}

const actNow = ({ clock }: Doors): Act => ({ actor: ACTOR, atMs: Math.floor(clock.now()) });

async function importCustomers(doors: Doors): Promise<void> {
  const there = await idsByNumber(doors);
  const missing = DEMO_CUSTOMERS.filter(({ number }) => !there.has(number));
  if (missing.length > 0) await importFile(doors, "customers", customersCsv(missing));
}

async function idsByNumber({ desk }: Doors): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  for await (const some of desk.customers.export("all"))
    for (const { number, id } of some) ids.set(number, id);
  return ids;
}

async function importTerminals(
  doors: Doors,
  seal: KeySeal,
  fleet: readonly DemoTerminal[],
): Promise<void> {
  const known = new Set<number>();
  for await (const some of doors.stock.export({}))
    for (const { address } of some) known.add(address);
  // adds none of them: whether they are the same terminals is what it says
  await createTerminals({ db: doors.db, seal }).enrol(
    fleet.filter(({ address }) => known.has(address)),
  );
  const missing = fleet.filter(({ address }) => !known.has(address));
  if (missing.length > 0) await importFile(doors, "terminals", terminalsCsv(missing));
}

async function importFile(doors: Doors, kind: ImportKind, text: string): Promise<void> {
  const order = { kind, fileName: `demo-${kind}.csv`, dryRun: false, skipBad: false };
  const { id } = await doors.imports.start(order, bytesOf(text), actNow(doors));
  await doors.imports.ended(id);
  const run = await doors.imports.find(id);
  if (run?.state === "done") return;
  const [first] = await doors.imports.problems(id, undefined, 1);
  const why = first ? `line ${first.line}, ${first.column}: ${first.reason}` : run?.failure;
  throw new ConflictError(`the demonstration's ${kind} were not taken in: ${why ?? "unknown"}`);
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

async function ensureGroup(
  doors: Doors,
  { name, note, owner, addresses }: DemoGroup,
  customers: ReadonlyMap<string, string>,
): Promise<void> {
  const there = await doors.groups.list({ search: name, limit: GROUPS_MAX });
  if (there.some((group) => group.name === name)) return;
  const customerId = customers.get(owner) ?? null;
  const group = await doors.groups.create({ name, note, customerId }, actNow(doors));
  await doors.groups.add(group.id, { addresses }, actNow(doors));
}

async function ensureGateways(
  doors: Doors,
  gateways: readonly DemoGateway[],
): Promise<ReadonlyMap<string, string>> {
  const { gatewayAccounts } = doors;
  const secrets = new Map<string, string>();
  for (const { id, ...about } of gateways) {
    const account =
      (await gatewayAccounts.find(id)) ?? (await gatewayAccounts.create(id, about, actNow(doors)));
    if (account.retiredAt !== null) continue;
    const { secret } = await gatewayAccounts.issueSecret(id, actNow(doors));
    secrets.set(id, secret);
  }
  return secrets;
}

interface Settling {
  readonly fleet: readonly DemoTerminal[];
  readonly customers: ReadonlyMap<string, string>;
  readonly isStopping: () => boolean;
}

/** Each terminal that never was anybody's becomes somebody's, up to its service: whole or not at all. */
async function settle(doors: Doors, { fleet, customers, isStopping }: Settling): Promise<void> {
  const held = await doors.assignments.held(fleet.map(({ address }) => address));
  const free = fleet.filter(({ address }) => !held.has(address));
  // those of the subscriber who can be signed in as come first
  const isFirst = (terminal: DemoTerminal): boolean => ownerOf(terminal) === DEMO_CUSTOMER.number;
  for (const terminal of [...free.filter(isFirst), ...free.filter((one) => !isFirst(one))]) {
    if (isStopping()) return;
    const customerId = customers.get(ownerOf(terminal));
    if (customerId !== undefined) await giveTo(doors, terminal, customerId);
  }
}

const IN_SERVICE = ["install", "accept", "activate"] as const;

async function giveTo(doors: Doors, terminal: DemoTerminal, customerId: string): Promise<void> {
  const { db, assets, assignments, stock } = doors;
  const { address } = terminal;
  const now = await stock.find(address, "all");
  if (now === undefined || now.lifeCycle === "retired" || now.quarantineReason !== null) return;
  const act = actNow(doors);
  const fromNs = BigInt(act.atMs) * 1_000_000n;
  await inTransaction(db, async (tx) => {
    const asset = await assets.create(tx, assetOf(terminal, customerId), act);
    const wanted = { address, assetId: asset.id, customerId, fromNs, reason: "" };
    await assignments.assign(tx, wanted, act);
    if (now.lifeCycle !== "stocked") return;
    for (const event of IN_SERVICE) await stock.move(tx, address, event, act);
  });
}
