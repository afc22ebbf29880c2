import { expect } from "vitest";
import type { CaseButton, SimulatedState } from "../domain/devices/simulated-terminal.ts";
import type { Caller } from "../domain/identity/policy.ts";
import { everybodyIs, openApi, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";

/** Two in stock, of which one is simulated: a vehicle's, switched off. */
const test = base.extend("api", async ({ db }) => {
  const pressed: CaseButton[] = [];
  let state: SimulatedState = "off";
  const vehicle = {
    address: 7,
    get state() {
      return state;
    },
    get buttons(): readonly CaseButton[] {
      return state === "off" ? ["attach"] : ["attach", "panic"];
    },
    press(button: CaseButton) {
      pressed.push(button);
      state = "calling";
    },
  };
  await seedTerminals(db, [
    { address: 7, name: "A" },
    { address: 8, name: "B", profile: "bus" },
  ]);
  await db.updateTable("terminal").set({ life_cycle: "stocked" }).execute();
  const { app } = await openApi(db, everybodyIs(ENGINEER), undefined, { simulated: [vehicle] });
  const press = (address: number, button: string) =>
    app.inject({
      method: "POST",
      url: `/api/simulated-terminals/${address}/presses`,
      payload: { button },
    });
  return { app, pressed, press, get: (url: string) => app.inject({ url }) };
});

const ENGINEER: Caller = {
  kind: "user",
  id: "eva",
  name: "Eva",
  role: "engineer",
  customerId: null,
};

test("a simulated terminal is switched on by its button, which the audit log knows", async ({
  api,
  db,
}) => {
  const url = "/api/simulated-terminals";
  const off = { address: 7, serial: "HL-7", profile: "vehicle", state: "off" };
  expect((await api.get(url)).json()).toEqual({
    items: [{ ...off, buttons: ["attach"] }],
  });
  expect((await api.press(7, "attach")).json()).toMatchObject({
    ...{ ...off, state: "calling", buttons: ["attach", "panic"] },
  });
  expect((await api.get(`${url}/7`)).json()).toMatchObject({ state: "calling" });
  expect((await api.press(7, "panic")).statusCode).toBe(200);
  expect(api.pressed).toEqual(["attach", "panic"]);
  const noted = await db
    .selectFrom("audit_entry")
    .select(["action", "actor_id", "subject_id"])
    .execute();
  expect(noted.filter(({ action }) => action === "terminal.button-pressed")).toEqual(
    api.pressed.map(() => ({
      ...{ action: "terminal.button-pressed", actor_id: "eva", subject_id: "7" },
    })),
  );
  expect((await api.get("/api/config")).json()).toMatchObject({ simulated: true });
});

test("what could do nothing is refused and not pressed", async ({ api }) => {
  expect((await api.press(7, "panic")).statusCode).toBe(409);
  expect((await api.press(7, "call")).statusCode).toBe(409);
  expect((await api.press(7, "reset")).statusCode).toBe(400);
  expect((await api.press(8, "attach")).statusCode).toBe(404);
  expect((await api.get("/api/simulated-terminals/8")).statusCode).toBe(404);
  expect(api.pressed).toEqual([]);
});

test("where nothing is simulated there is nothing to press", async ({ db }) => {
  await seedTerminals(db, [{ address: 7, name: "A" }]);
  const { app } = await openApi(db);
  const answers = await Promise.all([
    app.inject({ url: "/api/simulated-terminals" }),
    app.inject({ url: "/api/simulated-terminals/7" }),
    app.inject({
      ...{ method: "POST", url: "/api/simulated-terminals/7/presses" },
      payload: { button: "attach" },
    }),
  ]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
  expect((await app.inject({ url: "/api/config" })).json()).toMatchObject({ simulated: false });
});
