import { parseArgs } from "node:util";
import { InvalidConfigError } from "../base/errors.ts";

export interface SimArguments {
  readonly seed: string;
  readonly terminals: number;
  /** One for each gateway's modem, in the order of the sites. */
  readonly modemListen: readonly string[];
  /** Sessions and counters; in memory when not given. */
  readonly state: string | undefined;
  readonly enrolment: string | undefined;
  readonly play: string | undefined;
  /** Terminals are silent until their button is pressed, by a line of input. */
  readonly button: boolean;
}

export const DEFAULT_SEED = "hopline";
export const DEFAULT_TERMINALS = 200;
export const TERMINALS_MAX = 20_000;
const FIRST_PORT = 4471;
export const SITES_MAX = 4;

export const USAGE = `firmware-sim: terminals, radio and modems, simulated
  --seed TEXT           the same seed gives the same fleet and the same run (${DEFAULT_SEED})
  --terminals N         1 to ${TERMINALS_MAX} (${DEFAULT_TERMINALS})
  --modem-listen URL    once for each modem, up to ${SITES_MAX}: tcp://HOST:PORT or serial:///dev/NAME?baud=921600
                        (tcp://127.0.0.1:${FIRST_PORT} and the next ${SITES_MAX - 1} ports)
  --state FILE          keeps sessions and counters over a restart (none kept)
  --enrolment FILE      writes the fleet with its keys, .json or .csv
  --button              terminals are silent until their button is pressed: type the serial and Enter, Enter alone for all
  --play FILE           plays recorded bursts to the modem instead of a fleet`;

const OPTIONS = {
  seed: { type: "string" },
  terminals: { type: "string" },
  "modem-listen": { type: "string", multiple: true },
  state: { type: "string" },
  enrolment: { type: "string" },
  play: { type: "string" },
  button: { type: "boolean" },
} as const;

const DEFAULT_LISTEN = Array.from(
  { length: SITES_MAX },
  (_, index) => `tcp://127.0.0.1:${FIRST_PORT + index}`,
);

/** Says everything that is wrong at once. */
export function parseArguments(given: readonly string[]): SimArguments {
  const problems: string[] = [];
  const values = read(given, problems);
  const terminals = values.terminals ?? String(DEFAULT_TERMINALS);
  if (!/^\d{1,6}$/.test(terminals) || Number(terminals) < 1 || Number(terminals) > TERMINALS_MAX) {
    problems.push(`--terminals must be a whole number from 1 to ${TERMINALS_MAX}`);
  }
  const modemListen =
    values["modem-listen"] ?? DEFAULT_LISTEN.slice(0, values.play ? 1 : SITES_MAX);
  if (modemListen.length > SITES_MAX) {
    problems.push(`--modem-listen may be given ${SITES_MAX} times at most`);
  }
  if (values.seed === "") problems.push("--seed must be any text");
  if (problems.length > 0) throw new InvalidConfigError([...problems, USAGE]);
  return {
    seed: values.seed ?? DEFAULT_SEED,
    terminals: Number(terminals),
    modemListen,
    state: values.state,
    enrolment: values.enrolment,
    play: values.play,
    button: values.button ?? false,
  };
}

function read(given: readonly string[], problems: string[]) {
  try {
    return parseArgs({ args: [...given], options: OPTIONS, strict: true }).values;
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return {};
  }
}
