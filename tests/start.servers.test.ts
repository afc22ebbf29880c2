import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { startProgram, temporaryFolder } from "./program.ts";
import { type Hopline, startHopline, untilBusy } from "./running-hopline.ts";
import { until } from "./until.ts";

const TERMINALS = 12;
const FEW = ["--terminals", String(TERMINALS)];

/** Whether a process is still there. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Command and number of every process whose parent is this one. */
async function childrenOf(pid: number): Promise<{ pid: number; command: string }[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  const pids = list.split(" ").filter((text) => text !== "");
  return Promise.all(
    pids.map(async (child) => ({
      pid: Number(child),
      command: await readFile(`/proc/${child}/cmdline`, "utf8"),
    })),
  );
}

/** Points of the terminal's own fields over the last day; they come from InfluxDB here. */
async function history(hopline: Hopline, address: number): Promise<readonly unknown[]> {
  const { points } = await hopline.get<{ points: unknown[] }>(
    `/api/terminals/${address}/history?fields=speed,ignition`,
  );
  return points;
}

async function untilVehiclesReport(hopline: Hopline): Promise<number> {
  let address = 0;
  await until(async () => {
    const packets = await hopline.packets("type=report&verdict=new");
    const found = packets.find((packet) => (packet.address ?? 0) < 200_000);
    address = found?.address ?? 0;
    return found !== undefined;
  });
  return address;
}

it("runs on PostgreSQL and InfluxDB by one command, and goes on where it was", async () => {
  const DATA_DIR = await temporaryFolder();
  const first = await startHopline(FEW, { DATA_DIR }, "tools/start-server.ts");
  const before = await untilBusy(first, TERMINALS, 2 * TERMINALS);
  const car = await untilVehiclesReport(first);
  await until(async () => (await history(first, car)).length > 0);
  const { parts } = await first.health();
  expect(parts["telemetry"]?.doing).toContain("readings wait");
  const programs = await childrenOf(first.pid);
  const names = programs.map(({ command }) => /postgres|influxd|main\.ts/.exec(command)?.[0]);
  expect(names.sort()).toEqual(["influxd", "main.ts", "postgres"]);

  first.signal("SIGINT");
  expect(await first.ended).toEqual({ code: 0, signal: null });
  expect(programs.filter(({ pid }) => lives(pid))).toEqual([]);
  expect(first.output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m); // its servers were there until its end

  const again = await startHopline(FEW, { DATA_DIR }, "tools/start-server.ts");
  for (const { id, address } of before.slice(0, 20))
    expect(await again.get(`/api/packets/${id}`)).toMatchObject({ id, address });
  expect((await history(again, car)).length).toBeGreaterThan(0);
  const later = await childrenOf(again.pid);
  again.signal("SIGTERM");
  expect(await again.ended).toEqual({ code: 0, signal: null });
  expect(later.filter(({ pid }) => lives(pid))).toEqual([]);
});

it("takes modems over TCP and terminals from a file, as with real ones", async () => {
  const DATA_DIR = await temporaryFolder();
  const enrolment = path.join(await temporaryFolder(), "fleet.json");
  const air = startProgram("firmware-sim/main.ts", {
    args: [
      ...["--modem-listen", "tcp://127.0.0.1:0", "--modem-listen", "tcp://127.0.0.1:0"],
      ...[...FEW, "--seed", "outside", "--enrolment", enrolment],
    ],
  });
  const [, near = "", far = ""] = await air.says(/(tcp:\/\/[^\s"]+) (tcp:\/\/[^\s"]+)/);
  const hopline = await startHopline(
    ["--no-demo", "--modem", near, "--modem", far, "--enrol", enrolment],
    { DATA_DIR, GATEWAY_ID: "roof", GATEWAY_LATITUDE: "31.2", GATEWAY_LONGITUDE: "121.5" },
  );
  await until(async () => {
    const reported = await hopline.packets("type=report&verdict=new");
    return new Set(reported.map(({ address }) => address)).size === TERMINALS;
  });
  const packets = await hopline.packets();
  expect(packets.filter(({ type }) => type === "attach").length).toBeGreaterThanOrEqual(TERMINALS);
  expect(packets.every(({ verdict }) => verdict === "new")).toBe(true);
  const { items } = await hopline.get<{ items: { id: string; modems: unknown[] }[] }>(
    "/api/gateways",
  );
  expect(items).toMatchObject([{ id: "roof", modems: [{ connected: true }, { connected: true }] }]);

  // modems that go away are missed, and nothing else stops
  air.signal("SIGINT");
  expect((await air.ended).code).toBe(0);
  await until(async () => (await hopline.health()).parts["gateways"]?.status === "degraded");
  hopline.signal("SIGINT");
  expect(await hopline.ended).toEqual({ code: 0, signal: null });
  expect(hopline.output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
});
