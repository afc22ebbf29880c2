import type { PacketSummary } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Time } from "../parts/age.tsx";
import { Glyph } from "../parts/icon.tsx";
import { reportText } from "../parts/report-text.ts";
import { Signal } from "../parts/signal.tsx";
import { type Profiles, useProfiles } from "../parts/use-profiles.ts";
import { Verdict } from "../parts/verdict.tsx";

const FIELDS_SHOWN = 5;
const NOT_TOLD: ReadonlySet<string> = new Set(["latitude", "longitude"]);

interface RowProps {
  readonly packet: PacketSummary;
}

/** The report in one line: its values with their names, in the user's language. */
export function contentOf(packet: PacketSummary, profiles: Profiles): string {
  const { profile, type } = packet;
  return profiles
    .ordered(packet)
    .filter(([name, value]) => value !== null && !NOT_TOLD.has(name))
    .filter(([, value]) => type !== "emergency" || value !== false) // what is the matter, not what is not
    .slice(0, FIELDS_SHOWN)
    .map(
      ([name, value]) =>
        `${profiles.fieldLabel(profile, name)} ${profiles.value(profile, name, value)}`,
    )
    .join(" · ");
}

/** What it is; of an emergency first of all what has happened. */
function What({ packet }: RowProps) {
  const speech = useSpeech();
  const text = reportText(packet, useProfiles(), speech);
  return (
    <>
      {packet.type === "emergency" ? <span className="tag tag-emergency">{text}</span> : text}
      {packet.drill ? (
        <span className="tag tag-drill">{speech.t("packets.drill")}</span>
      ) : undefined}
    </>
  );
}

function Name({ packet }: RowProps) {
  const { t } = useSpeech();
  const { terminalName, address } = packet;
  if (terminalName !== null) return <strong>{terminalName}</strong>;
  return <span className="soft mono">{address ?? t("packets.unknown")}</span>;
}

export function PacketRow({ packet }: RowProps) {
  const { format } = useSpeech();
  const profiles = useProfiles();
  return (
    <div className="packet-row">
      <span className="soft">
        <Time at={packet.receivedAt} />
      </span>
      <span className="packet-name">
        <Glyph name={profiles.glyph(packet.profile)} size={16} />
        <span className="cut">
          <Name packet={packet} />
        </span>
      </span>
      <span className="cut">
        <What packet={packet} />
      </span>
      <span>
        <Verdict verdict={packet.verdict} />
      </span>
      <span className="cut packet-content">{contentOf(packet, profiles)}</span>
      <span className="packet-gateways" title={packet.gateways.join(", ")}>
        {format.number(packet.gateways.length)}
      </span>
      <Signal rssiDbm={packet.bestRssiDbm} snrDb={packet.bestSnrDb} />
    </div>
  );
}

export function PacketCard({ packet }: RowProps) {
  const profiles = useProfiles();
  return (
    <div className="packet-card">
      <span className="packet-name">
        <Glyph name={profiles.glyph(packet.profile)} size={16} />
        <span className="cut">
          <Name packet={packet} />
        </span>
      </span>
      <span className="soft">
        <Time at={packet.receivedAt} />
      </span>
      <span className="cut">
        <Verdict verdict={packet.verdict} /> <What packet={packet} />{" "}
        <span className="soft">{contentOf(packet, profiles)}</span>
      </span>
      <Signal rssiDbm={packet.bestRssiDbm} snrDb={packet.bestSnrDb} short />
    </div>
  );
}
