import type { Db } from "../../domain/db/database.ts";
import { NOW_MS } from "../api-fixture.ts";
import type { Part } from "./route-table.ts";

/** Drill 1 runs and drill 2 is planned, both of terminal 6. */
async function seed(db: Db): Promise<void> {
  const at = new Date(NOW_MS);
  const drill = {
    kind: "panic",
    ...{ note: "", starts_at: at, lasts_s: 600, answer_s: 60, created_at: at, version: 1 },
    ...{ created_by_id: "administrator", created_by_name: "Ann" },
  } as const;
  await db
    .insertInto("drills")
    .values([
      { ...drill, id: "drill-1", state: "running", started_at: at },
      { ...drill, id: "drill-2", state: "planned" },
    ])
    .execute();
  await db
    .insertInto("drill_members")
    .values([
      { drill_id: "drill-1", address: 6, customer_id: "c2" },
      { drill_id: "drill-2", address: 6, customer_id: "c2" },
    ])
    .execute();
}

export const drillPart: Part = {
  seed,
  //                                                AOBCERWMKS
  rows: [
    { route: "GET /api/drills", /*            */ gets: "oofooofffu", url: "/api/drills" },
    { route: "GET /api/drills/{id}", /*       */ gets: "oofooofffu", url: "/api/drills/drill-1" },
    {
      route: "POST /api/drills",
      gets: "oofffffffu",
      url: "/api/drills",
      payload: { terminal: 5 },
    },
    {
      route: "POST /api/drills",
      of: "of a terminal that is in another one",
      gets: "ccfffffffu",
      url: "/api/drills",
      payload: { terminal: 6 },
    },
    {
      route: "POST /api/drills/{id}/end",
      gets: "oofffffffu",
      url: "/api/drills/drill-1/end",
      payload: {},
    },
    {
      route: "POST /api/drills/{id}/cancel",
      gets: "oofffffffu",
      url: "/api/drills/drill-2/cancel",
      payload: {},
    },
  ],
};
