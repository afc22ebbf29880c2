import type { Act } from "../identity/audit.ts";

/** What moves from the one customer to the other, by table; the position is the order in which it is told. */
export const MOVED_THINGS = [
  "contact",
  "site",
  "customer_note",
  "consent",
  "asset",
  "assignment",
  "app_user",
  "api_key",
  "device_group",
  "provisioning_job",
  "alert_rules",
  "alarms",
  "alarm_cases",
  "recoveries",
  "maintenance_windows",
  "webhook",
  "escalation_ladder",
  "customer",
] as const;
export type MovedThing = (typeof MOVED_THINGS)[number];

/** What was told, by table and what names a row: it is trimmed in time, so as much goes back as is still there. */
export const MOVED_HISTORY = {
  notification: "id",
  delivery: "id",
  message_usage: "delivery_id",
  escalation: "alarm_id",
} as const;
export type HistoryTable = keyof typeof MOVED_HISTORY;
export const HISTORY_TABLES = Object.keys(MOVED_HISTORY) as readonly HistoryTable[];

/** A rule that named the customer in its scope, and whom it named. */
export interface MovedScope {
  readonly ruleId: string;
  readonly customers: readonly string[];
}

/** The ids of all that moved, and where the customer that was merged stood: what undoing needs to know. */
export interface Moved {
  readonly parentId: string | null;
  readonly ids: Readonly<Record<MovedThing, readonly string[]>>;
  readonly history: Readonly<Record<HistoryTable, readonly string[]>>;
  readonly scopes: readonly MovedScope[];
  /** What hung on the moved assets and sites at that moment. */
  readonly seen: { readonly assignment: readonly string[]; readonly asset: readonly string[] };
}

export interface Merge {
  readonly id: string;
  readonly fromId: string;
  readonly fromNumber: string;
  readonly fromName: string;
  readonly intoId: string;
  readonly intoNumber: string;
  readonly intoName: string;
  readonly byName: string;
  readonly atMs: number;
  readonly undoneAtMs: number | null;
  readonly counts: Readonly<Record<MovedThing, number>>;
}

export const countsOf = ({ ids }: Moved): Record<MovedThing, number> => {
  const counts = MOVED_THINGS.map((thing) => [thing, ids[thing].length] as const);
  return Object.fromEntries(counts) as Record<MovedThing, number>; // every thing has its entry above
};

/** As it was written; a merge of a time before some of it was moved knows nothing of it. */
export function readMoved(written: unknown): Moved {
  const { parentId, ids, history, scopes, seen } = written as Partial<Moved>; // by merge() alone
  const of = <T extends string>(
    names: readonly T[],
    known: Partial<Record<T, readonly string[]>> | undefined,
  ) => Object.fromEntries(names.map((name) => [name, known?.[name] ?? []]));
  return {
    parentId: parentId ?? null,
    ids: of(MOVED_THINGS, ids) as Moved["ids"], // every thing has its entry
    history: of(HISTORY_TABLES, history) as Moved["history"], // and every table
    scopes: scopes ?? [],
    seen: seen ?? { assignment: [], asset: [] },
  };
}

/** Words for people: which things keep a merge from being undone. */
export const THING_WORDS: Readonly<Record<MovedThing, string>> = {
  contact: "contact",
  site: "site",
  customer_note: "note",
  consent: "consent",
  asset: "asset",
  assignment: "assignment of a terminal",
  app_user: "user",
  api_key: "API key",
  device_group: "group",
  provisioning_job: "provisioning job",
  alert_rules: "alert rule",
  alarms: "alarm",
  alarm_cases: "case",
  recoveries: "case of a stolen vehicle",
  maintenance_windows: "maintenance window",
  webhook: "webhook",
  escalation_ladder: "escalation ladder",
  customer: "customer below it",
};

/** Two customers that are one become one; the other's number leads to it. */
export interface Merges {
  /** The newest first; of one customer when it is given. */
  list(customerId: string | undefined, limit: number): Promise<readonly Merge[]>;
  merge(fromId: string, intoId: string, act: Act): Promise<Merge>;
  /** Everything that moved goes back. Throws a ConflictError with the reason when something has moved on since. */
  undo(id: string, act: Act): Promise<Merge>;
}
