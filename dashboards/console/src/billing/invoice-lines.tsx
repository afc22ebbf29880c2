import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { type InvoiceDetail, type InvoiceLine, subscriptionsQuery } from "./billing-queries.ts";
import { type BillingSpeech, useBilling } from "./billing-words.ts";
import { Money } from "./marks.tsx";

interface InvoiceLinesProps {
  readonly invoice: InvoiceDetail;
  /** Undefined: nothing is behind these lines yet. */
  readonly onOpen?: (line: InvoiceLine) => void;
}

/** The lines of an invoice and their sums. */
export function InvoiceLines({ invoice, onOpen }: InvoiceLinesProps) {
  const { w } = useBilling();
  const isPhone = useIsPhone();
  const { currency, lines } = invoice;
  const terminalOf = useTerminals(invoice.customerId);
  const why = (line: InvoiceLine) =>
    onOpen !== undefined && line.metric !== null && line.metric !== "sms" && line.quantity > 0 ? (
      <Button
        size="small"
        onClick={() => {
          onOpen(line);
        }}
      >
        {w("line.why")}
      </Button>
    ) : undefined;
  return (
    <section className="card table-card" aria-label={w("lines")}>
      {isPhone ? (
        <ul className="rows line-cards">
          {lines.map((line) => (
            <li key={line.position}>
              <span className="contact">
                <LineText line={line} terminal={terminalOf(line)} />
                {why(line)}
              </span>
              <span className="end">
                <Money minor={line.net} currency={currency} />
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <table className="terminal-table line-table">
          <thead>
            <tr>
              <th scope="col">{w("line.what")}</th>
              <th scope="col">{w("line.when")}</th>
              <th scope="col" className="amount">
                {w("line.quantity")}
              </th>
              <th scope="col" className="amount">
                {w("tax")}
              </th>
              <th scope="col" className="amount">
                {w("net")}
              </th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.position}>
                <Cells line={line} currency={currency} terminal={terminalOf(line)} />
                <td>{why(line)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Sums invoice={invoice} />
    </section>
  );
}

interface LineProps {
  readonly line: InvoiceLine;
  /** What it is for; empty where that is the whole account. */
  readonly terminal: string;
}

const SUBSCRIPTIONS_NAMED = 500;

/** Of which terminal a line is, by its subscription. */
function useTerminals(customerId: string): (line: InvoiceLine) => string {
  const query = useInfiniteQuery(subscriptionsQuery(customerId, SUBSCRIPTIONS_NAMED));
  const all = (query.data?.pages ?? []).flatMap((page) => page.items);
  const names = new Map(
    all.map(({ id, terminalName, address }) => [
      id,
      terminalName || (address === null ? "" : `#${address}`),
    ]),
  );
  return ({ subscriptionId }) => names.get(subscriptionId ?? "") ?? "";
}

/** What a line is for, in a few words. */
export function lineName({ w, known, label }: BillingSpeech, line: InvoiceLine): string {
  const item = label(line.itemName);
  if (line.kind === "usage" || line.kind === "add-on") return item === "" ? line.item : item;
  return (line.kind === "adjustment" || line.kind === "service-credit") && item !== ""
    ? item
    : known("line", line.kind) || w("line.what");
}

function LineText({ line, terminal }: LineProps) {
  const speech = useBilling();
  const { w, label, format } = speech;
  return (
    <>
      <strong>
        {lineName(speech, line)}
        {terminal === "" ? "" : ` · ${terminal}`}
      </strong>
      <span className="soft">
        {label(line.planName)}
        {line.planVersion === 0 ? "" : ` · ${w("version", { version: line.planVersion })}`}
        {line.included > 0
          ? ` · ${w("line.included", { count: format.number(line.included) })}`
          : ""}
        {line.late > 0 ? ` · ${w("line.late", { count: format.number(line.late) })}` : ""}
        {line.isCorrection ? ` · ${w("line.correction")}` : ""}
      </span>
    </>
  );
}

function Cells({ line, currency, terminal }: LineProps & { readonly currency: string }) {
  const speech = useBilling();
  const { known, format } = speech;
  return (
    <>
      <td>
        <span className="contact">
          <LineText line={line} terminal={terminal} />
        </span>
      </td>
      <td>
        {format.day(line.from)} – {format.day(lastDay(line.to))}
      </td>
      <td className="amount">
        {line.metric === null
          ? daysText(speech, line)
          : `${format.number(line.quantity)} ${known("metric", line.metric)}`}
      </td>
      <td className="amount">
        {format.number(line.taxBasisPoints / 100)} %{" "}
        <span className="soft">
          <Money minor={line.tax} currency={currency} />
        </span>
      </td>
      <td className="amount">
        <Money minor={line.net} currency={currency} />
      </td>
    </>
  );
}

const DAY_MS = 86_400_000;

/** Of two add-ons each day counts twice: so many times so many days, or, where that is not known, the days of all. */
function daysText({ w, format }: BillingSpeech, line: InvoiceLine): string {
  const { quantity, pieces } = line;
  const text = (count: number): string => `${format.number(count)} ${w("line.days", { count })}`;
  if (line.kind !== "add-on") return quantity === 0 ? "—" : text(quantity);
  if (pieces === undefined) return `${text(quantity)} ${w("line.allPieces")}`;
  return Math.abs(pieces) <= 1
    ? text(quantity)
    : `${format.number(pieces)} × ${text(quantity / pieces)}`;
}

/** The last day that belongs to it: people count to it, programs to the one behind. */
const lastDay = (to: string): string =>
  new Date(Date.parse(to) - DAY_MS).toISOString().slice(0, 10);

/** Net, the tax of each rate, and all of it. */
function Sums({ invoice: { lines, currency, net, gross } }: InvoiceLinesProps) {
  const { w, format } = useBilling();
  const rates = [...Map.groupBy(lines, (line) => line.taxBasisPoints)];
  return (
    <dl className="invoice-sums">
      <dt>{w("net")}</dt>
      <dd>
        <Money minor={net} currency={currency} />
      </dd>
      {rates.map(([basisPoints, some]) => (
        <RateSum
          key={basisPoints}
          label={w("tax.rate", { rate: format.number(basisPoints / 100) })}
          minor={some.reduce((sum, { tax }) => sum + tax, 0)}
          currency={currency}
        />
      ))}
      <dt>
        <strong>{w("gross")}</strong>
      </dt>
      <dd>
        <strong>
          <Money minor={gross} currency={currency} />
        </strong>
      </dd>
    </dl>
  );
}

interface RateSumProps {
  readonly label: string;
  readonly minor: number;
  readonly currency: string;
}

function RateSum({ label, minor, currency }: RateSumProps) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <Money minor={minor} currency={currency} />
      </dd>
    </>
  );
}
