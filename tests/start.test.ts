import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createFleet } from "../firmware-sim/fleet.ts";
import { startProgram, temporaryFolder } from "./program.ts";
import { startHopline, untilBusy } from "./running-hopline.ts";
import { onCleanup, until } from "./until.ts";

const TERMINALS = 12;
const FEW = ["--terminals", String(TERMINALS)];

describe("npm start", () => {
  it("lives, stops on Ctrl-C, and goes on where it was", async () => {
    const DATA_DIR = await temporaryFolder();
    const first = await startHopline(FEW, { DATA_DIR });
    const { status, parts } = await first.health();
    expect(Object.keys(parts).sort()).toEqual(
      ["broker", "database", "gateways", "network", "simulator", "telemetry"].sort(),
    );
    expect(["ok", "degraded"]).toContain(status);
    const before = await untilBusy(first, TERMINALS, 2 * TERMINALS);
    await until(async () => (await first.health()).status === "ok");
    expect(before.filter(({ type }) => type === "attach").length).toBeGreaterThanOrEqual(TERMINALS);
    const places = await first.get<{ items: unknown[] }>("/api/positions");
    expect(places.items).toHaveLength(TERMINALS);
    const page = await fetch(first.url);
    expect(await page.text()).toContain("<html");

    // a second one on the same folder is told who has it, and harms nothing
    const second = startProgram("main.ts", {
      args: FEW,
      env: { DATA_DIR, HTTP_PORT: "0", MQTT_PORT: "0" },
    });
    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.output).toContain(`${DATA_DIR} is in use by process ${first.pid} since 20`);
    expectPlain(second.output);

    first.signal("SIGINT");
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expectPlain(first.output);

    const again = await startHopline(FEW, { DATA_DIR });
    for (const { id, address } of before.slice(-20))
      expect(await again.get(`/api/packets/${id}`)).toMatchObject({ id, address });
    const startedAt = await newestStoredAt(before);
    const since = async () =>
      (await again.packets()).filter(({ storedAt }) => storedAt > startedAt);
    await until(async () => {
      const reported = (await since()).filter(({ report }) => report !== null);
      return new Set(reported.map(({ address }) => address)).size === TERMINALS;
    });
    // every terminal reported under the session that it had
    expect((await since()).filter(({ type }) => type === "attach")).toEqual([]);
    // what was on its way when Ctrl-C came is brought from a gateway's outbox, and so is late
    for (const { id } of (await since()).filter(({ verdict }) => verdict !== "new")) {
      const packet = await again.get<{
        readonly verdict: string;
        readonly receptions: readonly { readonly backfilled: boolean }[];
      }>(`/api/packets/${id}`);
      expect(packet.verdict).toBe("late");
      expect(packet.receptions.some(({ backfilled }) => backfilled)).toBe(true);
    }

    const kept = await again.packets();
    again.signal("SIGKILL");
    expect((await again.ended).signal).toBe("SIGKILL");
    const third = await startHopline(FEW, { DATA_DIR });
    for (const { id } of [...kept.slice(0, 10), ...before.slice(-10)])
      expect(await third.get(`/api/packets/${id}`)).toMatchObject({ id });
    await until(async () => (await third.packets())[0]?.id !== kept[0]?.id);
    third.signal("SIGTERM");
    expect(await third.ended).toEqual({ code: 0, signal: null });
  });

  it("stops when it is told to while it still starts", async () => {
    const DATA_DIR = await temporaryFolder();
    const program = startProgram("main.ts", {
      args: FEW,
      env: { DATA_DIR, HTTP_PORT: "0", MQTT_PORT: "0" },
    });
    await program.says(/is starting/);
    program.signal("SIGINT");
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expectPlain(program.output);
  });

  it("says that the broker is away, and still stops on Ctrl-C", async () => {
    const env = { DATA_DIR: await temporaryFolder(), MQTT_URL: "mqtt://127.0.0.1:1" };
    const hopline = await startHopline(["--terminals", "1"], env);
    await hopline.says(/the MQTT broker is away/);
    expect((await hopline.health()).parts["broker"]?.status).toBe("degraded");
    hopline.signal("SIGINT");
    expect(await hopline.ended).toEqual({ code: 0, signal: null });
  });

  it("says that InfluxDB is away, and keeps its readings", async () => {
    const env = { DATA_DIR: await temporaryFolder(), INFLUX_URL: "http://127.0.0.1:1" };
    const hopline = await startHopline(["--terminals", "1"], env);
    await hopline.says(/InfluxDB is away/);
    const { telemetry } = (await hopline.health()).parts;
    expect(telemetry?.status).toBe("degraded");
    expect(telemetry?.doing).toMatch(/^InfluxDB is away, [1-9]\d* readings wait$/);
    hopline.signal("SIGINT");
    expect(await hopline.ended).toEqual({ code: 0, signal: null });
    expectPlain(hopline.output);
  });

  it("says that no modem is configured, and serves its people all the same", async () => {
    const hopline = await startHopline(["--no-demo"], { DATA_DIR: await temporaryFolder() });
    await hopline.says(/No modem is configured.*--modem URL or the setting MODEMS/);
    const { status, parts } = await hopline.health();
    expect(status).toBe("ok");
    expect(parts["gateways"]?.doing).toBe("none here: no modem is configured");
    expect(parts).not.toHaveProperty("simulator");
    expect((await fetch(hopline.url)).status).toBe(200);
    hopline.signal("SIGINT");
    expect(await hopline.ended).toEqual({ code: 0, signal: null });
    expectPlain(hopline.output);
  });

  it("has new terminals ready on an empty installation, by their factory's file", async () => {
    const DATA_DIR = await temporaryFolder();
    const hopline = await startHopline(["--empty"], { DATA_DIR });
    await hopline.says(/brought in under Import:\s+\S+new-terminals\.csv/);
    expect((await hopline.health()).parts["simulator"]?.doing).toBe("0 of 0 terminals attached");
    const stocked = async () =>
      (await hopline.get<{ items: { state: string }[] }>("/api/simulated-terminals")).items;
    expect(await stocked()).toEqual([]);
    const file = await readFile(path.join(DATA_DIR, "new-terminals.csv"), "utf8");
    await hopline.upload("/api/imports/terminals?file_name=new-terminals.csv&dry_run=false", file);
    await until(async () => (await stocked()).length === 9);
    expect((await stocked()).every(({ state }) => state === "off")).toBe(true);
    hopline.signal("SIGINT");
    expect(await hopline.ended).toEqual({ code: 0, signal: null });
    expectPlain(hopline.output);
  });

  it("says what its options and settings are", async () => {
    const program = startProgram("main.ts", { args: ["--help"] });
    expect((await program.ended).code).toBe(0);
    for (const word of [
      "--no-demo",
      "--empty",
      "--modem URL",
      "--enrol FILE",
      "HTTP_PORT",
      "DATABASE_URL",
    ])
      expect(program.output).toContain(word);
  });
});

/** What is wrong is said in words: a stack trace is for who wrote the program. */
function expectPlain(output: string): void {
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
}

const newestStoredAt = async (packets: readonly { readonly storedAt: string }[]) =>
  packets
    .map(({ storedAt }) => storedAt)
    .sort()
    .at(-1) ?? "";

describe("npm start with something wrong", () => {
  async function refused(args: readonly string[], env: Readonly<Record<string, string>>) {
    const DATA_DIR = await temporaryFolder();
    const ports = { HTTP_PORT: "0", MQTT_PORT: "0" };
    const program = startProgram("main.ts", { args, env: { DATA_DIR, ...ports, ...env } });
    expect(await program.ended, program.output).toEqual({ code: 1, signal: null });
    expectPlain(program.output);
    return program.output;
  }

  it.each<[string, readonly string[], Readonly<Record<string, string>>, readonly RegExp[]]>([
    ["a port that is no number", [], { HTTP_PORT: "high" }, [/HTTP_PORT.*0 to 65535/]],
    [
      "an address that others can reach",
      [],
      { HTTP_HOST: "0.0.0.0" },
      [/HTTP_HOST is 0\.0\.0\.0.*PUBLIC_URL.*127\.0\.0\.1, ::1 or localhost/],
    ],
    ["an option that does not exist", ["--mode"], {}, [/--mode'/, /--help lists the options/]],
    ["a word too many", ["demo"], {}, [/'demo'/, /--help lists the options/]],
    [
      "several at once",
      ["--terminals", "0", "--seed", ""],
      {},
      [/--terminals must be a whole number from 1 to 20000/, /--seed must be any text/],
    ],
    ["half a terminal", ["--terminals", "1.5"], {}, [/--terminals must be a whole number/]],
    ["a modem beside the demonstration", ["--modem", "tcp://127.0.0.1:1"], {}, [/--no-demo/]],
    [
      "a modem of an unknown kind",
      ["--no-demo", "--modem", "usb://1"],
      {},
      [/usb:\/\/1.*serial:\/\/\/dev\/ttyUSB0\?baud=921600 or tcp:\/\/host:port/],
    ],
    [
      "several settings",
      [],
      { MODEMS: "nonsense", MQTT_PORT: "-1", DATABASE_URL: "mysql://x", INFLUX_URL: "8086" },
      [
        /MODEMS.*serial:\/\//,
        /MQTT_PORT.*0 to 65535/,
        /DATABASE_URL.*postgres:\/\/ or postgresql:\/\//,
        /INFLUX_URL.*http:\/\/ or https:\/\//,
      ],
    ],
    ["an unreadable file", ["--enrol", "/nowhere/fleet.json"], {}, [/fleet\.json cannot be read/]],
    [
      "a database that is not there",
      FEW,
      { DATABASE_URL: "postgres://hopline:hush@127.0.0.1:1/hopline" },
      [/DATABASE_URL.*hopline at 127\.0\.0\.1:1 is not reached.*ECONNREFUSED/],
    ],
    [
      "a file in place of the data folder",
      FEW,
      { DATA_DIR: "package.json/data" },
      [/DATA_DIR.*folder/],
    ],
  ])("names %s and what is allowed", async (_name, args, env, expected) => {
    const output = await refused(args, env);
    for (const pattern of expected) expect(output).toMatch(pattern);
    expect(output).not.toContain("hush");
  });

  it.each(["HTTP_PORT", "MQTT_PORT"])(
    "names a %s that another program has",
    async (name) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      onCleanup(() => new Promise((resolve) => server.close(resolve)));
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      const output = await refused(FEW, { [name]: String(port) });
      expect(output).toMatch(new RegExp(`${name} ${port} on 127.0.0.1 is in use`));
    },
    240_000,
  );

  it("names each wrong row of a file of terminals, and no key", async () => {
    const file = path.join(await temporaryFolder(), "fleet.json");
    const [terminal] = createFleet("rows", 1);
    const row = { ...terminal, rootKey: `${"c0ffee".repeat(5)}00` };
    const rows = [row, { ...row, rootKey: "c0ffee" }, { ...row, profile: "boat", address: 7 }];
    await writeFile(file, JSON.stringify([...rows, { ...row, address: -1 }]));
    const output = await refused(["--enrol", file], {});
    expect(output).toMatch(/terminal 2\.rootKey/);
    expect(output).toMatch(/terminal 3\.profile: boat is none of .*vehicle/);
    expect(output).toMatch(/terminal 4\.address/);
    expect(output).not.toContain("c0ffee");
    await writeFile(file, "address,serial");
    expect(await refused(["--enrol", file], {})).toMatch(/is no JSON; it must be a JSON array/);
    expect(await readFile(file, "utf8")).toBe("address,serial");
  });
});
