import type { Clock } from "../../base/clock.ts";
import { type CommandProfile, SHOW_EXPIRY_S, showText } from "../commands/command-of-profile.ts";
import { sendBySystem } from "../commands/commands-postgres.ts";
import type { Db } from "../db/database.ts";
import { inRepeatedTransaction, inTransaction } from "../db/in-transaction.ts";
import type { Channel, Outgoing, SendResult } from "./channel.ts";
import { settleDisplays } from "./delivery-outcome-postgres.ts";
import { displayOf } from "./display-postgres.ts";

export interface DisplayDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly makeId: () => string;
}

/**
 * A page to a terminal with a display: a command like any other, which the terminal acknowledges when it has shown the
 * text. One delivery has one command at a time, whatever dies between the two.
 */
export const channelDisplayPostgres = (deps: DisplayDeps): Channel => ({
  isSetUp: [...deps.profiles.values()].some(({ display }) => display !== undefined),
  unitCostMicros: 0,
  stop: async () => undefined,
  send: (outgoing) => inRepeatedTransaction(deps.db, (tx) => queue(deps, tx, outgoing)),
  async tend() {
    await inTransaction(deps.db, (tx) => settleDisplays(tx, deps.clock.now()));
  },
});

async function queue(
  { profiles, makeId, clock }: DisplayDeps,
  tx: Db,
  { deliveryId, target, recipientId, message }: Outgoing,
): Promise<SendResult> {
  const known = await onItsWay(tx, deliveryId);
  if (known !== undefined) return { outcome: "sent", reference: known, units: 1 };
  const nowMs = clock.now();
  const address = Number(target);
  const profile = await displayOf(tx, { profiles, address, personId: recipientId, nowMs });
  const shown = showText(profile, message.display);
  if (profile === undefined || shown === undefined)
    return { outcome: "refused", why: `terminal ${target} has no display for them` };
  const reference = await sendBySystem(
    { profiles, makeId },
    tx,
    {
      ...{ address, profile: profile.name, arguments: {}, expiryS: SHOW_EXPIRY_S, place: null },
      ...{ ...shown, note: "", isDrill: false }, // shown in a drill as well; the text says so
    },
    nowMs,
  );
  await tx.updateTable("delivery").set({ reference }).where("id", "=", deliveryId).execute();
  return { outcome: "sent", reference, units: 1 };
}

/** The command of an earlier attempt, unless it came to nothing. */
async function onItsWay(tx: Db, deliveryId: string): Promise<string | undefined> {
  const command = await tx
    .selectFrom("delivery as d")
    .innerJoin("commands as c", "c.id", "d.reference")
    .select("c.id")
    .where("d.id", "=", deliveryId)
    .where((eb) => eb.or([eb("c.ended_at", "is", null), eb("c.state", "=", "done")]))
    .executeTakeFirst();
  return command?.id;
}
