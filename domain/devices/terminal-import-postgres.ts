import { sql } from "kysely";
import { hexOf } from "../db/json-rows.ts";
import type { ImportProblem } from "../imports/import-lines.ts";
import type { ImportTarget } from "../imports/imports.ts";
import type { KeySeal } from "./key-seal.ts";
import { checkTerminalLine, type FactoryTerminal, TERMINAL_COLUMNS } from "./terminal-lines.ts";

/** Terminals from the factory's file: into stock, with their root keys sealed from the moment a line is read. */
export function terminalImport(
  seal: KeySeal,
  profiles: ReadonlySet<string>,
): ImportTarget<FactoryTerminal> {
  return {
    kind: "terminals",
    columns: TERMINAL_COLUMNS,
    keys: ["address", "serial"],
    check: (cells) => checkTerminalLine(cells, profiles),

    stage: ({ rootKey, ...row }) => ({
      keys: [String(row.address), row.serial],
      data: { ...row, rootKey: hexOf(seal.seal(row.address, rootKey)) },
    }),

    async taken(db, importId, most) {
      const { rows } = await sql<{ line: number; address: boolean; serial: boolean }>`
        select s.line, t.address is not null as address, u.address is not null as serial
        from import_staged s
        left join terminal t on t.address = s.first_key::int8
        left join terminal u on u.serial = s.second_key
        where s.import_id = ${importId} and (t.address is not null or u.address is not null)
        order by s.line limit ${most}::int`.execute(db);
      return rows.flatMap(({ line, address, serial }): ImportProblem[] => [
        ...(address ? [takenProblem(line, "address")] : []),
        ...(serial ? [takenProblem(line, "serial")] : []),
      ]);
    },

    async add(tx, importId, fromLine, lines) {
      const { numAffectedRows } = await sql`
        insert into terminal (address, serial, name, profile, life_cycle, root_key, hardware_version,
          firmware_version, latitude, longitude, import_id, batch)
        select r.address, r.serial, r.name, r.profile, 'stocked', decode(r."rootKey", 'hex'),
          r."hardwareVersion", r."firmwareVersion", r.latitude, r.longitude, s.import_id, r.batch
        from import_staged s, jsonb_to_record(s.data) as r (address bigint, serial text, name text,
          profile text, "rootKey" text, "hardwareVersion" int, "firmwareVersion" int,
          latitude double precision, longitude double precision, batch text)
        where s.import_id = ${importId} and s.line >= ${fromLine}::int
          and s.line < ${fromLine + lines}::int`.execute(tx);
      return Number(numAffectedRows ?? 0n);
    },

    async holds(tx, importId, most) {
      await sql`select from terminal where import_id = ${importId} for update`.execute(tx);
      const { rows } = await sql<{ serial: string; life_cycle: string; why: string | null }>`
        select * from (
          select t.address, t.serial, t.life_cycle,
            case when t.life_cycle <> 'stocked' then 'state'
              when exists (select from assignment a where a.address = t.address) then 'assigned'
              when exists (select from provisioning_job j where j.address = t.address) then 'job'
              when exists (select from device_group_member m where m.address = t.address) then 'group'
              when exists (select from session s where s.address = t.address)
                or exists (select from attach_answer n where n.address = t.address) then 'attached'
            end as why
          from terminal t where t.import_id = ${importId}) held
        where why is not null order by address limit ${most}::int`.execute(tx);
      return rows.map(({ serial, life_cycle: lifeCycle, why }) => ({
        name: serial,
        reason: why === "state" ? `is ${lifeCycle}` : (HOLDS[why ?? ""] ?? "is in use"),
      }));
    },

    async remove(tx, importId) {
      const { numDeletedRows } = await tx
        .deleteFrom("terminal")
        .where("import_id", "=", importId)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

const HOLDS: Readonly<Record<string, string>> = {
  assigned: "was assigned before",
  job: "is part of a field engineer's job",
  group: "is a member of a group",
  attached: "has attached to the network",
};

const takenProblem = (line: number, column: string): ImportProblem => ({
  ...{ line, column, code: "taken" },
  reason: "a terminal in the database has the same",
});
