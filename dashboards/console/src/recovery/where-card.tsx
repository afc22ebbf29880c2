import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { Age } from "../parts/age.tsx";
import { Loaded, Loading } from "../parts/states.tsx";
import { type RecoveryDetail, type TrackPoint, trackOfRecoveryQuery } from "./recovery-queries.ts";
import { useWords } from "./recovery-words.ts";

const RecoveryMap = lazy(async () => ({
  default: (await import("./recovery-map.tsx")).RecoveryMap,
}));

/** Where the vehicle is, who says so and how exact that is; each packet of it is shown as it comes. */
export function WhereCard({ one }: { readonly one: RecoveryDetail }) {
  const { w } = useWords();
  const query = useQuery(trackOfRecoveryQuery(one));
  const live = useLive();
  const hear = ({ address }: { readonly address: number | null }): void => {
    if (address === one.address && one.state !== "closed") void query.refetch();
  };
  useLiveEvent(live, "packet", hear);
  useLiveEvent(live, "position", hear);
  return (
    <section className="card" aria-label={w("where")}>
      <h2>{w("where")}</h2>
      <Loaded query={query} rows={6}>
        {(track) => {
          const last = track.points.at(-1);
          if (last === undefined) return <Nowhere one={one} />;
          return (
            <>
              <Last point={last} count={track.points.length} isCut={track.truncated} />
              <Suspense fallback={<Loading rows={5} />}>
                <RecoveryMap one={one} track={track} />
              </Suspense>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

/** What was measured before says nothing of the theft, and yet it is where one begins to look. */
function Nowhere({ one: { isHeld, address } }: { readonly one: RecoveryDetail }) {
  const { w } = useWords();
  return (
    <p className="small-empty">
      {w("where.none")}{" "}
      {isHeld ? (
        <Link to="/terminals/$address" params={{ address: String(address) }}>
          {w("where.before")}
        </Link>
      ) : undefined}
    </p>
  );
}

interface LastProps {
  readonly point: TrackPoint;
  readonly count: number;
  readonly isCut: boolean;
}

function Last({ point, count, isCut }: LastProps) {
  const { w, format } = useWords();
  const { source, gateways, speedKmh, time } = point;
  const { latitude, longitude } = point.filtered ?? point;
  const accuracyM = point.filtered?.majorM ?? point.accuracyM;
  const facts = [
    w(`source.${source}`, { gateways: gateways ?? 0 }),
    accuracyM === null
      ? w("accuracy.unknown")
      : w("accuracy", { metres: format.number(Math.ceil(accuracyM)) }),
    ...(speedKmh === null ? [] : [w("speed", { speed: format.number(Math.round(speedKmh)) })]),
  ];
  return (
    <p className="recovery-last" role="status">
      <strong>
        <Age at={time} />
      </strong>{" "}
      {format.coordinates(latitude, longitude)}
      <br />
      <span>{facts.join(" · ")}</span>{" "}
      <span className="soft">
        {w("points", { count: format.number(count) })} {isCut ? w("cut") : ""}
      </span>
    </p>
  );
}
