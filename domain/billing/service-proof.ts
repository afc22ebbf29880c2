import type { Day } from "./calendar.ts";

/** Why a report is missing, as the silence of a terminal is judged; the first two are ours to answer for. */
export const OUR_CAUSES = ["gateway-deaf", "backhaul-down"] as const;
export const MISSING_CAUSES = [...OUR_CAUSES, "jammed", "terminal-dead"] as const;
export type MissingCause = (typeof MISSING_CAUSES)[number];
/** Why nothing was promised. */
export const EXCUSES = ["suspended", "paused", "maintenance"] as const;
export type Excuse = (typeof EXCUSES)[number];

/** [fromMs, toMs) in ms since the Unix epoch. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A stretch in which reports could not come, or were not promised. */
export interface Away extends Stretch {
  readonly what: Exclude<MissingCause, "terminal-dead"> | Excuse;
}

export interface ReportCount {
  readonly reports: number;
  /** That reached us afterwards, such as from the outbox of a gateway. */
  readonly late: number;
}

/** What a proof follows from, and nothing else. */
export interface ProofFacts {
  /** The terminal's usual pause, in ms; null: it was not heard often enough to have one. */
  readonly rhythmMs: number | null;
  /** What is looked at: while it was the customer's, and not after now. */
  readonly held: Stretch;
  /** The days of that time, at the customer's. */
  readonly days: readonly (Stretch & { readonly day: Day })[];
  /** Pauses between two reports, or between one and an end of what is known; apart, in any order. */
  readonly pauses: readonly Stretch[];
  readonly away: readonly Away[];
  readonly counts: ReadonlyMap<Day, ReportCount>;
}

/** `expected` = `received` + all of `missing`; what is excluded was not expected. */
export interface ProofCounts extends ReportCount {
  readonly expected: number;
  readonly received: number;
  readonly missing: Readonly<Record<MissingCause, number>>;
  readonly excluded: Readonly<Record<Excuse, number>>;
}

export interface ProofDay extends ProofCounts {
  readonly day: Day;
}

export interface ServiceProof {
  readonly rhythmMs: number | null;
  readonly days: readonly ProofDay[];
  readonly total: ProofCounts;
  /** In hundredths of a per cent, rounded down; null where nothing was expected. */
  readonly availability: number | null;
  /** The longest of the pauses that are longer than usual. */
  readonly longestGap: Stretch | null;
}

export const NOTHING_PROVED: ProofCounts = {
  ...{ expected: 0, received: 0, reports: 0, late: 0 },
  missing: { "gateway-deaf": 0, "backhaul-down": 0, jammed: 0, "terminal-dead": 0 },
  excluded: { suspended: 0, paused: 0, maintenance: 0 },
};

const WHOLE = 10_000;
/** Whoever has missed so many of its pauses before an outage began is not silent because of it. */
const QUIET_PAUSES = 2;

/**
 * Time is cut into turns of the terminal's usual pause, in each of which one report is expected, however many come. A
 * turn lies on the same moments whatever is looked at, so the days of a month are those that each would be by itself.
 */
export function proveService(facts: ProofFacts): ServiceProof {
  const { rhythmMs } = facts;
  const pauses =
    rhythmMs === null ? [] : facts.pauses.filter((pause) => isLongPause(pause, rhythmMs));
  const silences = rhythmMs === null ? [] : silencesOf(pauses, facts.away, rhythmMs);
  const days = facts.days.map((day) => ({
    day: day.day,
    ...proveDay(day, { ...facts, silences }),
  }));
  const total = sumOf(days);
  return {
    ...{ rhythmMs, days, total, availability: availabilityOf(total) },
    longestGap: longestOf(facts.held, pauses),
  };
}

export const sumOf = (all: readonly ProofCounts[]): ProofCounts =>
  all.reduce(
    (sum, one) => ({
      expected: sum.expected + one.expected,
      received: sum.received + one.received,
      reports: sum.reports + one.reports,
      late: sum.late + one.late,
      missing: added(sum.missing, one.missing),
      excluded: added(sum.excluded, one.excluded),
    }),
    NOTHING_PROVED,
  );

/** Expected reports that were not lost by us, in hundredths of a per cent: a single lost one is never rounded away. */
export function availabilityOf(counts: ProofCounts): number | null {
  const { expected } = counts;
  return expected === 0 ? null : Math.floor(((expected - lostByUs(counts)) * WHOLE) / expected);
}

export const lostByUs = ({ missing }: ProofCounts): number =>
  OUR_CAUSES.reduce((sum, cause) => sum + missing[cause], 0);

/** A pause of up to one and a half is a report that came a little later. */
export const isLongPause = ({ fromMs, toMs }: Stretch, rhythmMs: number): boolean =>
  (toMs - fromMs) * 2 > rhythmMs * 3;

/** A pause that is longer than usual, with all that explains its turns. */
interface Silence extends Stretch {
  /** In order of their ends, each cause by itself. */
  readonly away: ReadonlyMap<Away["what"], readonly Stretch[]>;
}

/** Each is read once, however many there are of either: a gateway may come and go all month. */
function silencesOf(
  pauses: readonly Stretch[],
  away: readonly Away[],
  rhythmMs: number,
): readonly Silence[] {
  const inOrder = away.toSorted((a, b) => a.fromMs - b.fromMs);
  let next = 0;
  let lasting: readonly Away[] = [];
  return pauses
    .toSorted((a, b) => a.fromMs - b.fromMs)
    .map((pause) => {
      const begun = next;
      while ((inOrder[next]?.fromMs ?? Infinity) < pause.toMs) next += 1;
      const over = [...lasting, ...inOrder.slice(begun, next)].filter(
        ({ toMs }) => toMs > pause.fromMs,
      );
      lasting = over.filter(({ toMs }) => toMs > pause.toMs);
      return { ...pause, away: explaining(pause, over, rhythmMs) };
    });
}

/**
 * An outage explains a silence that it began with, and so does one that began before the terminal could be heard again
 * after another; one that found it silent already does not. What is excused is excused in any case.
 */
function explaining(
  pause: Stretch,
  over: readonly Away[],
  rhythmMs: number,
): ReadonlyMap<Away["what"], readonly Stretch[]> {
  let heardMs = pause.fromMs; // until then nothing speaks for the terminal's own silence
  const explained = over.filter(({ what, fromMs, toMs }) => {
    const isIn = fromMs - heardMs <= QUIET_PAUSES * rhythmMs;
    if (isIn) heardMs = Math.max(heardMs, toMs);
    return isIn || isExcuse(what);
  });
  return new Map(
    [...Map.groupBy(explained, ({ what }) => what)].map(([what, own]) => [what, merged(own)]),
  );
}

/** Apart, in order; of stretches that come in order of their beginnings. */
function merged(stretches: readonly Stretch[]): readonly Stretch[] {
  const apart: Stretch[] = [];
  for (const { fromMs, toMs } of stretches) {
    const last = apart.at(-1);
    if (last === undefined || fromMs > last.toMs) apart.push({ fromMs, toMs });
    else apart[apart.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs) };
  }
  return apart;
}

function proveDay(
  day: Stretch & { readonly day: Day },
  facts: Omit<ProofFacts, "pauses" | "away"> & { readonly silences: readonly Silence[] },
): ProofCounts {
  const { rhythmMs, held, silences, counts } = facts;
  const { reports, late } = counts.get(day.day) ?? NOTHING_PROVED;
  if (rhythmMs === null) return { ...NOTHING_PROVED, reports, late };
  const missing = { ...NOTHING_PROVED.missing };
  const excluded = { ...NOTHING_PROVED.excluded };
  const begin = Math.ceil(Math.max(day.fromMs, held.fromMs) / rhythmMs);
  // a turn is of the day on which it begins, and is over before it is judged
  const end = Math.min(Math.ceil(day.toMs / rhythmMs), Math.floor(held.toMs / rhythmMs));
  for (const silence of silences) {
    const first = Math.max(begin, Math.floor(silence.fromMs / rhythmMs) + 1);
    const last = Math.min(end, Math.floor(silence.toMs / rhythmMs));
    const causeOf = causesOf(silence);
    for (let at = first; at < last; at += 1) {
      const what = causeOf({ fromMs: at * rhythmMs, toMs: (at + 1) * rhythmMs });
      if (isExcuse(what)) excluded[what] += 1;
      else missing[what] += 1;
    }
  }
  const expected = Math.max(0, end - begin) - totalOf(excluded);
  const received = expected - totalOf(missing);
  return { expected, received, reports, late, missing, excluded };
}

const isExcuse = (what: MissingCause | Excuse): what is Excuse =>
  EXCUSES.some((one) => one === what);

/** What is excused is asked first, then what is ours; what nothing explains is the terminal's own. Of turns in their order. */
function causesOf({ away }: Silence): (turn: Stretch) => MissingCause | Excuse {
  const over = new Map([...away].map(([what, stretches]) => [what, within(stretches)]));
  return (turn) => {
    const isOver = (what: MissingCause | Excuse): boolean =>
      what !== "terminal-dead" && over.get(what)?.(turn) === true;
    return EXCUSES.find(isOver) ?? MISSING_CAUSES.find(isOver) ?? "terminal-dead";
  };
}

/** Whether a turn has any of the stretches; both come in their order, and none is looked at twice. */
function within(stretches: readonly Stretch[]): (turn: Stretch) => boolean {
  let at = 0;
  return (turn) => {
    while ((stretches[at]?.toMs ?? Infinity) <= turn.fromMs) at += 1;
    return (stretches[at]?.fromMs ?? Infinity) < turn.toMs;
  };
}

function longestOf(held: Stretch, pauses: readonly Stretch[]): Stretch | null {
  let longest: Stretch | null = null;
  for (const pause of pauses) {
    const within = {
      fromMs: Math.max(pause.fromMs, held.fromMs),
      toMs: Math.min(pause.toMs, held.toMs),
    };
    if (within.toMs <= within.fromMs) continue;
    if (longest === null || within.toMs - within.fromMs > longest.toMs - longest.fromMs)
      longest = within;
  }
  return longest;
}

const totalOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const added = <K extends string>(
  a: Readonly<Record<K, number>>,
  b: Readonly<Record<K, number>>,
): Record<K, number> => {
  const sum: Record<K, number> = { ...a };
  for (const key in b) sum[key] += b[key];
  return sum;
};
