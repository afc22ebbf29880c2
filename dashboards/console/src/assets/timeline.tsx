import "./assets.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { terminalAssignmentsQuery } from "../api/asset-queries.ts";
import type { Assignment } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useNow } from "../time/use-now.ts";

interface TimelineProps {
  readonly items: readonly Assignment[];
  /** What each stretch is of: the asset's page shows terminals, a terminal's page shows assets. */
  readonly of: "terminal" | "asset";
}

/** Stretches of time as bars, and the same as a list with their bounds. */
export function Timeline({ items, of }: TimelineProps) {
  const { t, format } = useSpeech();
  const now = useNow();
  const fromMs = Math.min(...items.map(({ from }) => Date.parse(from)));
  const span = Math.max(1, now - fromMs);
  const at = (iso: string | null): number =>
    (((iso === null ? now : Date.parse(iso)) - fromMs) / span) * 100;
  return (
    <>
      <div className="timeline" aria-hidden="true">
        {items.map(({ id, from, to }) => (
          <span
            key={id}
            className={to === null ? "timeline-now" : ""}
            style={{ left: `${at(from)}%`, width: `max(3px, ${at(to) - at(from)}%)` }}
          />
        ))}
      </div>
      <ul className="timeline-list">
        {items.map((one) => (
          <li key={one.id}>
            <span className="cut">
              {of === "terminal" ? <TerminalName one={one} /> : <AssetName one={one} />}
              {one.customerName === null ? undefined : (
                <span className="soft"> · {one.customerName}</span>
              )}
            </span>
            <span className="soft">
              {one.to === null
                ? t("assets.from", { from: format.time(one.from, now) })
                : t("assets.span", {
                    from: format.time(one.from, now),
                    to: format.time(one.to, now),
                  })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function TerminalName({ one }: { readonly one: Assignment }) {
  return (
    <Link to="/terminals/$address" params={{ address: String(one.address) }} className="mono">
      {one.serial}
    </Link>
  );
}

function AssetName({ one }: { readonly one: Assignment }) {
  const { t } = useSpeech();
  return one.assetName === null ? (
    <span>{t("assets.elsewhere")}</span>
  ) : (
    <Link to="/assets/$id" params={{ id: one.assetId }}>
      {one.assetName}
    </Link>
  );
}

/** On the terminal's page: whose it was, newest first. */
export function AssignmentRibbon({ address }: { readonly address: number }) {
  const { t } = useSpeech();
  const items = useQuery(terminalAssignmentsQuery(address)).data?.items;
  if (items === undefined) return undefined;
  return (
    <section className="section">
      <h2>{t("assets.ribbon")}</h2>
      {items.length === 0 ? (
        <p className="small-empty">{t("assets.ribbon.none")}</p>
      ) : (
        <Timeline items={items} of="asset" />
      )}
    </section>
  );
}
