import { Link } from "@tanstack/react-router";
import type { TerminalSummary } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { freshnessOf } from "../parts/freshness.ts";
import { Glyph } from "../parts/icon.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useNow } from "../time/use-now.ts";

/** The same list for a phone. */
export function TerminalCards({ items }: { readonly items: readonly TerminalSummary[] }) {
  const { t } = useSpeech();
  const profiles = useProfiles();
  const now = useNow();
  return (
    <ul className="terminal-cards">
      {items.map(({ address, name, profile, receivedAt, serial }) => {
        const state = freshnessOf(profile, receivedAt, now);
        return (
          <li key={address} className="card">
            <Link to="/terminals/$address" params={{ address: String(address) }}>
              <span className={`terminal-glyph glyph-${state}`}>
                <Glyph name={profiles.glyph(profile)} size={20} />
              </span>
              <span className="cut">
                <strong>{name}</strong>
                <span className="soft">
                  {profiles.label(profile)} · <span className="mono">{serial}</span>
                </span>
              </span>
              <span className={`state-${state}`}>
                {receivedAt === null ? t("terminals.never") : <Age at={receivedAt} />}
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
