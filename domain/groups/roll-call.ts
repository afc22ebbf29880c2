/** A slot of air-interface.md, section 3: a member answers within the first of its three seconds. */
const SLOT_MS = 3_000;
const SLOTS_MAX = 65_535;
/** So many members may share a slot: a dozen packets a second is what `radio.capacity_1m_day` measures, 98.5 % of them delivered. */
export const MEMBERS_PER_SLOT = 12;
/** Numbers of slots that are tried, in steps from the fewest: addresses of one batch may all fall into a few. */
const TRIES = 16;

export const MEMBER_STATES = [
  "awaited",
  "answered",
  "silent",
  "catching-up",
  "missed",
  "overtaken",
] as const;
/** `missed`: its own command went unanswered, too; `overtaken`: it has been told something newer. */
export type MemberState = (typeof MEMBER_STATES)[number];

export const rollCallMs = (slots: number): number => slots * SLOT_MS;

/** How many slots a roll call of these members needs: the number whose fullest slot has the fewest of them, of the shortest that serve. */
export function slotsFor(addresses: readonly number[]): number {
  const fewest = Math.min(SLOTS_MAX, Math.max(1, Math.ceil(addresses.length / MEMBERS_PER_SLOT)));
  let best = { slots: fewest, fullest: Infinity };
  for (let extra = 0; extra < TRIES; extra++) {
    const slots = Math.min(SLOTS_MAX, fewest + Math.ceil((extra * fewest) / TRIES));
    const fullest = fullestSlot(addresses, slots);
    if (fullest <= MEMBERS_PER_SLOT) return slots;
    if (fullest < best.fullest) best = { slots, fullest };
  }
  return best.slots;
}

export function fullestSlot(addresses: readonly number[], slots: number): number {
  const members = new Uint32Array(slots);
  let fullest = 0;
  for (const address of addresses) {
    const slot = address % slots;
    const count = (members[slot] ?? 0) + 1;
    members[slot] = count;
    if (count > fullest) fullest = count;
  }
  return fullest;
}

/** A member and the gateways that heard its last packet, the best first. */
export interface Hearing {
  readonly address: number;
  readonly gateways: readonly string[];
}

/**
 * The gateways that a group is paged by, the one with the most members first: for each member the best that is online of those that
 * heard it. A member that none of them heard may be reached by any: with nobody heard at all, every gateway that is online pages.
 */
export function groupZones(
  hearings: readonly Hearing[],
  online: ReadonlySet<string>,
): readonly { readonly gatewayId: string; readonly members: number }[] {
  const counts = new Map<string, number>();
  for (const { gateways } of hearings) {
    const best = gateways.find((id) => online.has(id));
    if (best !== undefined) counts.set(best, (counts.get(best) ?? 0) + 1);
  }
  if (counts.size === 0) return [...online].sort().map((gatewayId) => ({ gatewayId, members: 0 }));
  return [...counts]
    .map(([gatewayId, members]) => ({ gatewayId, members }))
    .sort((a, b) => b.members - a.members || (a.gatewayId < b.gatewayId ? -1 : 1));
}
