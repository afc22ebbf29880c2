import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Select } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { useSettled } from "../time/use-now.ts";
import { type CustomerKind, customerChoiceQuery, customerQuery } from "./customer-queries.ts";

const SETTLE_MS = 200;

interface CustomerChoiceProps {
  /** Given by the form around it. */
  readonly id?: string;
  readonly value?: string | null;
  readonly onChange?: (id: string | null) => void;
  /** Only these. */
  readonly kind?: CustomerKind;
  /** All but this one. */
  readonly except?: string | undefined;
  /** What stands there while nobody is chosen. */
  readonly nobody?: string;
  readonly disabled?: boolean;
}

/** A customer by a part of the name or number; the chosen one stands there by name, not by id. */
export function CustomerChoice(props: CustomerChoiceProps) {
  const { id, value, onChange, kind, except, nobody, disabled } = props;
  const { t } = useSpeech();
  const [text, setText] = useState("");
  const query = useQuery(customerChoiceQuery(useSettled(text.trim(), SETTLE_MS), kind));
  const chosen = useChosen(value ?? undefined);
  const found = (query.data?.items ?? []).filter((one) => one.id !== except && one.id !== value);
  return (
    <Select<string>
      {...(id === undefined ? {} : { id })}
      {...(disabled === undefined ? {} : { disabled })}
      allowClear
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={nobody ?? t("customers.choose")}
      notFoundContent={query.data === undefined ? null : t("customers.choose.none")}
      value={value || null}
      onChange={(next: string | undefined) => onChange?.(next ?? null)}
      options={[...chosen, ...found].map((one) => ({
        value: one.id,
        label: one.number === "" ? one.name : `${one.name} · ${one.number}`,
      }))}
    />
  );
}

/** The chosen one as an option of its own: the search may be for somebody else by now. */
function useChosen(id: string | undefined) {
  const chosen = useQuery({ ...customerQuery(id ?? ""), enabled: id !== undefined }).data;
  if (id === undefined) return [];
  return [{ id, name: chosen?.name ?? "…", number: chosen?.number ?? "" }];
}

/** A customer in a table, by name. */
export function CustomerName({ id }: { readonly id: string }) {
  const may = useMay();
  const customer = useQuery({ ...customerQuery(id), enabled: may("customers:read") }).data;
  if (customer === undefined) return id;
  return (
    <Link to="/customers/$id" params={{ id }}>
      {customer.name}
    </Link>
  );
}
