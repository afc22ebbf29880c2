import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { profilesQuery } from "../api/queries.ts";
import type { Field, PacketSummary, Profile, Report, Scalar } from "../api/types.ts";
import { type Speech, useSpeech } from "../i18n/language.tsx";
import { type GlyphName, glyphNamed } from "./glyphs.ts";

export interface Profiles {
  readonly all: readonly Profile[];
  readonly find: (name: string | null) => Profile | undefined;
  readonly label: (name: string) => string;
  readonly glyph: (name: string | null) => GlyphName;
  readonly report: (profile: string | null, name: string) => Report | undefined;
  readonly field: (profile: string | null, name: string) => Field | undefined;
  /** What a packet's field is called: by the profile, or by us for those of an attach. */
  readonly fieldLabel: (profile: string | null, name: string) => string;
  /** A report's fields in the order of its layout. */
  readonly ordered: (packet: Reported) => readonly (readonly [name: string, value: Scalar])[];
  /** A value as people read it: with its unit, and an enum by its name in the language. */
  readonly value: (profile: string | null, name: string, value: Scalar) => string;
}

type Reported = Pick<PacketSummary, "profile" | "report" | "fields">;

const MAINS = 255; // what an attach says in place of a percentage

const batteryText = ({ t, format }: Speech, value: Scalar): string =>
  value === MAINS ? t("field.mains") : format.value(value, "%");

const NONE: readonly Profile[] = [];

/** The device types by name, in the user's language; names stand in until they are loaded. */
export function useProfiles(): Profiles {
  const speech = useSpeech();
  const all = useQuery(profilesQuery).data ?? NONE;
  return useMemo(() => {
    const byName = new Map(all.map((profile) => [profile.name, profile]));
    const find = (name: string | null) => (name === null ? undefined : byName.get(name));
    const fieldOf = (profile: string | null, name: string) =>
      find(profile)
        ?.reports.flatMap((report) => report.fields)
        .find((field) => field.name === name);
    return {
      all,
      find,
      label(name) {
        const label = find(name)?.label;
        return label ? speech.label(label) : name;
      },
      glyph: (name) => glyphNamed(find(name)?.icon ?? name ?? "terminal"),
      report: (profile, name) => find(profile)?.reports.find((report) => report.name === name),
      field: fieldOf,
      fieldLabel(profile, name) {
        const field = fieldOf(profile, name);
        return field ? speech.label(field.label) : speech.named("field", name);
      },
      ordered({ profile, report, fields }) {
        const layout = find(profile)?.reports.find((each) => each.name === report)?.fields ?? [];
        const place = new Map(layout.map(({ name }, index) => [name, index]));
        const placeOf = (name: string): number => place.get(name) ?? layout.length;
        return Object.entries(fields).toSorted(([one], [other]) => placeOf(one) - placeOf(other));
      },
      value(profile, name, value) {
        if (name === "batteryPercent") return batteryText(speech, value);
        const field = fieldOf(profile, name);
        const position = typeof value === "string" ? (field?.values?.indexOf(value) ?? -1) : -1;
        const text = field?.valueLabels?.[position];
        return text ? speech.label(text) : speech.format.value(value, field?.unit ?? "");
      },
    };
  }, [all, speech]);
}
