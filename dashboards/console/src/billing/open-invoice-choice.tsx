import { useInfiniteQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { Field } from "../customers/field.tsx";
import { type Invoice, invoicesQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

interface OpenInvoiceChoiceProps {
  readonly customerId: string | null;
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}

const LOOKED_THROUGH = 200;

/** What a customer has still to pay, in the order in which it is paid: the first due first. */
export function useOpenInvoices(customerId: string | null): readonly Invoice[] {
  const query = useInfiniteQuery({
    ...invoicesQuery({ customer: customerId ?? "" }, LOOKED_THROUGH),
    enabled: customerId !== null,
  });
  return (customerId === null ? [] : (query.data?.pages ?? []))
    .flatMap((page) => page.items)
    .filter((one) => one.open > 0 && one.number !== null)
    .sort((a, b) => compared(a.dueOn ?? "", b.dueOn ?? "") || compared(a.id, b.id));
}

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The invoice that is paid first; without one it is what is due first. */
export function OpenInvoiceChoice({ customerId, value, onChange }: OpenInvoiceChoiceProps) {
  const { w, format } = useBilling();
  const items = useOpenInvoices(customerId);
  return (
    <Field label={w("payments.invoice")} wide>
      <Select
        allowClear
        disabled={items.length === 0}
        placeholder={w("payments.dueFirst")}
        value={value ?? null}
        onChange={(id: string | null | undefined) => {
          onChange(id ?? undefined);
        }}
        options={items.map((one) => ({
          value: one.id,
          label: `${one.number ?? ""} · ${format.month(one.month)} · ${format.money(one.open, one.currency)}`,
        }))}
      />
    </Field>
  );
}
