import "./commands.css";
import { Link } from "@tanstack/react-router";
import type { PageQueue as Queue } from "../api/types.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import { useNow } from "../time/use-now.ts";
import { commandName } from "./command-marks.tsx";
import { useCommandWords } from "./command-words.ts";

/** What waits to be paged at one gateway, how soon it is through, and how much of its airtime is used. */
export function PageQueue({ queue }: { readonly queue: Queue }) {
  const { w, format } = useCommandWords();
  const { pagesWaiting, urgentWaiting, emptyInS, airMs, budgetMs, pagesSent, pagesUnsent } = queue;
  const through =
    emptyInS === null
      ? w("queue.away")
      : w("queue.through", { time: format.duration(Math.max(emptyInS, 1) * 1000) });
  const used = format.duration(airMs);
  return (
    <section className="page-queue" aria-label={w("queue.title")}>
      <p>
        <strong>{w("queue.title")}</strong>{" "}
        {pagesWaiting === 0
          ? w("queue.none")
          : `${w("queue.waiting", { count: format.number(pagesWaiting) })}, ${through}`}{" "}
        {urgentWaiting === 0 ? undefined : (
          <span className="alert-text">
            {w("queue.urgent", { count: format.number(urgentWaiting) })}
          </span>
        )}
      </p>
      <p className="soft">
        {budgetMs === null
          ? w("queue.air", { used })
          : w("queue.budget", { used, budget: format.duration(budgetMs) })}
        {" · "}
        {w("queue.sent", { sent: format.number(pagesSent), unsent: format.number(pagesUnsent) })}
      </p>
      {budgetMs === null ? undefined : (
        <meter min={0} max={budgetMs} high={budgetMs * 0.9} value={airMs} aria-label={used} />
      )}
      {queue.next.length === 0 ? undefined : <Next queue={queue} />}
    </section>
  );
}

function Next({ queue }: { readonly queue: Queue }) {
  const words = useCommandWords();
  const { w, format } = words;
  const profiles = useProfiles();
  const now = useNow();
  return (
    <details>
      <summary>{w("queue.next")}</summary>
      <ul className="last-commands">
        {queue.next.map((page, at) => {
          const { address, commandId, name, profile } = page;
          return (
            <li key={commandId ?? at}>
              {commandId === null || name === null || profile === null ? (
                <span>{w(address === null ? "queue.group" : "queue.attach")}</span>
              ) : (
                <Link to="/commands" search={{ command: commandId }}>
                  {commandName(profiles, words, { name, profile })}
                </Link>
              )}
              {address === null ? undefined : (
                <span className="cut">{page.terminalName ?? address}</span>
              )}
              <span className="soft">
                {w("queue.until", { time: format.time(page.expiresAt, now) })}
              </span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
