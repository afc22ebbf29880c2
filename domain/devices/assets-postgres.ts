import { type Kysely, type RawBuilder, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import { COUNTED_MAX, type Counted, countedOf, countRows } from "../db/counted.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import { contains } from "../db/search.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import { customersWithin } from "../identity/reach-postgres.ts";
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
  const { which, counted } = await foundBy(db, query);
  const after = query.cursor
    ? sql`and (s.name, s.id) > (${query.cursor.name}, ${query.cursor.id})`
    : sql``;
  const { rows } = await sql<Row>`
    ${SELECT} where ${which} ${after} order by s.name, s.id limit ${limit + 1}::int`.execute(db);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(toAsset),
    next: last && { name: last.name, id: last.id },
    ...counted,
  };
}

interface Found {
  /** A condition on `asset s`. */
  readonly which: RawBuilder<unknown>;
  readonly counted: Counted;
}

/**
 * What a query looks for, and how many that is. A search finds by an asset's own names, or by the serial of the terminal
 * on it, each half by its own index. Where it finds few, they are named one by one; where many, the list is walked until
 * the page is full. The walk asks each asset for its terminal: an `exists` would be turned into a look at all terminals.
 */
async function foundBy(db: Kysely<Database>, query: AssetQuery): Promise<Found> {
  const { search } = query;
  const filter = matching(query);
  if (search === undefined || search === "")
    return {
      which: filter,
      counted: await countRows(db, sql`s.id from asset s where ${filter}`, "all"),
    };
  const byName = contains(sql`s.search`, search);
  const bySerial = contains(sql`(lower(t.serial) collate "C")`, search);
  const few = sql`limit ${COUNTED_MAX + 1}::int`;
  const { rows } = await sql<{ id: string }>`
    (select s.id from asset s where ${filter} and ${byName} ${few})
    union (select s.id from terminal t
      join assignment a on a.address = t.address and a.to_ns is null
      join asset s on s.id = a.asset_id where ${filter} and ${bySerial} ${few})`.execute(db);
  const counted = countedOf(rows.length, "some");
  if (counted.moreMatch) {
    const onIt = sql`(select true from assignment a join terminal t on t.address = a.address
      where a.asset_id = s.id and a.to_ns is null and ${bySerial} limit 1)`;
    return { which: sql`${filter} and (${byName} or ${onIt})`, counted };
  }
  const ids = JSON.stringify(rows.map(({ id }) => id));
  return { which: sql`s.id in (select json_array_elements_text(${ids}::text::json))`, counted };
}

function matching(query: AssetQuery): RawBuilder<unknown> {
  const { reach, customerId, kind, siteId, equipped, retired } = query;
  const conditions = [retired ? sql`s.retired_at is not null` : sql`s.retired_at is null`];
  if (reach !== "all") conditions.push(sql`s.customer_id in ${customersWithin(reach)}`);
  if (customerId !== undefined) conditions.push(sql`s.customer_id = ${customerId}`);
  if (kind !== undefined) conditions.push(sql`s.kind = ${kind}`);
  if (siteId !== undefined) conditions.push(sql`s.site_id = ${siteId}`);
  const onIt = sql`exists (select from assignment a join terminal t on t.address = a.address
    where a.asset_id = s.id and a.to_ns is null)`;
  if (equipped !== undefined) conditions.push(equipped ? onIt : sql`not ${onIt}`);
  return sql.join(conditions, sql` and `);
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
