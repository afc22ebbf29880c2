import type pg from "pg";

/** What is asked less often is not worth a place in each connection's memory. */
const ASKED_BEFORE = 5;
const PREPARED_MAX = 300;
const COUNTED_MAX = 3_000;
/** With more there is a list among them, and its length makes another text each time. */
const VALUES_MAX = 20;
/** What PostgreSQL says of a statement that a migration has given other columns; its code says no more than "not supported". */
const PLAN_IS_OLD = "cached plan must not change result type";

type Ask = (text: unknown, values: unknown) => Promise<unknown>;

/**
 * Has PostgreSQL parse and plan what is asked again and again once for each connection, and not each time. For
 * statements whose best plan does not depend on their values.
 */
export function createPreparedStatements() {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  let generation = 0;

  function nameOf(text: string): string | undefined {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= PREPARED_MAX) return undefined;
    const count = (counts.get(text) ?? 0) + 1;
    if (counts.size >= COUNTED_MAX) counts.clear(); // what comes often is soon counted again
    counts.set(text, count);
    if (count <= ASKED_BEFORE) return undefined;
    counts.delete(text);
    const name = `hopline_${generation}_${names.size}`;
    names.set(text, name);
    return name;
  }

  /** A migration meanwhile changed what a statement gives: PostgreSQL refuses it under its name from then on. */
  function renew(): void {
    names.clear();
    generation += 1;
  }

  return {
    /** From now on for all that this connection is asked. */
    useFor(client: pg.Client): void {
      const query = client.query.bind(client) as Ask;
      const ask: Ask = async (text, values) => {
        const isShort = Array.isArray(values) && values.length <= VALUES_MAX;
        const name = typeof text === "string" && isShort ? nameOf(text) : undefined;
        if (name === undefined) return query(text, values);
        try {
          return await query({ name, text, values }, undefined);
        } catch (error) {
          if (error instanceof Error && error.message === PLAN_IS_OLD) renew();
          throw error;
        }
      };
      client.query = ask as typeof client.query; // overloads cannot be met by one function
    },
  };
}
