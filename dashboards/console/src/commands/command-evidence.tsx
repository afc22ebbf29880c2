import { useQuery } from "@tanstack/react-query";
import { gatewaysQuery } from "../api/queries.ts";
import type { CommandDetail, CommandEvidence as Evidence } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { type CommandWords, useCommandWords } from "./command-words.ts";
import { evidenceText } from "./evidence-text.ts";

/** Every step with who, by which gateway, when and why, as it was written down. */
export function CommandEvidence({ command }: { readonly command: CommandDetail }) {
  const words = useCommandWords();
  const { w } = words;
  const named = useGatewayNames();
  return (
    <section className="section" aria-label={w("evidence.title")}>
      <h2>{w("evidence.title")}</h2>
      <ol className="command-evidence">
        {command.evidence.map((each, at) => {
          const before = command.evidence.slice(0, at + 1);
          const attempt = before.filter(({ what }) => what === "schedule").length;
          return (
            // append-only: a step's place never changes
            <li key={at} className={each.reason === null ? "" : "evidence-reason"}>
              <Time at={each.at} />
              <span>
                {evidenceText(words, each, { named, attempt })}
                <Why words={words} evidence={each} />
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Why({ words, evidence }: { readonly words: CommandWords; readonly evidence: Evidence }) {
  const { reason, detail } = evidence;
  const said = detail?.["reason"];
  const { downCounter, pageSequence } = detail ?? {};
  const isPage = typeof downCounter === "number" && typeof pageSequence === "number";
  return (
    <>
      {reason === null ? undefined : <small>{words.worded("reason", reason)}</small>}
      {typeof said === "string" ? <small>“{said}”</small> : undefined}
      {isPage ? (
        <small className="soft">
          {words.w("evidence.counter", { sequence: pageSequence, counter: downCounter })}
        </small>
      ) : undefined}
    </>
  );
}

/** By their names for whoever may see gateways, else nobody is told which. */
function useGatewayNames(): (id: string | null) => string {
  const { w } = useCommandWords();
  const may = useMay();
  const items = useQuery({ ...gatewaysQuery, enabled: may("gateways:read") }).data?.items;
  return (id) => items?.find((gateway) => gateway.id === id)?.name ?? id ?? w("evidence.gateway");
}
