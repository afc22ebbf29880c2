import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { useState } from "react";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { useNow } from "../time/use-now.ts";
import { type DunningDetail, dunningQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { StepName } from "./dunning-list.tsx";
import { CutMark, GradeMark, isHeld, Standing, StepTakes } from "./dunning-marks.tsx";
import { HoldDialog } from "./hold-dialog.tsx";
import { CustomerLink, Money } from "./marks.tsx";

interface DunningDrawerProps {
  readonly customerId: string;
  readonly close: () => void;
}

/** One account's dunning: how it stands, what would come on which day, and what that takes from which terminal. */
export function DunningDrawer({ customerId, close }: DunningDrawerProps) {
  const { w } = useBilling();
  const isPhone = useIsPhone();
  const query = useQuery(dunningQuery(customerId));
  return (
    <Drawer
      open
      onClose={close}
      title={query.data?.customerName ?? w("dunning")}
      size={isPhone ? "100%" : 680}
    >
      <Loaded query={query} rows={12}>
        {(detail) => (
          <>
            <Stands detail={detail} />
            <Outlook detail={detail} />
            <Terminals detail={detail} />
            <Events detail={detail} />
          </>
        )}
      </Loaded>
    </Drawer>
  );
}

interface DetailProps {
  readonly detail: DunningDetail;
}

function Stands({ detail }: DetailProps) {
  const { w, format } = useBilling();
  const mayWrite = useMay()("billing:write");
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const [isOpen, setOpen] = useState(false);
  const { customerId, debt, currency, heldReason } = detail;
  return (
    <>
      <p className="dunning-stands">
        <GradeMark grade={detail.grade} />
        {debt === null ? (
          <span>{w("dunning.even")}</span>
        ) : (
          <span>
            <strong className="alert-text">{format.money(debt.amount, currency)}</strong>{" "}
            {w("dunning.dueSince", { day: format.day(debt.dueOn) })}
          </span>
        )}
        <span className="tag">
          <StepName step={detail.step} />
        </span>
        {debt === null ? undefined : <Standing dunned={detail} today={today} />}
      </p>
      {heldReason !== null && isHeld(detail, today) ? (
        <p className="soft">
          {w("reason")}: {heldReason}
        </p>
      ) : undefined}
      {detail.isReachable || debt === null ? undefined : (
        <p className="alert-text" role="note">
          {w("dunning.unreachable.detail")}
        </p>
      )}
      <p className="actions">
        <CustomerLink id={customerId}>{w("dunning.toCustomer")}</CustomerLink>
        <Link to="/invoices" search={{ customer: customerId, state: "overdue" }}>
          {w("dunning.toInvoices")}
        </Link>
        {mayWrite ? (
          <Button
            size="small"
            onClick={() => {
              setOpen(true);
            }}
          >
            {w(isHeld(detail, today) ? "dunning.hold.change" : "dunning.hold")}
          </Button>
        ) : undefined}
      </p>
      {isOpen ? (
        <HoldDialog
          detail={detail}
          today={today}
          close={() => {
            setOpen(false);
          }}
        />
      ) : undefined}
    </>
  );
}

function Outlook({ detail: { outlook, currency } }: DetailProps) {
  const { w, format } = useBilling();
  return (
    <section className="card drawer-card">
      <h2>{w("dunning.outlook")}</h2>
      {outlook.length === 0 ? (
        <p className="small-empty">{w("dunning.outlook.none")}</p>
      ) : (
        <ol className="rows">
          {outlook.map((step) => (
            <li key={step.step}>
              <strong className="outlook-day">{format.day(step.on)}</strong>
              <span className="contact">
                <StepName step={step.step} />
                <StepTakes step={step} />
              </span>
              {step.fee === 0 ? undefined : (
                <span className="end">
                  {w("dunning.fee")} <Money minor={step.fee} currency={currency} />
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

const TERMINALS_SHOWN = 50;

/** What each terminal goes without now, and would after each step. */
function Terminals({ detail: { terminals } }: DetailProps) {
  const { w, known } = useBilling();
  const [shown, setShown] = useState(TERMINALS_SHOWN);
  const steps = terminals[0]?.cuts.length ?? 0;
  return (
    <section className="card drawer-card">
      <h2>
        {w("dunning.terminals")} <ByClass terminals={terminals} />
      </h2>
      {terminals.length === 0 ? (
        <p className="small-empty">{w("dunning.terminals.none")}</p>
      ) : (
        <div className="step-table">
          <table className="terminal-table">
            <thead>
              <tr>
                <th scope="col">{w("subscription.terminal")}</th>
                <th scope="col">{w("dunning.today")}</th>
                {Array.from({ length: steps }, (_, at) => (
                  <th key={at} scope="col">
                    {w("dunning.step", { step: at + 1 })}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {terminals.slice(0, shown).map((terminal) => (
                <tr key={terminal.address}>
                  <td>
                    <Link to="/terminals/$address" params={{ address: String(terminal.address) }}>
                      {terminal.name === "" ? `#${terminal.address}` : terminal.name}
                    </Link>{" "}
                    <span className="soft">{known("class", terminal.serviceClass)}</span>
                  </td>
                  <td>
                    <CutMark cut={terminal.cut} />
                  </td>
                  {terminal.cuts.map((cut, at) => (
                    <td key={at}>
                      <CutMark cut={cut} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {shown < terminals.length ? (
        <button
          type="button"
          className="why-row"
          onClick={() => {
            setShown(shown + TERMINALS_SHOWN);
          }}
        >
          {w("dunning.terminals.more")}
        </button>
      ) : undefined}
    </section>
  );
}

function ByClass({ terminals }: Pick<DunningDetail, "terminals">) {
  const { known, format } = useBilling();
  const classes = [...Map.groupBy(terminals, ({ serviceClass }) => serviceClass)];
  return (
    <span className="soft">
      {classes
        .map(([of, some]) => `${known("class", of)} ${format.number(some.length)}`)
        .join(" · ")}
    </span>
  );
}

function Events({ detail: { events, currency } }: DetailProps) {
  const { w, known, format } = useBilling();
  return (
    <section className="card drawer-card">
      <h2>{w("dunning.events")}</h2>
      {events.length === 0 ? (
        <p className="small-empty">{w("dunning.events.none")}</p>
      ) : (
        <ul className="rows">
          {events.map((event) => (
            <li key={`${event.at} ${event.kind} ${event.step}`}>
              <span className="contact">
                <span>
                  {known("dunning.event", event.kind)} · <StepName step={event.step} />
                </span>
                <span className="soft">
                  <Time at={event.at} /> · {event.byName}
                  {event.reason === null ? "" : ` · ${event.reason}`}
                </span>
              </span>
              <span className="end card-amount">
                {format.money(event.overdue, currency)}
                {event.feeNoteId === null ? undefined : (
                  <Link to="/invoices/$id" params={{ id: event.feeNoteId }}>
                    {w("dunning.fee")}
                  </Link>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
