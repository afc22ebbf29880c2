import { createCommand } from "../../domain/commands/command.ts";
import type { Db } from "../../domain/db/database.ts";
import { createGroupCommand } from "../../domain/groups/group-command.ts";
import { NOW_MS } from "../api-fixture.ts";
import type { Part, Row } from "./route-table.ts";

const idOf = (number: number): string => `00000000-0000-0000-0000-00000000000${number}`;

/** Commands 1 and 3 are to terminal 5 of customer c1, 2 to terminal 6 of customer c2; 1 and 2 wait for a second person. */
async function seed(db: Db): Promise<void> {
  for (const [number, address, customer, safetyClass] of [
    [1, 5, "c1", "dangerous"],
    [2, 6, "c2", "dangerous"],
    [3, 5, "c1", "operational"],
  ] as const) {
    const isDangerous = safetyClass === "dangerous";
    const command = createCommand(
      {
        ...{ safetyClass, secondPerson: isDangerous, expiryS: 120 },
        createdBy: { kind: "user", id: "ann" },
      },
      NOW_MS,
    );
    await db
      .insertInto("commands")
      .values({
        ...{ id: idOf(number), address, partition: 0, customer_id: customer, profile: "vehicle" },
        ...{ name: isDangerous ? "immobilise" : "restart", arguments: "{}", note: "" },
        ...{ plaintext: Uint8Array.of(isDangerous ? 4 : 8), is_drill: false, priority: 1 },
        ...{ state: command.state, command: JSON.stringify(command) },
        ...{ created_at: new Date(NOW_MS), created_by_kind: "user" },
        ...{ created_by_id: "ann", created_by_name: "Ann" },
      })
      .execute();
  }
}

/** Of group 1, which has no members; it waits for a second person. */
async function seedGroupCommand(db: Db): Promise<void> {
  const createdBy = { kind: "user", id: "ann" } as const;
  const command = createGroupCommand(
    { safetyClass: "operational", secondPerson: true, createdBy, expiryS: 900, catchUp: true },
    NOW_MS,
  );
  await db
    .insertInto("group_commands")
    .values({
      ...{ id: idOf(1), group_id: 1, partition: 0, profile: "streetlight", name: "switch" },
      ...{ arguments: "{}", plaintext: Uint8Array.of(2), is_drill: false, note: "", priority: 1 },
      ...{ state: command.state, command: JSON.stringify(command) },
      ...{ created_at: new Date(NOW_MS), created_by_kind: "user" },
      ...{ created_by_id: "ann", created_by_name: "Ann" },
    })
    .execute();
}

const CALENDAR = {
  ...{ isActive: true, timeZone: "Asia/Shanghai", latitude: 31, longitude: 121, switches: [] },
};

const groupCommands: readonly Row[] = [
  //                                                AOBCERWMKS
  { route: "GET /api/group-commands", /*    */ gets: "oofooofffu", url: "/api/group-commands" },
  {
    route: "GET /api/group-commands/{id}",
    gets: "oofooofffu",
    url: `/api/group-commands/${idOf(1)}`,
  },
  {
    route: "GET /api/group-commands/{id}/roll",
    gets: "oofooofffu",
    url: `/api/group-commands/${idOf(1)}/roll`,
  },
  {
    route: "GET /api/groups/{id}/outlook",
    gets: "oofooofffu",
    url: "/api/groups/1/outlook",
  },
  {
    route: "POST /api/groups/{id}/commands",
    of: "without a member in service",
    gets: "ccfffffffu",
    url: "/api/groups/1/commands",
    payload: { name: "switch", arguments: { on: true, duration: 0 } },
  },
  {
    route: "POST /api/group-commands/{id}/approve",
    of: "without a member left",
    gets: "oofffffffu",
    url: `/api/group-commands/${idOf(1)}/approve`,
    payload: {},
  },
  {
    route: "POST /api/group-commands/{id}/reject",
    gets: "oofffffffu",
    url: `/api/group-commands/${idOf(1)}/reject`,
    payload: {},
  },
  {
    route: "POST /api/group-commands/{id}/withdraw",
    gets: "oofffffffu",
    url: `/api/group-commands/${idOf(1)}/withdraw`,
    payload: {},
  },
  { route: "GET /api/boards/{board}", /*    */ gets: "oofooofffu", url: "/api/boards/siren" },
  {
    route: "GET /api/boards/{board}/devices",
    gets: "oofooofffu",
    url: "/api/boards/siren/devices",
  },
  {
    route: "GET /api/groups/{id}/calendar",
    of: "that has none",
    gets: "oofooofffu",
    url: "/api/groups/1/calendar",
  },
  {
    route: "PUT /api/groups/{id}/calendar",
    gets: "oofffffffu",
    url: "/api/groups/1/calendar",
    payload: CALENDAR,
  },
  {
    route: "POST /api/groups/{id}/calendar/approve",
    of: "that has none",
    gets: "nnfffffffu",
    url: "/api/groups/1/calendar/approve",
    payload: {},
    headers: { "if-match": '"1"' },
  },
  {
    route: "POST /api/groups/{id}/calendar/approve",
    of: "that nobody says to have read",
    gets: "iifffffffu",
    url: "/api/groups/1/calendar/approve",
    payload: {},
  },
  {
    route: "POST /api/groups/{id}/calendar/reject",
    of: "that has none",
    gets: "nnfffffffu",
    url: "/api/groups/1/calendar/reject",
    payload: {},
  },
  {
    route: "DELETE /api/groups/{id}/calendar",
    of: "that has none",
    gets: "nnfffffffu",
    url: "/api/groups/1/calendar",
  },
  {
    route: "POST /api/calendar-days",
    gets: "oofooofffu",
    url: "/api/calendar-days",
    payload: { calendar: CALENDAR, from: "2026-10-01", days: 2 },
  },
];

const own = { terminal: 5, name: "read-status" };

export const commandPart: Part = {
  seed: async (db) => {
    await seed(db);
    await seedGroupCommand(db);
  },
  //                                                AOBCERWMKS
  rows: [
    { route: "GET /api/commands", /*          */ gets: "oofooooofu", url: "/api/commands" },
    {
      route: "GET /api/commands/{id}",
      /*     */ gets: "oofooooofu",
      url: `/api/commands/${idOf(1)}`,
    },
    {
      route: "GET /api/commands/{id}",
      of: "of another customer",
      gets: "oofooonnfu",
      url: `/api/commands/${idOf(2)}`,
    },
    {
      route: "GET /api/terminals/{address}/command-outlook",
      gets: "oofooooofu",
      url: "/api/terminals/5/command-outlook",
    },
    {
      route: "GET /api/terminals/{address}/command-outlook",
      of: "of another customer",
      gets: "oofooonnfu",
      url: "/api/terminals/6/command-outlook",
    },
    { route: "GET /api/page-queues", /*       */ gets: "oofooofffu", url: "/api/page-queues" },
    {
      route: "POST /api/commands",
      /*         */ gets: "ooffffoffu",
      url: "/api/commands",
      payload: own,
    },
    {
      route: "POST /api/commands",
      of: "of another customer",
      gets: "ooffffnffu",
      url: "/api/commands",
      payload: { ...own, terminal: 6 },
    },
    {
      route: "POST /api/commands/{id}/approve",
      gets: "oofffffffu",
      url: `/api/commands/${idOf(1)}/approve`,
      payload: {},
    },
    {
      route: "POST /api/commands/{id}/approve",
      of: "that needs nobody else",
      gets: "ccfffffffu",
      url: `/api/commands/${idOf(3)}/approve`,
      payload: {},
    },
    {
      route: "POST /api/commands/{id}/reject",
      gets: "oofffffffu",
      url: `/api/commands/${idOf(1)}/reject`,
      payload: {},
    },
    {
      route: "POST /api/commands/{id}/withdraw",
      gets: "ooffffoffu",
      url: `/api/commands/${idOf(1)}/withdraw`,
      payload: {},
    },
    {
      route: "POST /api/commands/{id}/withdraw",
      of: "of another customer",
      gets: "ooffffnffu",
      url: `/api/commands/${idOf(2)}/withdraw`,
      payload: {},
    },
    ...groupCommands,
  ],
};
