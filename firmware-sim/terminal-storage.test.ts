import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { openTerminalStorage } from "./terminal-storage.ts";
import { TestNetwork } from "./test-network.ts";
import { NOON_NS, SECOND_NS, simulate } from "./test-simulation.ts";

const folder = mkdtempSync(path.join(tmpdir(), "hopline-sim-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it("keeps sessions over a restart, and no counter is used twice even when nothing was closed", () => {
  const storage = openTerminalStorage(path.join(folder, "restart.sqlite"), "test");
  const first = simulate({ storage });
  new TestNetwork(first.simulator);
  first.simulator.step(NOON_NS + 150n * SECOND_NS);
  first.simulator.saveMemories();
  const used = new Map<string, number>();
  for (const { address, session, counter, type } of first.sent) {
    if (type !== "attach") used.set(`${address} ${session}`, counter);
  }
  // The first simulation is just left lying, as kill -9 would.
  const startNs = NOON_NS + 200n * SECOND_NS;
  const second = simulate({ storage, startNs });
  second.simulator.step(startNs + 90n * SECOND_NS);
  storage.close();

  const attached = second.sent.filter(({ type }) => type === "attach").map((one) => one.address);
  const had = new Set(first.simulator.terminals.filter((t) => t.isAttached).map((t) => t.address));
  expect(had.size).toBeGreaterThan(20);
  expect(attached.filter((address) => had.has(address))).toEqual([]);
  const reporting = new Set<number>();
  for (const { address, session, counter, type } of second.sent) {
    if (type === "attach") continue;
    expect(counter).toBeGreaterThan(used.get(`${address} ${session}`) ?? -1);
    reporting.add(address);
  }
  expect(reporting.size).toBe(had.size);
});

it("remembers totals, which go on from where they were", () => {
  const storage = openTerminalStorage(path.join(folder, "totals.sqlite"), "test");
  const totalOf = (startNs: bigint): number => {
    const { simulator, sent } = simulate({ storage, startNs });
    new TestNetwork(simulator);
    simulator.step(startNs + 300n * SECOND_NS);
    simulator.saveMemories();
    const payment = simulator.fleet.find(({ profile }) => profile === "payment");
    const reports = sent.filter((one) => one.report && one.address === payment?.address);
    return Number(reports.at(-1)?.report?.values["transactions"]);
  };
  const before = totalOf(NOON_NS);
  expect(totalOf(NOON_NS + 400n * SECOND_NS)).toBeGreaterThan(before);
  storage.close();
});

it("does not hand one seed's sessions to another", () => {
  const file = path.join(folder, "seeds.sqlite");
  const one = openTerminalStorage(file, "one");
  const { simulator } = simulate({ seed: "one", storage: one, terminals: 9 });
  new TestNetwork(simulator);
  simulator.step(NOON_NS + 60n * SECOND_NS);
  const address = simulator.terminals.find((terminal) => terminal.isAttached)?.address ?? -1;
  expect(one.load(address)?.link.session).not.toBeNull();
  one.close();
  const other = openTerminalStorage(file, "other");
  expect(other.load(address)).toBeUndefined();
  other.close();
});

it("refuses a file that another simulation has open", () => {
  const file = path.join(folder, "locked.sqlite");
  const storage = openTerminalStorage(file, "test");
  expect(() => openTerminalStorage(file, "test")).toThrow(/has the simulation's file .* open/);
  storage.close();
  openTerminalStorage(file, "test").close();
});
