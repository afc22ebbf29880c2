import { expect, it } from "vitest";
import type { AlarmTransition, IncidentDetail, IncidentMember } from "../api/types.ts";
import { incidentSteps, membersShown } from "./incident-steps.ts";

const at = (minute: number, second = 0): string =>
  new Date(Date.UTC(2026, 10, 20, 8, minute, second)).toISOString();
const member = (address: number, more: Partial<IncidentMember> = {}): IncidentMember => ({
  ...{ address, terminalName: `Lamp ${address}`, heardAt: at(0), backAt: null, deadAt: null },
  ...more,
});

const MEMBERS = [
  member(10, { backAt: at(30, 5) }),
  member(2, { backAt: at(30, 40) }),
  member(3, { backAt: at(31) }),
  member(11, { deadAt: at(34) }),
];
const INCIDENT: IncidentDetail = {
  ...{ id: "i", cause: "gateway-deaf", gatewayId: "gw-1", gatewayName: "North", alarmId: "a" },
  ...{ latitude: null, longitude: null, openedAt: at(4), closedAt: at(34) },
  ...{ members: 4, back: 3, dead: 1, terminals: MEMBERS },
  evidence: { usual: 4, silent: 4, lastHeardAt: at(1), radiusM: null },
};
const transition = (kind: string, minute: number): AlarmTransition => ({
  ...{ id: kind, at: at(minute), storedAt: at(minute), kind, who: null, whoName: null },
  ...{ why: "", card: null },
});

it("tells an incident in order, and those that came back together as one step", () => {
  const transitions = [transition("raised", 4), transition("acknowledged", 9)];
  const steps = incidentSteps(INCIDENT, [...transitions, transition("cleared", 34)]);
  expect(steps.map(({ kind, count, done }) => [done?.kind ?? kind, count])).toEqual([
    ["lost", 0],
    ["opened", 4],
    ["acknowledged", 0],
    ["back", 2],
    ["back", 1],
    ["closed", 0],
    ["dead", 1],
  ]);
});

it("shows the dead first and lamp 2 before lamp 10", () => {
  const names = (state: "back" | undefined, text = ""): readonly number[] =>
    membersShown(MEMBERS, { state, text }).map(({ address }) => address);
  expect(names(undefined)).toEqual([11, 2, 3, 10]);
  expect(names("back")).toEqual([2, 3, 10]);
  expect(names(undefined, "lamp 1")).toEqual([11, 10]);
});
