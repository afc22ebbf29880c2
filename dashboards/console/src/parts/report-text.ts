import type { PacketSummary, Profile, ProfileEvent } from "../api/types.ts";
import type { Speech } from "../i18n/language.tsx";
import type { Profiles } from "./use-profiles.ts";

type Told = Pick<PacketSummary, "profile" | "report" | "fields" | "type">;

const WORST_FIRST = ["critical", "major", "minor", "warning"];

/** What a report says that has a name of its own, such as "Panic button pressed"; the worst first. */
export const eventsOf = (
  profile: Pick<Profile, "events"> | undefined,
  { report, fields }: Pick<PacketSummary, "report" | "fields">,
): readonly ProfileEvent[] =>
  profile?.events
    .filter((event) => event.report === report && fields[event.field] === event.equals)
    .toSorted((a, b) => WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity)) ?? [];

/** What a packet is about in a few words: the events that it tells, else its report, else its type. */
export function reportText(
  packet: Told,
  profiles: Pick<Profiles, "find" | "report">,
  { label, named }: Pick<Speech, "label" | "named">,
): string {
  const { report, profile, type } = packet;
  const events = eventsOf(profiles.find(profile), packet);
  if (events.length > 0) return events.map((event) => label(event.label)).join(", ");
  const known = report === null ? undefined : profiles.report(profile, report);
  return known ? label(known.label) : named("type", type);
}
