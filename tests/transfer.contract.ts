import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NOW_MS } from "./api-fixture.ts";
import { msToNs } from "./fleet-of-customers.ts";
import {
  CAR,
  OF,
  openScene,
  type Person,
  RANGE,
  READERS,
  type Scene,
  SOLD,
  type Store,
} from "./transfer-scene.ts";

export interface StoreToStop extends Store {
  stop(): Promise<void>;
}

/** After a transfer the new owner gets nothing earlier, and the old one nothing later: on every store alike. */
export function transferContract(name: string, open: () => Promise<StoreToStop>): void {
  describe(name, () => {
    let store: StoreToStop;
    let scene: Scene;
    beforeAll(async () => {
      store = await open();
      scene = await openScene(store);
    });
    afterAll(async () => {
      await scene.stop();
      await store.stop();
    });
    readings(() => scene);
    packets(() => scene);
    lists(() => scene);
  });
}

const speedOf = ({ values }: Record<string, unknown>) => (values as { speed: number }).speed;

function readings(scene: () => Scene): void {
  const history = (who: Person, more = "") =>
    scene().items(who, `/api/terminals/${CAR}/history?fields=speed&${RANGE}${more}`, "points");

  it.each(READERS)("bounds the history of %s", async (who) => {
    expect((await history(who)).map(speedOf)).toEqual(OF[who]);
  });

  it.each(READERS)("lets no sum or count mix what %s may know with what not", async (who) => {
    const sums = await history(who, "&window=1d&aggregate=sum");
    const total = OF[who].reduce((sum, speed) => sum + speed, 0);
    expect(sums.map(speedOf).reduce((sum, speed) => sum + speed, 0)).toBe(total);
    const counts = await history(who, "&window=1d&aggregate=count");
    expect(counts.map(speedOf).reduce((sum, count) => sum + count, 0)).toBe(OF[who].length);
    if (who === "new") expect(sums.every(({ time }) => String(time) >= SOLD)).toBe(true);
  });

  it.each(READERS)("bounds the track of %s", async (who) => {
    const points = await scene().items(who, `/api/terminals/${CAR}/track?${RANGE}`, "points");
    expect(points).toHaveLength(OF[who].length);
    const isTheirs = (time: string) =>
      who === "operator" || (who === "new" ? time >= SOLD : time < SOLD);
    expect(points.every(({ time }) => isTheirs(String(time)))).toBe(true);
  });
}

const fieldsOf = ({ fields }: Record<string, unknown>) => (fields as { speed: number }).speed;

function packets(scene: () => Scene): void {
  it.each(READERS)(
    "bounds the packet log of %s, each packet and what others refused",
    async (who) => {
      const url = `/api/packets?limit=100&terminal=${CAR}`;
      const own = await scene().items(who, url);
      const reports = own.filter(({ verdict }) => verdict === "new");
      expect(reports.map(fieldsOf).toSorted((a, b) => a - b)).toEqual(OF[who]);
      if (who !== "operator") expect(own).toHaveLength(reports.length);
      const ids = new Set(own.map(({ id }) => id));
      const unknown = (await scene().get(who, "/api/packets/999")).body;
      for (const { id } of await scene().items("operator", url)) {
        const { status, body } = await scene().get(who, `/api/packets/${String(id)}`);
        expect(status).toBe(ids.has(id) ? 200 : 404);
        if (status === 404)
          expect(body).toEqual({ ...unknown, detail: `packet ${String(id)} does not exist` });
      }
    },
  );

  it.each(READERS)("bounds the live events of %s", async (who) => {
    const told = await scene().heardLive(who);
    const ofCar = told
      .split("\n\n")
      .filter((event) => event.includes("event: packet") && event.includes(`"address":${CAR},`));
    const speeds = ofCar.flatMap((event) => {
      const speed = /"speed":(\d+)/.exec(event)?.[1];
      return event.includes('"verdict":"new"') && speed !== undefined ? [Number(speed)] : [];
    });
    expect(speeds.toSorted((a, b) => a - b)).toEqual(OF[who]);
    if (who !== "operator") expect(ofCar).toHaveLength(OF[who].length);
    const receptions = told.match(/event: reception/g)?.length ?? 0;
    const others = { operator: 4 + 2, old: 1, parent: 1, new: 1 }[who]; // of refused ones, and of other terminals
    expect(receptions).toBe(OF[who].length + others);
    const positions = told
      .split("\n\n")
      .filter((event) => event.includes("event: position") && event.includes(`"address":${CAR},`));
    expect(positions).toHaveLength(who === "operator" || who === "new" ? 1 : 0);
    expect(told.includes("event: gateway")).toBe(false);
  });

  it.each(["old", "new"] as const)(
    "bounds what the system of the %s owner hears by MQTT",
    async (customer) => {
      expect(await scene().heardByMqtt(customer)).toEqual(OF[customer]);
    },
  );
}

function lists(scene: () => Scene): void {
  const listed = async (who: Person, query = "") => {
    const { body } = await scene().get(who, `/api/terminals?sort=address&${query}`);
    const items = body["items"] as { address: number }[];
    return [body["total"], items.map(({ address }) => address)];
  };

  it("lists a terminal to whoever holds it, and as a former one to whoever held it", async () => {
    expect(await listed("operator")).toEqual([4, [CAR, 6, 7, 8]]);
    expect(await listed("new")).toEqual([2, [CAR, 8]]);
    for (const who of ["old", "parent"] as const) {
      expect(await listed(who)).toEqual([1, [7]]);
      expect(await listed(who, "former=true")).toEqual([1, [CAR]]);
    }
    expect(await listed("stranger")).toEqual([0, []]);
    for (const who of ["new", "stranger"] as const)
      expect(await listed(who, "former=true")).toEqual([0, []]);
  });

  it("shows a former one by its serial, without values, and not to a search by its name", async () => {
    const former = await scene().items("old", "/api/terminals?former=true&sort=measured");
    expect(former).toMatchObject([
      { name: `HL${CAR}`, lifeCycle: "former", latitude: null, measuredAt: null, receivedAt: null },
    ]);
    expect(await listed("old", "former=true&search=Car")).toEqual([0, []]);
    expect(await listed("old", "former=true&search=HL5")).toEqual([1, [CAR]]);
    const old = (await scene().get("old", `/api/terminals/${CAR}`)).body;
    expect(old).toMatchObject({ name: `HL${CAR}`, latitude: null, session: null, values: [] });
    expect(old["lastReceptions"]).toHaveLength(2);
    const packets = await scene().items("old", `/api/packets?terminal=${CAR}`);
    expect(packets.every(({ terminalName }) => terminalName === `HL${CAR}`)).toBe(true);
  });

  it("counts the packets with a wrong tag under its number for the operator alone", async () => {
    const counted = async (who: Person) =>
      await Promise.all(
        ["terminals", "stock"].map(
          async (list) => (await scene().get(who, `/api/${list}/${CAR}`)).body["badTags"],
        ),
      );
    expect(await counted("operator")).toEqual([1, 1]);
    expect(await counted("new")).toEqual([null, null]);
    const listed = async (who: Person, badTags: boolean) =>
      (await scene().items(who, `/api/stock?badTags=${badTags}`)).map(({ address }) => address);
    expect(await listed("operator", true)).toEqual([CAR]);
    expect(await listed("operator", false)).toEqual([6, 7, 8]);
    expect(await listed("new", true)).toEqual(await listed("new", false)); // nothing is told by a filter either
    expect((await scene().get("operator", "/api/stock/counts")).body["withBadTags"]).toBe(1);
    expect((await scene().get("new", "/api/stock/counts")).body["withBadTags"]).toBe(0);
  });

  it("puts it on the map of whoever holds it alone", async () => {
    const places = async (who: Person) =>
      (await scene().items(who, "/api/positions")).map(({ address, speed }) => [address, speed]);
    expect(await places("new")).toEqual([
      [CAR, 50],
      [8, 50],
    ]);
    expect(await places("old")).toEqual([[7, 50]]);
    expect(await places("stranger")).toEqual([]);
  });

  it("says of a hidden one what it says of one that nobody has", async () => {
    for (const path of ["", "/assignments", "/track", "/history?fields=speed"]) {
      const hidden = await scene().get("stranger", `/api/terminals/${CAR}${path}`);
      const unknown = await scene().get("stranger", `/api/terminals/77${path}`);
      expect(hidden.status).toBe(404);
      expect(hidden.body).toEqual({ ...unknown.body, detail: `terminal ${CAR} does not exist` });
    }
  });

  it("tells each of their own stretches", async () => {
    const told = async (who: Person) =>
      (await scene().items(who, `/api/terminals/${CAR}/assignments`)).map((one) => [
        one["customerId"],
        one["assetName"],
      ]);
    const name = `Asset of ${CAR}`;
    expect(await told("operator")).toEqual([
      ["new", name],
      ["old", name],
    ]);
    expect(await told("new")).toEqual([["new", name]]);
    expect(await told("old")).toEqual([["old", null]]);
    expect((await scene().get("old", `/api/assets/${scene().assetId}`)).status).toBe(404);
  });

  it("shows nothing of where it stood to whoever gets it on another asset", async () => {
    const { db, fleet } = scene();
    await fleet.assignments.end(db, { address: 8, toNs: msToNs(NOW_MS), reason: "" }, fleet.act);
    await fleet.give(8, "stranger", NOW_MS);
    expect(await scene().items("stranger", "/api/positions")).toMatchObject([
      { latitude: 30.5, source: "installed", measuredAt: null, heardAt: null, speed: null },
    ]);
    expect((await scene().get("stranger", "/api/terminals/8")).body).toMatchObject({
      values: [],
      lastReceptions: [],
      receivedAt: null,
    });
  });
}
