import { type Kysely, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import { findAssets, isBehind } from "./asset-search-postgres.ts";
import type {
  Asset,
  AssetAsked,
  AssetFacts,
  AssetPage,
  AssetQuery,
  Assets,
  AssetTerminal,
  NewAsset,
} from "./assets.ts";
import { requireCustomer } from "./assignments-postgres.ts";

export interface AssetsDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly makeId: () => string;
}

const ASSETS_PER_PAGE_MAX = 500;

export function createAssets(deps: AssetsDeps): Assets {
  const { db } = deps;
  return {
    list: (query) => list(db, query),
    find: (id, reach) => find(db, id, reach),
    create: (at, asset, act) => inTransaction(at, (tx) => create(deps, tx, asset, act)),

    change: (at, asked, change, act) =>
      inTransaction(at, async (tx) => {
        const before = await hold(tx, asked);
        const facts = { ...factsOf(before), ...change };
        if (facts.siteId !== before.siteId) await requireSite(tx, facts.siteId, before.customerId);
        return await save(deps, tx, { before, row: rowOf(facts), action: "asset.changed" }, act);
      }),

    retire: (at, asked, act) =>
      inTransaction(at, async (tx) => {
        const before = await hold(tx, asked);
        const [terminal] = before.terminals;
        if (terminal)
          throw new ConflictError(
            `${before.name} still has terminal ${terminal.serial}: end that assignment first`,
            { address: terminal.address },
          );
        const row = { retired_at: new Date(act.atMs) };
        return await save(deps, tx, { before, row, action: "asset.retired" }, act);
      }),
  };
}

async function create(
  { audit, makeId }: AssetsDeps,
  tx: Db,
  { customerId, ...given }: NewAsset,
  act: Act,
): Promise<Asset> {
  await requireCustomer(tx, customerId);
  const facts: AssetFacts = { ...NOTHING_MORE, ...given };
  await requireSite(tx, facts.siteId, customerId);
  const id = makeId();
  await tx
    .insertInto("asset")
    .values({
      id,
      customer_id: customerId,
      ...rowOf(facts),
      created_at: new Date(act.atMs),
      retired_at: null,
      version: 1,
    })
    .execute();
  const made = await require(tx, id);
  await audit.record(tx, act, {
    action: "asset.created",
    subject: { kind: "asset", id },
    customerId,
    after: factsOf(made),
  });
  return made;
}

interface Saved {
  readonly before: Asset;
  readonly row: Partial<ReturnType<typeof rowOf>> & { readonly retired_at?: Date };
  readonly action: string;
}

async function save(
  { audit }: AssetsDeps,
  tx: Db,
  { before, row, action }: Saved,
  act: Act,
): Promise<Asset> {
  await tx
    .updateTable("asset")
    .set({ ...row, version: before.version + 1 })
    .where("id", "=", before.id)
    .execute();
  const after = await require(tx, before.id);
  await audit.record(tx, act, {
    action,
    subject: { kind: "asset", id: before.id },
    customerId: before.customerId,
    before: factsOf(before),
    after: factsOf(after),
  });
  return after;
}

const NOTHING_MORE = {
  plate: null,
  vin: null,
  siteId: null,
  latitude: null,
  longitude: null,
  note: "",
};

/** Held until the transaction ends, so that what was checked stays so. */
async function hold(tx: Db, { id, reach, version }: AssetAsked): Promise<Asset> {
  await tx.selectFrom("asset").select("id").where("id", "=", id).forNoKeyUpdate().execute();
  const asset = await find(tx, id, reach);
  if (!asset) throw new NotFoundError("asset", id);
  if (version !== undefined && version !== asset.version)
    throw new StaleError(asset.name, version, asset.version);
  if (asset.retiredAt !== null)
    throw new ConflictError(`${asset.name} is retired`, { assetId: id });
  return asset;
}

async function requireSite(tx: Db, siteId: string | null, customerId: string): Promise<void> {
  if (siteId === null) return;
  const site = await tx
    .selectFrom("site")
    .select("id")
    .where("id", "=", siteId)
    .where("customer_id", "=", customerId)
    .executeTakeFirst();
  if (!site) throw new InvalidInputError("siteId", "siteId must be a site of this customer");
}

async function require(db: Kysely<Database>, id: string): Promise<Asset> {
  const asset = await find(db, id, "all");
  if (!asset) throw new NotFoundError("asset", id);
  return asset;
}

async function find(db: Kysely<Database>, id: string, reach: Reach): Promise<Asset | undefined> {
  const { rows } = await sql<Row>`${SELECT} where s.id = ${id}`.execute(db);
  const [asset] = rows.map(toAsset);
  return asset && isWithin(reach, asset.customerId) ? asset : undefined;
}

async function list(db: Kysely<Database>, query: AssetQuery): Promise<AssetPage> {
  const limit = Math.min(query.limit, ASSETS_PER_PAGE_MAX);
  const { which, counted } = await findAssets(db, query, limit + 1);
  const { rows } = await sql<Row>`
    ${SELECT} where ${which} and ${isBehind(query)}
    order by s.name, s.id limit ${limit + 1}::int`.execute(db);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(toAsset),
    next: last && { name: last.name, id: last.id },
    ...counted,
  };
}

interface Row {
  readonly id: string;
  readonly customer_id: string;
  readonly customer_name: string | null;
  readonly kind: string;
  readonly name: string;
  readonly plate: string | null;
  readonly vin: string | null;
  readonly site_id: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly note: string;
  readonly created_at: Date;
  readonly retired_at: Date | null;
  readonly version: number;
  readonly terminals: readonly AssetTerminal[] | null;
}

const SELECT = sql`
  select s.*, c.name as customer_name, (
    select json_agg(json_build_object('address', t.address, 'serial', t.serial, 'name', t.name,
      'profile', t.profile) order by t.address)
    from assignment a join terminal t on t.address = a.address
    where a.asset_id = s.id and a.to_ns is null) as terminals
  from asset s left join customer c on c.id = s.customer_id`;

const toAsset = (row: Row): Asset => ({
  id: row.id,
  customerId: row.customer_id,
  customerName: row.customer_name,
  kind: row.kind,
  name: row.name,
  plate: row.plate,
  vin: row.vin,
  siteId: row.site_id,
  latitude: row.latitude,
  longitude: row.longitude,
  note: row.note,
  createdAt: row.created_at,
  retiredAt: row.retired_at,
  version: row.version,
  terminals: row.terminals ?? [],
});

type Facts = Omit<AssetFacts, "kind"> & { readonly kind: string };

const factsOf = ({ kind, name, plate, vin, siteId, latitude, longitude, note }: Asset): Facts => ({
  kind,
  name,
  plate,
  vin,
  siteId,
  latitude,
  longitude,
  note,
});

const rowOf = ({ kind, name, plate, vin, siteId, latitude, longitude, note }: Facts) => ({
  kind,
  name,
  plate,
  vin,
  site_id: siteId,
  latitude,
  longitude,
  note,
});
