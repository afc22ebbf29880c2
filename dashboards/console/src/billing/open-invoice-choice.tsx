import { useInfiniteQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { Field } from "../customers/field.tsx";
import { invoicesQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

interface OpenInvoiceChoiceProps {
  readonly customerId: string | null;
  readonly value: string | undefined;
  readonly onChange: (id: string | undefined) => void;
}

const LOOKED_THROUGH = 200;

/** The invoice that is paid first; without one it is what is due first. */
export function OpenInvoiceChoice({ customerId, value, onChange }: OpenInvoiceChoiceProps) {
  const { w, format } = useBilling();
  const query = useInfiniteQuery({
    ...invoicesQuery({ customer: customerId ?? "" }, LOOKED_THROUGH),
    enabled: customerId !== null,
  });
  const items = (customerId === null ? [] : (query.data?.pages ?? []))
    .flatMap((page) => page.items)
    .filter((one) => one.open > 0 && one.number !== null);
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
