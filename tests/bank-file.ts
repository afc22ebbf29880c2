import { randomUUID } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { paymentImport } from "../domain/billing/payment-import-postgres.ts";
import type { Db } from "../domain/db/database.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { importStorePostgres } from "../domain/imports/import-store-postgres.ts";

export interface BankLine {
  readonly reference: string;
  readonly text: string;
}

/** A bank's file of 10.00 a line that was read and found good; what is answered takes it in. */
export async function bankFileRead(
  db: Db,
  clock: Clock,
  lines: readonly BankLine[],
  linesAddedAtOnce = lines.length,
) {
  const id = randomUUID();
  const store = importStorePostgres({ db, audit: createAudit(db), linesAddedAtOnce });
  const target = paymentImport(randomUUID);
  await store.open({
    ...{ id, kind: "payments", fileName: "bank.csv", byId: "billing", byName: "Bill" },
    ...{ dryRun: false, skipBad: false, state: "running", phase: "reading", failure: null },
    ...{ linesTotal: lines.length, linesDone: 0, added: 0, bad: 0 },
    ...{ startedAt: new Date(clock.now()), endedAt: null, undoneAt: null },
  });
  const rows = lines.map((line) => ({
    ...{ receivedOn: "2026-02-03", amount: 1_000, currency: "CNY", entity: "", ...line },
  }));
  await store.stage(
    id,
    rows.map((row, at) => ({ line: at + 2, ...target.stage(row) })),
  );
  return () =>
    store.commit(id, target, {
      act: { actor: { kind: "user", id: "billing", name: "Bill" }, atMs: clock.now() },
      deed: { action: "import.done", subject: { kind: "import", id } },
      nowMs: clock.now(),
    });
}
