import { sql } from "kysely";
import { NotFoundError } from "../../base/errors.ts";
import { encodeTransmission, transmissionNs } from "../../protocol/air/pocsag.ts";
import { groupRic, PAGE_BYTES_MIN } from "../../protocol/packet/page.ts";
import { pageToPocsag } from "../../protocol/packet/page-symbols.ts";
import { expiryMaxOf, needsSecondPerson } from "../commands/command-class.ts";
import type { CommandProfile } from "../commands/command-of-profile.ts";
import type { Db } from "../db/database.ts";
import type { ProfileCommand, SafetyClass } from "../devices/profile.ts";
import type { GroupOutlook } from "./group-commands.ts";
import { loadMembers, onlineGateways, profilesOf } from "./group-members-postgres.ts";
import { groupZones, rollCallMs, slotsFor } from "./roll-call.ts";

/** Who tells more terminals than this something at once needs a second person. */
export const ALONE_MAX = 500;
const RISKY: readonly SafetyClass[] = ["dangerous", "life-safety"];

/** Goes to a group only where the operator has accepted in writing that one extracted key could forge it. */
export const needsAcceptance = ({ safetyClass }: Pick<ProfileCommand, "safetyClass">): boolean =>
  RISKY.includes(safetyClass);

/** Throws a NotFoundError. */
export async function groupOutlook(
  db: Db,
  profiles: ReadonlyMap<string, CommandProfile>,
  groupId: number,
  nowMs: number,
): Promise<GroupOutlook> {
  const group = await groupOf(db, groupId);
  const members = await loadMembers(db, BigInt(groupId), nowMs);
  const types = await profilesOf(db, BigInt(groupId));
  const profile = types.length === 1 ? (types[0]?.profile ?? null) : null;
  const withKey = members.filter(({ hasKey }) => hasKey);
  const slots = slotsFor(members.map(({ address }) => address));
  const commands = (profile === null ? undefined : profiles.get(profile)?.commands) ?? [];
  return {
    ...{ members: group.members, inService: members.length, withKey: withKey.length },
    ...{ keyOnItsWay: group.on_its_way, profile, slots, rollCallS: rollCallMs(slots) / 1000 },
    dangerousAcceptance: group.dangerous_acceptance,
    place:
      group.latitude === null || group.longitude === null
        ? null
        : { latitude: group.latitude, longitude: group.longitude },
    zones: groupZones(withKey.length > 0 ? withKey : members, await onlineGateways(db)),
    commands: commands.map((command) => ({
      command,
      secondPerson: needsSecondPerson(command) || members.length > ALONE_MAX,
      needsAcceptance: needsAcceptance(command),
      mayBeInCalendar: !needsSecondPerson(command) && !needsAcceptance(command),
      expiryMaxS: expiryMaxOf(command),
      pageMs: pageMsOf(command, groupId),
    })),
  };
}

async function groupOf(db: Db, groupId: number) {
  const { rows } = await sql<{
    dangerous_acceptance: string | null;
    members: number;
    on_its_way: number;
    latitude: number | null;
    longitude: number | null;
  }>`
    select g.dangerous_acceptance, p.latitude, p.longitude,
      (select count(*)::int from device_group_member m where m.group_id = g.id) as members,
      (select count(*)::int from group_key k join group_key_holder h on h.key_id = k.id
        where k.group_id = g.id and k.retired_at is null and h.command_id is not null) as on_its_way
    from device_group g, lateral (
      select avg(coalesce(d.latitude, t.latitude)) as latitude, avg(coalesce(d.longitude, t.longitude)) as longitude
      from device_group_member m join terminal t on t.address = m.address
        left join device_state d on d.address = m.address where m.group_id = g.id) p
    where g.id = ${groupId}::int8`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new NotFoundError("group", String(groupId));
  return row;
}

const SLOTS_BYTES = 2;
const USUAL_RATE = 1_200;

/** Of a transmission with this page alone. */
function pageMsOf({ arguments: fields }: ProfileCommand, groupId: number): number {
  const bits = fields.reduce((sum, field) => sum + field.bits, 0);
  const bytes = PAGE_BYTES_MIN + SLOTS_BYTES + 1 + Math.ceil(bits / 8);
  const words = encodeTransmission([pageToPocsag(new Uint8Array(bytes), groupRic(groupId))]);
  return Number(transmissionNs(words.length, USUAL_RATE) / 1_000_000n);
}
