import { Button } from "antd";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { Time } from "../parts/age.tsx";
import { makePack, type RecoveryDetail } from "./recovery-queries.ts";
import { useWords } from "./recovery-words.ts";

interface PacksProps {
  readonly one: RecoveryDetail;
  readonly mayWork: boolean;
}

/** What a court is given: made anew as often as there is something new to tell, each kept as it was signed. */
export function PacksCard({ one, mayWork }: PacksProps) {
  const { w, language } = useWords();
  const doing = useDoing();
  const { id, packs } = one;
  return (
    <section className="card" aria-label={w("packs")}>
      <h2>{w("packs")}</h2>
      <p className="recovery-text soft">{w("packs.explained")}</p>
      {packs.length === 0 ? (
        <p className="small-empty">{w("packs.none")}</p>
      ) : (
        <ul className="recovery-links">
          {packs.map((pack) => {
            const path = `/api/recoveries/${id}/packs/${pack.id}`;
            return (
              <li key={pack.id} className="recovery-link">
                <Time at={pack.madeAt} />
                <span className="recovery-buttons">
                  <a href={`${path}/pdf`} download>
                    {w("packs.pdf")}
                  </a>
                  <a href={`${path}/sig`} download>
                    {w("packs.signature")}
                  </a>
                </span>
              </li>
            );
          })}
        </ul>
      )}
      <div className="recovery-work">
        {mayWork ? (
          <Button
            loading={doing.isBusy}
            onClick={() => void doing.run(() => makePack(id, language))}
          >
            {w("packs.make")}
          </Button>
        ) : undefined}
        <Refusal error={doing.error} />
        <a href="/api/evidence-key">{w("packs.key")}</a>
      </div>
    </section>
  );
}
