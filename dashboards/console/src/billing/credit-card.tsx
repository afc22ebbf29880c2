import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Loaded } from "../parts/states.tsx";
import { useNow } from "../time/use-now.ts";
import {
  type Account,
  type DunningDetail,
  type DunningPolicy,
  dunningPolicyQuery,
  dunningQuery,
} from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { StepName } from "./dunning-list.tsx";
import { GRADES, GradeMark, Standing, StepTakes } from "./dunning-marks.tsx";

interface CreditCardProps {
  readonly account: Account;
}

/** How well a customer pays, with the figures, what follows from it, and where its dunning stands. */
export function CreditCard({ account: { customerId, legalEntityId } }: CreditCardProps) {
  const { w } = useBilling();
  const query = useQuery(dunningQuery(customerId));
  const policy = useQuery(dunningPolicyQuery(legalEntityId)).data;
  return (
    <section className="card" id="credit">
      <h2>
        {w("credit")}
        <Link to="/dunning" search={{ customer: customerId }}>
          {w("dunning.open")}
        </Link>
      </h2>
      <Loaded query={query} rows={4}>
        {(detail) => (
          <>
            <Figures detail={detail} />
            {policy === undefined ? undefined : (
              <Effects policy={policy} grade={detail.credit.grade} />
            )}
            <Dunning detail={detail} />
          </>
        )}
      </Loaded>
    </section>
  );
}

interface DetailProps {
  readonly detail: DunningDetail;
}

function Figures({ detail: { credit, currency } }: DetailProps) {
  const { w, format } = useBilling();
  const { grade, invoiced, collected, days } = credit;
  return (
    <p className="credit-figures">
      <GradeMark grade={grade} />
      <span>
        {grade === null
          ? w("credit.unknown")
          : w("credit.figures", {
              collected: format.money(collected, currency),
              invoiced: format.money(invoiced, currency),
              percent: format.number(Math.floor((collected / invoiced) * 100)),
              days: format.number(days),
            })}
      </span>
    </p>
  );
}

interface EffectsProps {
  readonly policy: DunningPolicy;
  readonly grade: DunningDetail["credit"]["grade"];
}

/** Whom nobody knows is treated so. */
const GRADE_OF_NOBODY = "B";

/** The scale with what each grade means for deposits and dunning. */
function Effects({ policy, grade }: EffectsProps) {
  const { w, format } = useBilling();
  const holds = grade ?? GRADE_OF_NOBODY;
  return (
    <table className="credit-scale">
      <thead>
        <tr>
          <th scope="col">{w("credit.grade")}</th>
          <th scope="col">{w("credit.asks")}</th>
          <th scope="col">{w("credit.graceDays")}</th>
          <th scope="col">{w("credit.depositMonths")}</th>
        </tr>
      </thead>
      <tbody>
        {GRADES.map((one) => (
          <tr key={one} aria-current={one === holds ? "true" : undefined}>
            <th scope="row">
              <GradeMark grade={one} />
            </th>
            <td>{w(`credit.about.${one}`)}</td>
            <td>{format.number(policy.graceDays[one])}</td>
            <td>{format.number(policy.depositMonths[one])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Dunning({ detail }: DetailProps) {
  const { w, format } = useBilling();
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const { debt, next, currency } = detail;
  if (debt === null) return <p className="small-empty">{w("dunning.even")}</p>;
  return (
    <dl className="pairs">
      <dt>{w("dunning.overdue")}</dt>
      <dd>
        <strong className="alert-text">{format.money(debt.amount, currency)}</strong>{" "}
        {w("dunning.dueSince", { day: format.day(debt.dueOn) })}
      </dd>
      <dt>{w("dunning.now")}</dt>
      <dd>
        <StepName step={detail.step} /> <Standing dunned={detail} today={today} />
      </dd>
      <dt>{w("dunning.next")}</dt>
      <dd>
        {next === null ? (
          w("dunning.next.none")
        ) : (
          <>
            {format.day(next.on)} · <StepTakes step={next} />
          </>
        )}
      </dd>
    </dl>
  );
}
