import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { assetQuery, assetsQuery } from "../api/asset-queries.ts";
import { groupsQuery } from "../api/stock-queries.ts";
import { customerChoiceQuery, customerQuery } from "../customers/customer-queries.ts";
import { Field } from "../customers/field.tsx";
import { useMay } from "../identity/me.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useSettled } from "../time/use-now.ts";
import type { Draft } from "./draft.ts";
import { useWords } from "./rule-words.ts";

const SETTLE_MS = 200;

interface ScopeFieldsProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
}

/** Which devices a rule is about: of all that is given, each must fit. */
export function ScopeFields({ draft, set }: ScopeFieldsProps) {
  const { w } = useWords();
  const profiles = useProfiles();
  const may = useMay();
  return (
    <>
      <Field label={w("profiles")} wide>
        <Select<string[]>
          mode="multiple"
          aria-label={w("profiles")}
          placeholder={w("profiles.choose")}
          value={[...draft.profiles]}
          maxCount={20}
          onChange={(names) => {
            set({ profiles: names });
          }}
          showSearch={{ optionFilterProp: "label" }}
          options={profiles.all.map(({ name }) => ({ value: name, label: profiles.label(name) }))}
        />
      </Field>
      {may("groups:read") ? <Groups draft={draft} set={set} /> : undefined}
      {may("customers:read") ? <Customers draft={draft} set={set} /> : undefined}
      {may("assets:read") ? <Assets draft={draft} set={set} /> : undefined}
    </>
  );
}

function Groups({ draft, set }: ScopeFieldsProps) {
  const { w } = useWords();
  const groups = useQuery(groupsQuery).data?.items ?? [];
  return (
    <Field label={w("groups")}>
      <Select<number[]>
        mode="multiple"
        aria-label={w("groups")}
        placeholder={w("all")}
        value={[...draft.groups]}
        maxCount={100}
        onChange={(ids) => {
          set({ groups: ids });
        }}
        showSearch={{ optionFilterProp: "label" }}
        options={groups.map(({ id, name }) => ({ value: id, label: name }))}
      />
    </Field>
  );
}

interface Named {
  readonly id: string;
  readonly name: string;
}

interface ManyProps {
  readonly label: string;
  readonly ids: readonly string[];
  readonly known: readonly Named[];
  readonly onSearch: (text: string) => void;
  readonly onChange: (ids: string[]) => void;
}

/** Several of many, found by a part of the name; the chosen ones stand there by name. */
function Many({ label, ids, known, onSearch, onChange }: ManyProps) {
  const { w } = useWords();
  const names = new Map(known.map(({ id, name }) => [id, name]));
  return (
    <Field label={label}>
      <Select<string[]>
        mode="multiple"
        aria-label={label}
        placeholder={w("all")}
        value={[...ids]}
        maxCount={1_000}
        showSearch={{ filterOption: false, onSearch }}
        notFoundContent={null}
        onChange={onChange}
        options={[...names].map(([value, name]) => ({ value, label: name }))}
      />
    </Field>
  );
}

/** So many of the chosen are asked for by name; the others stand there by id. */
const NAMED_MAX = 20;

function Customers({ draft, set }: ScopeFieldsProps) {
  const { w } = useWords();
  const [text, setText] = useState("");
  const found = useQuery(customerChoiceQuery(useSettled(text.trim(), SETTLE_MS))).data?.items ?? [];
  const chosen = useQueries({
    queries: draft.customers.slice(0, NAMED_MAX).map((id) => customerQuery(id)),
  });
  return (
    <Many
      label={w("customers")}
      ids={draft.customers}
      known={[...chosen.flatMap(({ data }) => (data ? [data] : [])), ...found]}
      onSearch={setText}
      onChange={(customers) => {
        set({ customers });
      }}
    />
  );
}

function Assets({ draft, set }: ScopeFieldsProps) {
  const { w } = useWords();
  const [text, setText] = useState("");
  const search = useSettled(text.trim(), SETTLE_MS);
  const found = useInfiniteQuery(assetsQuery({ search })).data?.pages[0]?.items ?? [];
  const chosen = useQueries({
    queries: draft.assets.slice(0, NAMED_MAX).map((id) => assetQuery(id)),
  });
  return (
    <Many
      label={w("assets")}
      ids={draft.assets}
      known={[...chosen.flatMap(({ data }) => (data ? [data] : [])), ...found]}
      onSearch={setText}
      onChange={(assets) => {
        set({ assets });
      }}
    />
  );
}
