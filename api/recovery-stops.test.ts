import { sql } from "kysely";
import { expect } from "vitest";
import { ADMINISTRATOR, NOW_MS } from "../tests/api-fixture.ts";
import { MINUTE_MS, moveTerminal, OWNER, seedCar, test, VAN } from "../tests/recovery-fixture.ts";

test("whoever has the vehicle back is not stopped by what still waits for a second person", async ({
  police: { call, marked, as },
}) => {
  const url = await marked();
  const asked = { terminal: VAN, name: "immobilise", note: "stolen" };
  const { body: stop } = await call("POST", "/api/commands", asked);
  expect(stop["state"]).toBe("drafted");
  as(OWNER);
  await call("POST", `${url}/entries`, { kind: "closed", text: "given back" });
  as(ADMINISTRATOR);
  const { body } = await call("GET", `/api/commands/${stop.id}`);
  expect(body).toMatchObject({ state: "cancelled", reason: "withdrawn-by-person" });
});

test("a case that is closed takes back what it lists, and nothing of another case", async ({
  police: { call, clock, db },
}) => {
  const stopped = async (isDrill = false): Promise<string> => {
    const asked = { terminal: VAN, name: "immobilise", drill: isDrill };
    return (await call("POST", "/api/commands", asked)).body.id;
  };
  const before = await stopped(); // seconds before the vehicle was marked
  const drill = await stopped(true);
  clock.advance(20_000);
  const stolenAt = new Date(NOW_MS - 30 * MINUTE_MS).toISOString();
  const marked = { terminal: VAN, stolenAt };
  const { body: first } = await call("POST", "/api/recoveries", marked);
  await seedCar(db);
  await moveTerminal(db, "a6", "c1");
  clock.advance(6 * MINUTE_MS);
  const { body: second } = await call("POST", "/api/recoveries", { terminal: VAN });
  const ofSecond = await stopped();

  const close = async (id: string) =>
    (await call("POST", `/api/recoveries/${id}/entries`, { kind: "closed", text: "over" })).status;
  const stateOf = async (id: string) => (await call("GET", `/api/commands/${id}`)).body["state"];
  expect(await close(first.id)).toBe(200);
  expect(await stateOf(before)).toBe("cancelled");
  expect(await stateOf(drill)).toBe("drafted");
  expect(await stateOf(ofSecond)).toBe("drafted");
  const { body: taken } = await call("GET", `/api/commands/${before}`);
  expect(JSON.stringify(taken["evidence"])).toContain(first.id);
  expect(await close(second.id)).toBe(200);
  expect(await stateOf(ofSecond)).toBe("cancelled");
});

test("a case that is closed names the stops that it could not call back", async ({
  police: { call, db, marked },
}) => {
  const url = await marked();
  const asked = { terminal: VAN, name: "immobilise" };
  const [heard, waits] = [
    (await call("POST", "/api/commands", asked)).body.id,
    (await call("POST", "/api/commands", asked)).body.id,
  ];
  await sql`update commands set state = 'acknowledged',
    command = jsonb_set(command::jsonb, '{state}', '"acknowledged"') where id = ${heard}`.execute(
    db,
  );
  const { status, body } = await call("POST", `${url}/entries`, { kind: "closed", text: "back" });
  expect(status).toBe(200);
  expect(body["openStops"]).toEqual([heard]);
  const stateOf = async (id: string) => (await call("GET", `/api/commands/${id}`)).body["state"];
  expect([await stateOf(heard), await stateOf(waits)]).toEqual(["acknowledged", "cancelled"]);
});
