import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { type ReactNode, useState } from "react";
import { Time } from "../parts/age.tsx";
import { Icon } from "../parts/icon.tsx";
import { Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import {
  type InvoiceLine,
  type LineDay,
  type LinePacket,
  lineDaysQuery,
  linePacketsQuery,
} from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { lineName } from "./invoice-lines.tsx";
import { Money } from "./marks.tsx";

interface LineageDrawerProps {
  readonly invoiceId: string;
  readonly currency: string;
  readonly line: InvoiceLine | undefined;
  readonly close: () => void;
}

/** Why this amount: a line's days, terminals, packets and who heard them. */
export function LineageDrawer({ invoiceId, currency, line, close }: LineageDrawerProps) {
  const speech = useBilling();
  const { w, format, known } = speech;
  const isPhone = useIsPhone();
  return (
    <Drawer
      open={line !== undefined}
      onClose={close}
      title={w("why.title")}
      size={isPhone ? "100%" : 620}
      destroyOnHidden
    >
      {line === undefined ? undefined : (
        <>
          <p className="why-sum">
            <strong>{lineName(speech, line)}</strong>:{" "}
            {w("why.sum", {
              quantity: format.number(line.quantity),
              unit: known("metric", line.metric ?? ""),
              included: format.number(line.included),
            })}{" "}
            <strong>
              <Money minor={line.net} currency={currency} />
            </strong>
          </p>
          <Days key={line.position} invoiceId={invoiceId} line={line} />
        </>
      )}
    </Drawer>
  );
}

interface DaysProps {
  readonly invoiceId: string;
  readonly line: InvoiceLine;
}

/** So many days at once: a line of a whole fleet has thousands. */
const DAYS_SHOWN = 200;

function Days({ invoiceId, line }: DaysProps) {
  const { w, format } = useBilling();
  const query = useQuery(lineDaysQuery(invoiceId, line.position));
  const [shown, setShown] = useState(DAYS_SHOWN);
  return (
    <Loaded query={query} rows={8}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="soft">{w("why.none")}</p>
        ) : (
          <>
            <p className="soft">{w("why.days", { count: format.number(items.length) })}</p>
            <ul className="why-list">
              {items.slice(0, shown).map((day) => (
                <Day
                  key={`${day.day} ${day.address} ${String(day.isLate)}`}
                  {...{ invoiceId, day, position: line.position }}
                />
              ))}
            </ul>
            {shown < items.length ? (
              <button
                type="button"
                className="why-row"
                onClick={() => {
                  setShown(shown + DAYS_SHOWN);
                }}
              >
                {w("why.more")}
              </button>
            ) : undefined}
          </>
        )
      }
    </Loaded>
  );
}

interface WhyRowProps {
  readonly isOpen: boolean;
  readonly setOpen: (isOpen: boolean) => void;
  /** Of its arrow, in pixels. */
  readonly size: number;
  readonly children: ReactNode;
}

/** What can be unfolded to what it is made of. */
function WhyRow({ isOpen, setOpen, size, children }: WhyRowProps) {
  return (
    <button
      type="button"
      className="why-row"
      aria-expanded={isOpen}
      onClick={() => {
        setOpen(!isOpen);
      }}
    >
      <Icon name={isOpen ? "down" : "right"} size={size} />
      {children}
    </button>
  );
}

interface DayProps {
  readonly invoiceId: string;
  readonly position: number;
  readonly day: LineDay;
}

function Day({ invoiceId, position, day }: DayProps) {
  const { w, format } = useBilling();
  const [isOpen, setOpen] = useState(false);
  const { terminalName, address } = day;
  return (
    <li>
      <WhyRow isOpen={isOpen} setOpen={setOpen} size={14}>
        <span>{format.day(day.day)}</span>
        <span className="cut">
          {terminalName === null || terminalName === "" ? `#${address}` : terminalName}
        </span>
        {day.isLate ? <span className="tag money-overdue">{w("why.late")}</span> : undefined}
        <span className="end">
          {w("why.reports", { count: format.number(day.reports) })} ·{" "}
          {w("why.bytes", { count: format.number(day.bytes) })}
        </span>
      </WhyRow>
      {isOpen ? <Packets {...{ invoiceId, position, day }} /> : undefined}
    </li>
  );
}

function Packets({ invoiceId, position, day }: DayProps) {
  const query = useQuery(linePacketsQuery(invoiceId, position, day));
  return (
    <Loaded query={query} rows={3}>
      {({ items }) => (
        <ul className="why-packets">
          {items
            .filter(({ isLate }) => isLate === day.isLate)
            .map((packet) => (
              <PacketRow key={packet.packetId} packet={packet} />
            ))}
        </ul>
      )}
    </Loaded>
  );
}

function PacketRow({ packet }: { readonly packet: LinePacket }) {
  const { w, format } = useBilling();
  const [isOpen, setOpen] = useState(false);
  const { receptions } = packet;
  return (
    <li>
      <WhyRow isOpen={isOpen} setOpen={setOpen} size={13}>
        <Time at={packet.receivedAt} />
        <span className="mono soft">{packet.packetId}</span>
        <span className="end">
          {w("why.bytes", { count: format.number(packet.bytes) })} ·{" "}
          {w("why.heard", { count: format.number(receptions.length) })}
        </span>
      </WhyRow>
      {!isOpen ? undefined : receptions.length === 0 ? (
        <p className="soft why-receptions">{w("why.forgotten")}</p>
      ) : (
        <ul className="why-receptions">
          {receptions.map(({ gatewayId, receivedAt, rssiDbm, snrDb }) => (
            <li key={`${gatewayId} ${receivedAt}`}>
              <span className="mono">{gatewayId}</span> <Time at={receivedAt} />
              <span className="soft end">
                {rssiDbm === null ? "" : `${format.number(rssiDbm, 0)} dBm · `}
                {format.number(snrDb, 1)} dB
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
