import { Link, useNavigate } from "@tanstack/react-router";
import { useIsPhone } from "../parts/use-is-phone.ts";
import type { Invoice } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { fileOf } from "./invoice-files.tsx";
import { Money, StateTag } from "./marks.tsx";
import { RowTable } from "./row-table.tsx";

interface InvoiceListProps {
  readonly items: readonly Invoice[];
  readonly hasCustomer: boolean;
}

/** Invoices as a table, or as cards on a phone. */
export function InvoiceList(props: InvoiceListProps) {
  return useIsPhone() ? <Cards {...props} /> : <Table {...props} />;
}

function Table({ items, hasCustomer }: InvoiceListProps) {
  const { w } = useBilling();
  const navigate = useNavigate();
  return (
    <RowTable
      columns={[
        { text: w("invoice.number") },
        ...(hasCustomer ? [{ text: w("customer") }] : []),
        { text: w("month") },
        { text: w("state") },
        { text: w("invoice.due") },
        { text: w("gross"), isAmount: true },
        { text: w("open"), isAmount: true },
        { text: "" },
      ]}
    >
      <tbody>
        {items.map((item) => (
          <tr
            key={item.id}
            onClick={() => void navigate({ to: "/invoices/$id", params: { id: item.id } })}
          >
            <Cells item={item} hasCustomer={hasCustomer} />
          </tr>
        ))}
      </tbody>
    </RowTable>
  );
}

function Cells({ item, hasCustomer }: { readonly item: Invoice; readonly hasCustomer: boolean }) {
  const { w, format } = useBilling();
  const { currency, dueOn, open } = item;
  return (
    <>
      <td>
        <Link to="/invoices/$id" params={{ id: item.id }} data-row>
          <Name item={item} />
        </Link>
      </td>
      {hasCustomer ? <td className="cut customer-name">{item.customerName}</td> : undefined}
      <td>{format.month(item.month)}</td>
      <td>
        <StateTag state={item.state} />
      </td>
      <td>{dueOn === null ? "—" : format.day(dueOn)}</td>
      <td className="amount">
        <Money minor={item.gross} currency={currency} />
      </td>
      <td className="amount">{open === 0 ? "—" : <Money minor={open} currency={currency} />}</td>
      <td>
        <a
          href={fileOf(item.id, "pdf")}
          target="_blank"
          rel="noreferrer"
          aria-label={`${w("file.pdf")} ${item.number ?? w("invoice.unnumbered")}`}
          onClick={(event) => {
            event.stopPropagation();
          }}
        >
          {w("file.pdf")}
        </a>
      </td>
    </>
  );
}

function Name({ item }: { readonly item: Invoice }) {
  const { w, known } = useBilling();
  return (
    <>
      <span className="mono">{item.number ?? w("invoice.unnumbered")}</span>
      {item.kind === "invoice" ? undefined : (
        <span className="tag">{known("kind", item.kind)}</span>
      )}
    </>
  );
}

function Cards({ items, hasCustomer }: InvoiceListProps) {
  const { format } = useBilling();
  return (
    <ul className="terminal-cards">
      {items.map((item) => (
        <li key={item.id} className="card">
          <Link to="/invoices/$id" params={{ id: item.id }}>
            <span className="cut">
              <strong>
                <Name item={item} />
              </strong>
              <span className="soft">
                {hasCustomer ? `${item.customerName} · ` : ""}
                {format.month(item.month)}
              </span>
            </span>
            <span className="card-amount">
              <strong>
                <Money minor={item.gross} currency={item.currency} />
              </strong>
              <StateTag state={item.state} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
