import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Select } from "antd";
import { useState } from "react";
import { terminalSearchQuery } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useSettled } from "../time/use-now.ts";

const SETTLE_MS = 200;

interface ChoiceProps<T> {
  /** Given by the form around it. */
  readonly id?: string;
  readonly value?: T;
  readonly onChange?: (value: T) => void;
}

/** A terminal by a part of its name or serial. */
export function TerminalChoice({ id, value, onChange }: ChoiceProps<number>) {
  const { t } = useSpeech();
  const [text, setText] = useState("");
  const found = useQuery(terminalSearchQuery(useSettled(text.trim(), SETTLE_MS))).data?.items ?? [];
  return (
    <Select<number>
      {...(id === undefined ? {} : { id })}
      {...(value === undefined ? {} : { value })}
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={t("assets.terminal.find")}
      notFoundContent={null}
      onChange={(address) => onChange?.(address)}
      options={found.map(({ address, serial, name }) => ({
        value: address,
        label: `${serial} · ${name}`,
      }))}
    />
  );
}

/** A customer by a part of the name; whoever knows the id may type it. */
export function CustomerChoice({ id, value, onChange }: ChoiceProps<string>) {
  const { t } = useSpeech();
  const settled = useSettled((value ?? "").trim(), SETTLE_MS);
  const found = useQuery({
    queryKey: ["customer-search", settled],
    queryFn: ({ signal }) => customersNamed(settled, signal),
    enabled: settled !== "",
  });
  return (
    <AutoComplete
      {...(id === undefined ? {} : { id })}
      value={value ?? ""}
      placeholder={t("assets.customer.find")}
      showSearch={{ filterOption: false }}
      onChange={(text: string) => onChange?.(text)}
      options={(found.data ?? []).map((customer) => ({
        value: customer.id,
        label: `${customer.name} · ${customer.number}`,
      }))}
    />
  );
}

interface NamedCustomer {
  readonly id: string;
  readonly name: string;
  readonly number: string;
}

const isNamed = (item: unknown): item is NamedCustomer =>
  typeof item === "object" &&
  item !== null &&
  ["id", "name", "number"].every((name) => name in item);

/** Nothing where customers may not be listed: the id itself can still be typed. */
async function customersNamed(
  search: string,
  signal: AbortSignal,
): Promise<readonly NamedCustomer[]> {
  const query = new URLSearchParams({ search, limit: "8" });
  const answer = await fetch(`/api/customers?${query.toString()}`, { signal });
  if (!answer.ok) return [];
  const body: unknown = await answer.json();
  const items: unknown =
    typeof body === "object" && body !== null && "items" in body ? body.items : [];
  return Array.isArray(items) ? items.filter(isNamed) : [];
}
