import { type Kysely, sql } from "kysely";
import { ConflictError } from "../../base/errors.ts";
import type { Database } from "../db/database.ts";
import type { KeySeal } from "./key-seal.ts";
import type { Enrolment, Terminals } from "./terminals.ts";

export interface TerminalsDeps {
  readonly db: Kysely<Database>;
  readonly seal: KeySeal;
}

const ROWS_PER_STATEMENT = 1_000;

export function createTerminals({ db, seal }: TerminalsDeps): Terminals {
  return {
    async enrol(terminals: readonly Enrolment[]): Promise<number> {
      let added = 0;
      for (let at = 0; at < terminals.length; at += ROWS_PER_STATEMENT) {
        added += await enrolSome(terminals.slice(at, at + ROWS_PER_STATEMENT));
      }
      return added;
    },
  };

  async function enrolSome(terminals: readonly Enrolment[]): Promise<number> {
    const known = new Map(
      (
        await db
          .selectFrom("terminal")
          .select(["address", "serial", "root_key"])
          .where("address", "in", terminals.map(addressOf))
          .execute()
      ).map((row) => [Number(row.address), row]),
    );
    for (const terminal of terminals) {
      const row = known.get(terminal.address);
      if (row && !isSame(terminal, row.serial, seal.open(terminal.address, row.root_key))) {
        throw new ConflictError(
          `terminal ${terminal.address} is already enrolled with another serial or root key`,
          { address: terminal.address },
        );
      }
    }
    const rows = terminals.filter(({ address }) => !known.has(address)).map(toRow);
    if (rows.length === 0) return 0;
    const inserted = await sql`
      insert into terminal (address, serial, name, profile, life_cycle, root_key, latitude, longitude)
      select address, serial, name, profile, life_cycle, decode(root_key, 'hex'), latitude, longitude
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as row (address bigint, serial text, name text, profile text, life_cycle text, root_key text,
          latitude double precision, longitude double precision)
      on conflict (address) do nothing`.execute(db);
    return Number(inserted.numAffectedRows ?? 0);
  }

  function toRow(terminal: Enrolment) {
    const { address, serial, name, profile, latitude, longitude, lifeCycle = "active" } = terminal;
    const rootKey = seal.seal(address, terminal.rootKey);
    const sealed = Array.from(rootKey, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return {
      address,
      serial,
      name,
      profile,
      life_cycle: lifeCycle,
      root_key: sealed,
      latitude,
      longitude,
    };
  }
}

const addressOf = ({ address }: Enrolment): bigint => BigInt(address);

const isSame = (terminal: Enrolment, serial: string, rootKey: Uint8Array): boolean =>
  terminal.serial === serial && rootKey.every((byte, at) => byte === terminal.rootKey[at]);
