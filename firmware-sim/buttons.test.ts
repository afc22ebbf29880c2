import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createLog } from "../base/log.ts";
import { buttonsFor, listenToButtons } from "./buttons.ts";
import { TestNetwork } from "./test-network.ts";
import { NOON_NS, SECOND_NS, simulate } from "./test-simulation.ts";

describe("whose button a line presses", () => {
  const buttons = [{ serial: "HL-01" }, { serial: "HL-02" }];

  it.each([
    ["HL-02", ["HL-02"]],
    [" hl-01 ", ["HL-01"]],
    ["", ["HL-01", "HL-02"]],
    ["HL-0", []],
  ])("%j", (line, serials) => {
    expect(buttonsFor(line, buttons).map(({ serial }) => serial)).toEqual(serials);
  });
});

it("presses as the lines of its input say until it is stopped", async () => {
  const input = new PassThrough();
  const pressed: string[] = [];
  const buttons = ["HL-01", "HL-02"].map((serial) => ({
    serial,
    press: () => pressed.push(serial),
  }));
  const listening = listenToButtons(input, buttons, createLog("test", "silent"));
  input.write("HL-02\nHL-03\n\n");
  await expect.poll(() => pressed).toEqual(["HL-02", "HL-01", "HL-02"]);
  await listening.stop();
});

describe("a terminal that waits for its button", () => {
  const simulation = simulate({ terminals: 9, waitForButton: true });
  const { simulator, sent } = simulation;
  new TestNetwork(simulator);
  const [terminal, other] = simulator.terminals;
  const runTo = (seconds: bigint): void => {
    simulator.step(NOON_NS + seconds * SECOND_NS);
  };
  const typesOf = (address: number | undefined): readonly string[] =>
    sent.filter((packet) => packet.address === address).map(({ type }) => type);

  it("is silent, attaches when it is pressed, and again when it is pressed once more", () => {
    runTo(300n);
    expect(sent).toEqual([]);
    terminal?.press();
    runTo(330n);
    expect(typesOf(terminal?.address).slice(0, 3)).toEqual(["attach", "link-test", "report"]);
    terminal?.press();
    runTo(360n);
    const attaches = typesOf(terminal?.address).filter((type) => type === "attach");
    expect(attaches).toHaveLength(2);
    expect(typesOf(other?.address)).toEqual([]);
  });
});

describe("the bench beside a fleet", () => {
  const { simulator, sent } = simulate({ terminals: 0, withBench: true });
  new TestNetwork(simulator);
  const terminalOf = (profile: string) => {
    const address = simulator.bench.find((one) => one.profile === profile)?.address;
    const terminal = simulator.terminals.find((one) => one.address === address);
    if (terminal === undefined) throw new Error(`no ${profile} lies on the bench`);
    return terminal;
  };
  const runTo = (seconds: bigint): void => {
    simulator.step(NOON_NS + seconds * SECOND_NS);
  };

  it("lies silent and can be switched on", () => {
    runTo(120n);
    expect(sent).toEqual([]);
    for (const { profile } of simulator.bench)
      expect(terminalOf(profile)).toMatchObject({ state: "off", buttons: ["attach"] });
  });

  it.each([
    ["vehicle", "panic", "panic"],
    ["bus", "panic", "panic"],
    ["home-alarm", "panic", "panic"],
    ["elevator", "call", "callButton"],
  ] as const)("a %s calls by its button %s once it is on", (profile, button, field) => {
    const terminal = terminalOf(profile);
    const start = (simulator.schedule.nowNs() - NOON_NS) / SECOND_NS;
    const alarms = () =>
      sent.filter(({ address, type }) => address === terminal.address && type === "emergency");
    terminal.press(button);
    expect(terminal.state).toBe("off");
    terminal.press("attach");
    expect(terminal.state).toBe("calling");
    runTo(start + 40n);
    expect(terminal).toMatchObject({ state: "attached", buttons: ["attach", button] });
    expect(alarms()).toEqual([]);
    terminal.press(button);
    runTo(start + 60n);
    expect(alarms()[0]?.report?.values[field]).toBe(true);
  });
});
