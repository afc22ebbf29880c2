import type { CommandState } from "../../domain/commands/command-state.ts";
import type { PageHeard } from "../../firmware-sim/page-heard.ts";
import { hex } from "../hex.ts";

// What the database says of each command is held against the terminals' own log of what they heard and did.

export interface CommandFact {
  readonly id: string;
  readonly address: number;
  readonly pageSequence: number | null;
  /** Of its page, hexadecimal. */
  readonly plaintext: string;
  readonly state: CommandState;
  readonly reason: string | null;
  /** How often its evidence says that it ended. */
  readonly ends: number;
}

/** Empty where each command has one end, no terminal did anything twice, and none did what is said not to be done. */
export function compareCommands(
  commands: readonly CommandFact[],
  heard: readonly PageHeard[],
): readonly string[] {
  const taken = heard.filter(({ counter }) => counter !== undefined);
  const counters = taken.map(({ address, session, counter }) => `${address} ${session} ${counter}`);
  const actsOf = Map.groupBy(
    taken.filter(({ effect }) => effect === "acts"),
    keyOfHeard,
  );
  return [
    ...repeated(counters).map((counter) => `counter ${counter} was taken twice`),
    ...commands.flatMap((command) => {
      const { address, pageSequence, plaintext } = command;
      const acts = actsOf.get(`${address} ${pageSequence} ${plaintext}`)?.length ?? 0;
      return faultsOf(command, acts).map((fault) => `command ${command.id} ${fault}`);
    }),
  ];
}

const keyOfHeard = ({ address, command }: PageHeard): string =>
  command === undefined
    ? `${address}`
    : `${address} ${command.pageSequence} ${hex(Uint8Array.of(command.number, ...command.arguments))}`;

function faultsOf({ state, reason, ends }: CommandFact, acts: number): readonly string[] {
  // what the terminal itself refused it has heard, and done nothing
  const isUndone = state === "expired" || (state === "refused" && !reason?.startsWith("terminal-"));
  return [
    ...(ends === 1 ? [] : [`has ended ${ends} times: ${state}`]),
    ...(acts <= 1 ? [] : [`was done ${acts} times`]),
    ...(state === "done" && acts === 0 ? ["is done and was never done"] : []),
    ...(isUndone && acts > 0 ? [`is ${state} and was done`] : []),
  ];
}

const repeated = (all: readonly string[]): readonly string[] =>
  [...Map.groupBy(all, (one) => one)].flatMap(([one, same]) => (same.length > 1 ? [one] : []));
