import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { answerOf, api } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { SeverityMark } from "../notifications/severity.tsx";
import { Age } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";

const SHOWN = 8;
const FRESH_MS = 30_000;

export const openAlarmsQuery = (customer: string) => ({
  queryKey: ["alarms", "of-customer", customer],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => {
    const query = { customer, open: true, drill: false, limit: SHOWN };
    return answerOf(api.GET("/api/alarms", { params: { query }, signal }));
  },
  refetchInterval: FRESH_MS,
});

/** The alerts of a customer's devices that are not over. */
export function AlarmsCard({ customerId }: { readonly customerId: string }) {
  const { t, label } = useSpeech();
  const query = useQuery(openAlarmsQuery(customerId));
  return (
    <section className="card">
      <h2>{t("customers.alarms")}</h2>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t("customers.alarms.none")}</p>
          ) : (
            <ul className="rows">
              {items.map((alarm) => (
                <li key={alarm.id}>
                  <SeverityMark of={alarm.severity} />
                  <Link to="/alarms" search={{ alarm: alarm.id }} className="cut">
                    {label(alarm.title)}
                  </Link>
                  <span className="end soft">
                    <Age at={alarm.openedAt} />
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
