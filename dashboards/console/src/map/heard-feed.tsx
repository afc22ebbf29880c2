import type { PacketSummary } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { reportText } from "../parts/report-text.ts";
import { Signal } from "../parts/signal.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { Verdict } from "../parts/verdict.tsx";

const SHOWN = 6;

interface HeardFeedProps {
  readonly packets: readonly PacketSummary[];
  readonly select: (address: number) => void;
}

/** The last packets on the air, so that one sees the network live while watching the map. */
export function HeardFeed({ packets, select }: HeardFeedProps) {
  const speech = useSpeech();
  const { t } = speech;
  const profiles = useProfiles();
  return (
    <section className="heard card" aria-label={t("map.heard")}>
      <h2>{t("map.heard")}</h2>
      {packets.length === 0 ? <p className="small-empty">{t("map.heard.none")}</p> : undefined}
      <ul>
        {packets.slice(0, SHOWN).map((packet) => {
          const { id, address, terminalName, type, verdict } = packet;
          return (
            <li key={id} className={type === "emergency" ? "heard-emergency" : ""}>
              <button
                type="button"
                disabled={address === null}
                onClick={() => {
                  if (address !== null) select(address);
                }}
              >
                <span className="soft">
                  <Age at={packet.receivedAt} />
                </span>
                <span className="cut">
                  <strong>{terminalName ?? address ?? t("packets.unknown")}</strong>{" "}
                  {reportText(packet, profiles, speech)}
                </span>
                <Signal rssiDbm={packet.bestRssiDbm} snrDb={packet.bestSnrDb} short />
                <Verdict verdict={verdict} />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
