import { type RawBuilder, sql } from "kysely";
import { expiryMaxOf } from "../commands/command-class.ts";
import type { Commands } from "../commands/commands.ts";
import { giveCommand } from "../commands/give-command.ts";
import type { Db } from "../db/database.ts";
import type { Profile, ProfileSetting } from "../devices/profile.ts";
import type { Act } from "../identity/audit.ts";
import type { RecoverySummary } from "./recoveries.ts";
import { intervalWanted } from "./recovery.ts";
import { writeEntry } from "./recovery-rows-postgres.ts";

/** By this name every device type has it that reports now and then. */
const SETTING = "reportInterval";

type IntervalProfile = Pick<Profile, "settings" | "commands">;

const settingOf = ({ settings }: IntervalProfile): ProfileSetting | undefined =>
  settings.find(({ name }) => name === SETTING);

/** All that the terminal was told of that setting, alone and in a group: whether it has done it, and whether it still may. */
const told = (address: number, { command, argument }: ProfileSetting): RawBuilder<unknown> => sql`(
  select c.id, c.created_at, c.arguments -> ${argument}::text as value, c.state = 'done' as is_done,
    c.ended_at is null as is_open
  from commands c where c.address = ${address}::int8 and c.name = ${command} and not c.is_drill
  union all
  select g.id, g.created_at, g.arguments -> ${argument}::text, coalesce(r.result = 'done', false), g.ended_at is null
  from group_roll r join group_commands g on g.id = r.command_id
  where r.address = ${address}::int8 and g.name = ${command} and not g.is_drill)`;

/**
 * Seconds, as the terminal says that it does since it was told last, else as its type begins; undefined where it has no such
 * setting. What is still on its way it may never hear. What another case told it for as long as it was looked for is not its
 * own: that case knows what it was before.
 */
export async function intervalNow(
  tx: Db,
  address: number,
  profile: IntervalProfile,
): Promise<number | undefined> {
  const setting = settingOf(profile);
  if (setting === undefined) return undefined;
  const { rows } = await sql<{ value: unknown; before_s: number | null }>`
    select t.value, (select r.interval_before_s from recoveries r
        where r.address = ${address}::int8 and to_jsonb(r.interval_short_s) = t.value
          and t.created_at between r.opened_at and coalesce(r.closed_at, t.created_at)
        order by r.opened_at limit 1) as before_s
    from ${told(address, setting)} t where t.is_done
    order by t.created_at desc, t.id desc limit 1`.execute(tx);
  const [last] = rows;
  const nowS = last?.before_s ?? last?.value ?? setting.default;
  return typeof nowS === "number" ? nowS : undefined;
}

/**
 * Whether the terminal is still at what this case told it: nobody has told it anything else since, and no other open case
 * has it. Once it is somebody else's, only then it is put back.
 */
export async function isLeftAsTold(
  tx: Db,
  { id, address, intervalCommandId }: RecoverySummary,
  profile: IntervalProfile | undefined,
): Promise<boolean> {
  const setting = profile && settingOf(profile);
  if (setting === undefined) return false;
  const { rows } = await sql<{ is_left: boolean }>`
    select coalesce((select t.id from ${told(address, setting)} t where t.is_open or t.is_done
        order by t.created_at desc, t.id desc limit 1) = ${intervalCommandId}, false)
      and not exists (select from recoveries r where r.address = ${address}::int8 and r.id <> ${id}
        and r.state <> 'closed') as is_left`.execute(tx);
  return rows[0]?.is_left === true;
}

export interface TellDeps {
  readonly profiles: ReadonlyMap<string, IntervalProfile>;
  /** In the transaction that it is told in. */
  readonly commands: Pick<Commands, "create">;
}

/** When a vehicle comes out of a garage after half a day it is still told. */
const EXPIRY_S = 86_400;
const NETWORK: Act["actor"] = { kind: "system", id: "network", name: "network" };

/**
 * Tells the terminal what it should be at, as an ordinary command of its type; the latest wins. One that cannot be given
 * ends no case: why is kept beside it. Whoever holds the terminal by now is not told who was its owner.
 */
export async function tellInterval(
  { profiles, commands }: TellDeps,
  tx: Db,
  one: RecoverySummary,
  act: Act,
): Promise<void> {
  const profile = profiles.get(one.profile);
  const setting = profile && settingOf(profile);
  const wantedS = intervalWanted(one);
  const command = profile?.commands.find(({ name }) => name === setting?.command);
  if (setting === undefined || command === undefined || wantedS === null) return;
  const expiryS = Math.min(EXPIRY_S, expiryMaxOf(command));
  const asked = {
    ...{ address: one.address, name: setting.command, arguments: { [setting.argument]: wantedS } },
    ...{ expiryS, place: null, isDrill: false, note: "" },
  };
  const by = one.isHeld ? act : { ...act, actor: NETWORK, reason: undefined };
  const given = await giveCommand(() => commands.create(asked, by, "all"));
  await tx
    .updateTable("recoveries")
    .set(
      "id" in given
        ? { interval_command_id: given.id, interval_problem: null }
        : { interval_problem: given.problem },
    )
    .where("id", "=", one.id)
    .execute();
  await writeEntry(tx, one.id, { kind: "interval", text: String(wantedS) }, act);
}
