import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { OutageEvidence } from "./outage-evidence.ts";
import type { Incident, Incidents } from "./outages.ts";

const MEMBERS_MAX = 5_000;

export function createIncidents(db: Db): Incidents {
  return {
    async list({ reach, open, limit }) {
      if (reach !== "all") return []; // an outage names terminals of everybody
      const wanted =
        open === undefined
          ? sql`true`
          : open
            ? sql`i.closed_at is null`
            : sql`i.closed_at is not null`;
      return incidentsWhere(db, sql`${wanted}`, limit);
    },
    async find(id, reach) {
      if (reach !== "all") return undefined;
      const [incident] = await incidentsWhere(db, sql`i.id = ${id}`, 1);
      if (!incident) return undefined;
      const rows = await db
        .selectFrom("incident_members as m")
        .leftJoin("terminal as t", "t.address", "m.address")
        .selectAll("m")
        .select("t.name")
        .where("m.incident_id", "=", id)
        .orderBy("m.dead_at")
        .orderBy("m.address")
        .limit(MEMBERS_MAX)
        .execute();
      const members = rows.map((row) => ({
        address: Number(row.address),
        terminalName: row.name,
        heardAt: row.heard_at,
        backAt: row.back_at,
        deadAt: row.dead_at,
      }));
      return { incident, members };
    },
  };
}

async function incidentsWhere(
  db: Db,
  condition: ReturnType<typeof sql>,
  limit: number,
): Promise<readonly Incident[]> {
  const { rows } = await sql<{
    id: string;
    cause: Incident["cause"];
    gateway_id: string | null;
    gateway_name: string | null;
    latitude: number | null;
    longitude: number | null;
    opened_at: Date;
    closed_at: Date | null;
    members: bigint;
    back: bigint;
    dead: bigint;
    evidence: OutageEvidence | null; // written by the look for outages, as it is
  }>`
    select i.*, g.name as gateway_name,
      (select count(*) from incident_members m where m.incident_id = i.id) as members,
      (select count(*) from incident_members m where m.incident_id = i.id and m.back_at is not null) as back,
      (select count(*) from incident_members m where m.incident_id = i.id and m.dead_at is not null) as dead
    from incidents i left join gateway g on g.id = i.gateway_id
    where ${condition} order by i.opened_at desc, i.id limit ${limit}::int`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    cause: row.cause,
    gatewayId: row.gateway_id,
    gatewayName: row.gateway_name,
    latitude: row.latitude,
    longitude: row.longitude,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    members: Number(row.members),
    back: Number(row.back),
    dead: Number(row.dead),
    evidence: row.evidence,
  }));
}
