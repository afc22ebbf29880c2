import { describe, expect, it } from "vitest";
import { decodeReport } from "../protocol/report/report.ts";
import { hex } from "../tests/hex.ts";
import type { SimTerminal } from "./fleet.ts";
import type { SentPacket } from "./sent-packet.ts";
import { TestNetwork } from "./test-network.ts";
import { NOON_NS, profiles, SECOND_NS, type Simulation, simulate } from "./test-simulation.ts";

const reports = (sent: readonly SentPacket[], profile: string, simulation: Simulation) => {
  const addresses = new Set(
    simulation.simulator.fleet.filter((one) => one.profile === profile).map((one) => one.address),
  );
  return sent.filter((packet) => packet.report && addresses.has(packet.address));
};

const logOf = (sent: readonly SentPacket[]): string[] =>
  sent.map((packet) => `${packet.startNs} ${packet.address} ${hex(packet.bytes)}`);

describe("a run of the simulator", () => {
  const run = (seed: string): Simulation => {
    const simulation = simulate({ seed });
    new TestNetwork(simulation.simulator);
    simulation.simulator.step(NOON_NS + 120n * SECOND_NS);
    return simulation;
  };
  const first = run("test");

  it("is the same for the same seed, to the last bit on the air", () => {
    expect(first.sent.length).toBeGreaterThan(100);
    expect(logOf(run("test").sent)).toEqual(logOf(first.sent));
  });

  it("is the same however it is cut into steps", () => {
    const simulation = simulate();
    new TestNetwork(simulation.simulator);
    for (let ms = 0n; ms < 120_000n; ms += 137n) {
      simulation.simulator.step(NOON_NS + ms * 1_000_000n);
    }
    simulation.simulator.step(NOON_NS + 120n * SECOND_NS);
    expect(logOf(simulation.sent)).toEqual(logOf(first.sent));
  });

  it("is another for another seed", () => {
    expect(logOf(run("other").sent)).not.toEqual(logOf(first.sent));
  });
});

describe("the whole fleet", () => {
  const simulation = simulate({ seed: "hopline", terminals: 200 });
  const { simulator, sent } = simulation;
  new TestNetwork(simulator);
  simulator.step(NOON_NS + 600n * SECOND_NS);
  const of = (profile: string) => reports(sent, profile, simulation);

  it("attaches, proves each session by a link test first, and reports within two minutes through a single site", () => {
    const reported = new Set<number>();
    const proven = new Map<number, number>();
    for (const packet of sent) {
      if (packet.type === "link-test") proven.set(packet.address, packet.session);
      else if (packet.type !== "attach") expect(proven.get(packet.address)).toBe(packet.session);
      if (packet.report && packet.startNs < NOON_NS + 140n * SECOND_NS)
        reported.add(packet.address);
    }
    expect(reported.size).toBeGreaterThanOrEqual(195);
  });

  it("sends reports that decode by the profile to the values that went in", () => {
    for (const packet of sent) {
      if (!packet.report) continue;
      const terminal = simulator.fleet.find(({ address }) => address === packet.address);
      const profile = profiles.byName.get(terminal?.profile ?? "");
      const layout = profile?.reports.find(({ number }) => number === packet.report?.number);
      const decoded = decodeReport(packet.plaintext, () => layout?.fields);
      if (!decoded.ok || !layout) throw new Error(`${packet.report.name} does not decode`);
      expect(decoded.reportNumber).toBe(packet.report.number);
      for (const { name, scale } of layout.fields) {
        const [was, is] = [packet.report.values[name], decoded.values[name]];
        // Beyond half a step a value has been cut off at the end of its field.
        if (typeof was === "number" && typeof is === "number") {
          expect(Math.abs(was - is), `${layout.name}.${name}`).toBeLessThanOrEqual(scale * 0.5001);
        } else expect(is).toBe(was);
      }
    }
  });

  it("uses each counter of a session once, unless it sends the same bytes again", () => {
    const seen = new Map<string, string>();
    for (const packet of sent) {
      const key = `${packet.address} ${packet.session} ${packet.counter}`;
      const bytes = hex(packet.bytes);
      expect(seen.get(key) ?? bytes).toBe(bytes);
      if (seen.has(key)) expect(packet.isResend).toBe(true);
      seen.set(key, bytes);
    }
  });

  it("never sends two frames of one terminal at once", () => {
    const last = new Map<number, bigint>();
    for (const packet of sent) {
      const before = last.get(packet.address);
      if (before !== undefined) expect(packet.startNs - before).toBeGreaterThan(SECOND_NS);
      last.set(packet.address, packet.startNs);
    }
  });

  it("shows a breakdown, a theft and a trapped passenger within ten minutes", () => {
    const alarms = sent.filter((packet) => packet.type === "emergency");
    const said = (name: string) => alarms.some(({ report }) => report?.values[name] === true);
    expect(said("assistance")).toBe(true);
    expect(said("tow")).toBe(true);
    expect(said("trapped")).toBe(true);
    const stolen = alarms.find(({ report }) => report?.values["tow"] === true);
    const track = sent.filter(
      ({ address, report }) =>
        address === stolen?.address && Number(report?.values["speed"] ?? 0) > 10,
    );
    expect(track.length).toBeGreaterThan(3);
    for (const { report } of track.slice(0, 3)) expect(report?.values["ignition"]).toBe(false);
  });

  it("moves: most vehicles and all buses are somewhere else after ten minutes", () => {
    const places = new Map<number, Set<string>>();
    for (const packet of [...of("vehicle"), ...of("bus")]) {
      const seen = places.get(packet.address) ?? new Set();
      seen.add(`${packet.latitude.toFixed(3)} ${packet.longitude.toFixed(3)}`);
      places.set(packet.address, seen);
    }
    const moved = [...places.values()].filter((seen) => seen.size > 3).length;
    expect(moved).toBeGreaterThan(60);
  });

  it("keeps the totals of payment points from going down", () => {
    const totals = new Map<number, number>();
    for (const { address, report } of of("payment")) {
      const total = Number(report?.values["total"]);
      expect(total).toBeGreaterThanOrEqual(totals.get(address) ?? 0);
      totals.set(address, total);
    }
    expect(totals.size).toBe(8);
  });
});

/** Those that somebody switches on by hand soon after a start. */
const triedByHand = ({ profile, seat, address }: SimTerminal): readonly number[] =>
  profile === "streetlight" && (seat === 1 || seat === 2) ? [address] : [];

it("lights lamps at night and not at noon", () => {
  for (const [startNs, lit] of [
    [NOON_NS, false],
    [NOON_NS + 12n * 3600n * SECOND_NS, true],
  ] as const) {
    const simulation = simulate({ startNs });
    new TestNetwork(simulation.simulator);
    simulation.simulator.step(startNs + 200n * SECOND_NS);
    const lamps = reports(simulation.sent, "streetlight", simulation);
    expect(lamps.length).toBeGreaterThan(3);
    const tried = new Set(simulation.simulator.fleet.flatMap(triedByHand));
    for (const { address, report } of lamps)
      if (!tried.has(address)) expect(report?.values["on"]).toBe(lit);
  }
});

describe("a terminal and its network", () => {
  it("resends the same bytes twice when no acknowledgement comes, and attaches again after two of these", () => {
    const simulation = simulate();
    const { simulator, sent } = simulation;
    const network = new TestNetwork(simulator);
    simulator.step(NOON_NS + 100n * SECOND_NS);
    network.isDeaf = true;
    const attaches = sent.filter(({ type }) => type === "attach").length;
    simulator.step(NOON_NS + 3_000n * SECOND_NS);
    const resends = new Map<string, number>();
    for (const packet of sent.filter(({ isResend }) => isResend)) {
      const key = hex(packet.bytes);
      resends.set(key, (resends.get(key) ?? 0) + 1);
    }
    expect(Math.max(...resends.values())).toBe(2);
    expect(sent.filter(({ type }) => type === "attach").length).toBeGreaterThan(attaches);
  });

  it("obeys a command, answers it within two seconds and reports what is asked", () => {
    const simulation = simulate();
    const { simulator, sent } = simulation;
    const network = new TestNetwork(simulator);
    simulator.step(NOON_NS + 150n * SECOND_NS);
    const lamp = simulator.fleet.find(({ profile }) => profile === "streetlight");
    const switchOn = profiles.byName.get("streetlight")?.commands.find((c) => c.name === "switch");
    if (!lamp || !switchOn) throw new Error("no lamp to switch");
    network.command(lamp.address, Uint8Array.of(switchOn.number, 0x80, 0));
    const before = sent.length;
    simulator.step(NOON_NS + 170n * SECOND_NS);
    const after = sent.slice(before).filter(({ address }) => address === lamp.address);
    expect(after[0]?.type).toBe("acknowledgement");
    expect(after.find(({ report }) => report)?.report?.values["on"]).toBe(true);
  });

  it("shows a text on its display and acknowledges that", () => {
    const { simulator, sent } = simulate();
    const network = new TestNetwork(simulator);
    simulator.step(NOON_NS + 150n * SECOND_NS);
    const keypad = simulator.fleet.find(({ profile }) => profile === "home-alarm");
    const display = profiles.byName.get("home-alarm")?.display;
    if (!keypad || !display) throw new Error("no display to page");
    network.command(
      keypad.address,
      Uint8Array.of(display.number, ...new TextEncoder().encode("困人")),
    );
    const before = sent.length;
    simulator.step(NOON_NS + 170n * SECOND_NS);
    const after = sent.slice(before).filter(({ address }) => address === keypad.address);
    expect(after.map(({ type }) => type)).toContain("acknowledgement");
  });

  it("sends nothing while the simulation catches up, and nothing old afterwards", () => {
    const simulation = simulate();
    const { simulator, sent } = simulation;
    new TestNetwork(simulator);
    simulator.step(NOON_NS + 150n * SECOND_NS);
    simulator.sleep(true);
    const before = sent.length;
    simulator.step(NOON_NS + 450n * SECOND_NS);
    expect(sent.length).toBe(before);
    simulator.sleep(false);
    simulator.step(NOON_NS + 470n * SECOND_NS);
    for (const { report, type } of sent.slice(before)) {
      if (!report || type === "emergency") continue;
      expect(BigInt(report.measuredAtMs) * 1_000_000n).toBeGreaterThan(NOON_NS + 449n * SECOND_NS);
    }
    expect(sent.length).toBeGreaterThan(before);
  });
});
