import type { AlarmTransition, IncidentDetail, IncidentMember } from "../api/types.ts";

/** How a member of an incident stands: lost in it, heard again, or dead while all others were heard again. */
export type MemberState = "dead" | "silent" | "back";

export const MEMBER_STATES: readonly MemberState[] = ["dead", "silent", "back"];

export function memberState({ backAt, deadAt }: IncidentMember): MemberState {
  if (backAt !== null) return "back";
  return deadAt === null ? "silent" : "dead";
}

const nameOf = ({ terminalName, address }: IncidentMember): string =>
  terminalName ?? String(address);

/** Those that are wanted, the dead first, then those still silent, each by name as people count: lamp 2 before lamp 10. */
export function membersShown(
  members: readonly IncidentMember[],
  { state, text }: { readonly state: MemberState | undefined; readonly text: string },
): readonly IncidentMember[] {
  const wanted = text.trim().toLowerCase();
  const byName = new Intl.Collator(undefined, { numeric: true });
  return members
    .filter(
      (member) =>
        (state === undefined || memberState(member) === state) &&
        `${nameOf(member)} ${member.address}`.toLowerCase().includes(wanted),
    )
    .toSorted(
      (one, other) =>
        MEMBER_STATES.indexOf(memberState(one)) - MEMBER_STATES.indexOf(memberState(other)) ||
        byName.compare(nameOf(one), nameOf(other)),
    );
}

export interface IncidentStep {
  readonly at: string;
  /** Of the incident itself, or what was done with its alarm. */
  readonly kind: "lost" | "opened" | "back" | "closed" | "dead" | "done";
  /** How many terminals; 0 where it is about none. */
  readonly count: number;
  readonly done: AlarmTransition | undefined;
}

const MINUTE_MS = 60_000;
/** What the incident tells itself. */
const OWN: ReadonlySet<string> = new Set(["raised", "cleared"]);

/** What happened, in order: terminals that came back in the same minute are one step. */
export function incidentSteps(
  incident: IncidentDetail,
  transitions: readonly AlarmTransition[],
): readonly IncidentStep[] {
  const { evidence, openedAt, closedAt, terminals, members, dead } = incident;
  const step = (at: string, kind: IncidentStep["kind"], count = 0): IncidentStep => ({
    ...{ at, kind, count, done: undefined },
  });
  const backs = Map.groupBy(
    terminals.flatMap(({ backAt }) => backAt ?? []),
    (at) => Math.floor(Date.parse(at) / MINUTE_MS),
  );
  const lastHeardAt = evidence?.lastHeardAt ?? null;
  const steps = [
    ...(lastHeardAt === null ? [] : [step(lastHeardAt, "lost")]),
    step(openedAt, "opened", members),
    ...backs
      .values()
      .map((times) => step(times.toSorted().at(-1) ?? openedAt, "back", times.length)),
    ...(closedAt === null ? [] : [step(closedAt, "closed")]),
    ...(closedAt === null || dead === 0 ? [] : [step(closedAt, "dead", dead)]),
    ...transitions
      .filter(({ kind }) => !OWN.has(kind))
      .map((done): IncidentStep => ({ at: done.at, kind: "done", count: 0, done })),
  ];
  return steps.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}
