import { sql } from "kysely";
import { expect } from "vitest";
import { test } from "../../tests/fixtures.ts";
import { createMerges } from "../customers/merges-postgres.ts";
import { TOMBSTONE } from "../customers/personal-data.ts";
import { createPersonalDataDesk } from "../customers/personal-data-postgres.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { billingWorld } from "./test-billing.ts";

test("a customer is merged once its account is settled, and what was issued stays what it was", async ({
  emptied: db,
  clock,
}) => {
  clock.set(Date.parse("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock, 2);
  const { desk, act } = world;
  const changes = { db, audit: createAudit(db), makeId: () => crypto.randomUUID() };
  const merges = createMerges(changes);
  const personal = createPersonalDataDesk(changes);
  await sql`update customer set email = 'li@example.org' where id = 'c0001'`.execute(db);
  const subscription = await world.subscribe(1, "2026-01-01");
  const merge = () => merges.merge("c0001", "c0002", act());
  await expect(merge()).rejects.toThrow("subscriptions go on");
  await desk.subscriptions.change(
    { id: subscription.id, version: undefined },
    { kind: "end", day: "2026-01-31" },
    act(),
  );
  clock.set(Date.parse("2026-02-03T00:00:00Z"));
  await expect(merge()).rejects.toThrow("not billed to their end");
  const run = await world.close("2026-01");
  await expect(merge()).rejects.toThrow("not settled");
  await desk.invoices.approve({ runId: run?.id ?? "" }, act());
  await desk.invoices.issue({ runId: run?.id ?? "" }, act());
  await expect(merge()).rejects.toThrow("not settled");
  const invoice = await desk.invoices.find("2026-01.c0001", "all", "2026-02-03");
  await desk.payments.add(
    {
      ...{ customerId: "c0001", amount: invoice?.gross ?? 0, currency: "CNY", text: "" },
      ...{ receivedOn: "2026-02-03", method: "bank", reference: "B1" },
    },
    act(),
  );
  await merge();

  const survey = await personal.survey("c0002");
  expect(survey.kept).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ reason: "invoices", count: 1 }),
      expect.objectContaining({ reason: "subscriptions", count: 2 }),
    ]),
  );
  const taken = await personal.takeOut("c0002", act());
  const rows = new Map(taken.sections.map(({ name, rows: all }) => [name, all.length]));
  for (const name of ["subscriptions", "invoices", "invoice-mails", "payments"])
    expect(rows.get(name)).toBe(1);
  await personal.erase("c0002", "K0002", act());
  const kept = await desk.invoices.find("2026-01.c0001", "all", "2026-02-03");
  expect(kept?.document).toEqual(invoice?.document);
  expect(kept?.mail?.target).toBe(TOMBSTONE);
});
