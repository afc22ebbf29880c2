import { useQuery } from "@tanstack/react-query";
import type { AlarmTransition } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Time } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { whoText } from "../parts/who.ts";
import { toldQuery } from "./alarm-queries.ts";

/** Those kinds whose reason is what somebody wrote. */
const WRITTEN: ReadonlySet<string> = new Set(["acknowledged", "commented", "shelved"]);

export function AlarmHistory({
  transitions,
}: {
  readonly transitions: readonly AlarmTransition[];
}) {
  const speech = useSpeech();
  const { t, named } = speech;
  return (
    <section className="section alarm-section">
      <h2>{t("alarms.history")}</h2>
      <ol className="alarm-steps">
        {transitions.map(({ id, at, kind, who, whoName, why }) => (
          <li key={id}>
            <strong>{named("alarms.transition", kind)}</strong>{" "}
            <span className="soft">
              <Time at={at} /> {whoText(speech, who, whoName)}
            </span>
            {WRITTEN.has(kind) && why !== "" ? <p>{why}</p> : undefined}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Told({ id }: { readonly id: string }) {
  const speech = useSpeech();
  const { t } = speech;
  const query = useQuery(toldQuery(id));
  return (
    <section className="section alarm-section">
      <h2>{t("alarms.told")}</h2>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t("alarms.told.none")}</p>
          ) : (
            <ul className="alarm-steps">
              {items.map((each) => (
                <li key={each.id}>
                  {whoText(speech, each.recipientId, each.recipientName)}{" "}
                  <span className="soft">{t(`channel.${each.channel}`)}</span>{" "}
                  <span className={`delivery-state-${each.state}`}>
                    {t(`delivery.${each.state}`)}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
