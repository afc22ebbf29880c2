import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useIsPhone } from "../parts/use-is-phone.ts";
import type { Dunned } from "./billing-queries.ts";
import type { DunningSearch } from "./billing-search.ts";
import { useBilling } from "./billing-words.ts";
import { GradeMark, Standing, StepTakes } from "./dunning-marks.tsx";
import { Money } from "./marks.tsx";
import { RowTable } from "./row-table.tsx";

/** So many at once: more is seldom looked at, and a table of thousands is slow. */
const ROWS_SHOWN = 100;

interface DunningListProps {
  readonly items: readonly Dunned[];
  readonly today: string;
  /** What the board shows, which stays while one is opened. */
  readonly filter: DunningSearch;
}

/** Whose turn is first stands first; as a table, or as cards on a phone. */
export function DunningList({ items, ...props }: DunningListProps) {
  const { t } = useBilling();
  const isPhone = useIsPhone();
  const [shown, setShown] = useState(ROWS_SHOWN);
  const some = items.slice(0, shown);
  return (
    <>
      {isPhone ? <Cards items={some} {...props} /> : <Table items={some} {...props} />}
      {shown < items.length ? (
        <div className="more">
          <Button
            onClick={() => {
              setShown(shown + ROWS_SHOWN);
            }}
          >
            {t("app.more")}
          </Button>
        </div>
      ) : undefined}
    </>
  );
}

function Table({ items, today, filter }: DunningListProps) {
  const { w } = useBilling();
  const navigate = useNavigate();
  return (
    <RowTable
      columns={[
        { text: w("customer") },
        { text: w("credit") },
        { text: w("dunning.overdue"), isAmount: true },
        { text: w("dunning.since") },
        { text: w("dunning.now") },
        { text: w("dunning.next") },
        { text: w("dunning.takes") },
      ]}
    >
      <tbody>
        {items.map((item) => (
          <tr
            key={item.customerId}
            onClick={() =>
              void navigate({
                to: "/dunning",
                search: { ...filter, customer: item.customerId },
                replace: true,
              })
            }
          >
            <td className="customer-name">
              <OpenLink item={item} filter={filter} />
            </td>
            <td>
              <GradeMark grade={item.grade} />
            </td>
            <td className="amount">
              <Overdue item={item} />
            </td>
            <td>
              <Since item={item} />
            </td>
            <td>
              <StepName step={item.step} /> <Standing dunned={item} today={today} />
            </td>
            <td>
              <Next item={item} />
            </td>
            <td>{item.next === null ? "—" : <StepTakes step={item.next} />}</td>
          </tr>
        ))}
      </tbody>
    </RowTable>
  );
}

interface ItemProps {
  readonly item: Dunned;
}

function OpenLink({ item: { customerId, customerName }, filter }: OpenLinkProps) {
  return (
    <Link
      to="/dunning"
      search={{ ...filter, customer: customerId }}
      replace
      data-row
      onClick={(event) => {
        event.stopPropagation();
      }}
    >
      {customerName}
    </Link>
  );
}

interface OpenLinkProps extends ItemProps {
  readonly filter: DunningSearch;
}

function Overdue({ item: { debt, currency } }: ItemProps) {
  return debt === null ? "—" : <Money minor={debt.amount} currency={currency} />;
}

function Since({ item: { debt } }: ItemProps) {
  const { format } = useBilling();
  return debt === null ? "—" : format.day(debt.dueOn);
}

export function StepName({ step }: { readonly step: number }) {
  const { w } = useBilling();
  return <span>{step === 0 ? w("dunning.step.none") : w("dunning.step", { step })}</span>;
}

function Next({ item: { next } }: ItemProps) {
  const { w, format } = useBilling();
  if (next === null) return <span className="soft">{w("dunning.next.none")}</span>;
  return (
    <>
      <strong>{format.day(next.on)}</strong>{" "}
      <span className="soft">{w("dunning.step", { step: next.step })}</span>
    </>
  );
}

function Cards({ items, today, filter }: DunningListProps) {
  return (
    <ul className="dunning-cards">
      {items.map((item) => (
        <li key={item.customerId} className="card">
          <p className="dunning-card-head">
            <GradeMark grade={item.grade} />
            <strong className="cut">
              <OpenLink item={item} filter={filter} />
            </strong>
            <strong className="end">
              <Overdue item={item} />
            </strong>
          </p>
          <p>
            <StepName step={item.step} /> <Standing dunned={item} today={today} />
          </p>
          <p>
            <Next item={item} /> {item.next === null ? undefined : <StepTakes step={item.next} />}
          </p>
        </li>
      ))}
    </ul>
  );
}
