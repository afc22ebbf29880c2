import "../notifications/notifications.css";
import "../customers/customers.css";
import "./rules.css";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input, Select } from "antd";
import { useEffect, useState } from "react";
import { SEVERITIES } from "../alarms/severities.ts";
import { useMay } from "../identity/me.tsx";
import { Icon } from "../parts/icon.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import { useTitle } from "../shell/use-title.ts";
import { useSettled } from "../time/use-now.ts";
import { rulesQuery } from "./rule-queries.ts";
import { RuleCards, RuleTable } from "./rule-table.tsx";
import { useWords } from "./rule-words.ts";
import {
  RULE_ORIGINS,
  RULE_SORTS,
  RULE_STATES,
  type RulesSearch,
  SIGNAL_KINDS,
  validRulesSearch,
} from "./rules-search.ts";

const SETTLE_MS = 250;

type Change = (next: { [K in keyof RulesSearch]?: string }) => void;

/** All rules of whoever asks, found by what they are. */
export function RulesPage() {
  const { w, format } = useWords();
  useTitle(w("title"));
  const search = validRulesSearch({ ...useSearch({ from: "/rules" }) });
  const navigate = useNavigate();
  const query = useInfiniteQuery(rulesQuery(search));
  const isPhone = useIsPhone();
  const mayWrite = useMay()("rules:write");
  const change: Change = (next) =>
    void navigate({
      to: "/rules",
      search: validRulesSearch({ ...search, ...next }),
      replace: true,
    });
  const total = query.data?.pages[0]?.total;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("title")}</h1>
        <span className="soft" role="status">
          {total === undefined ? "" : w("count", { count: format.number(total) })}
        </span>
        <span className="grow" />
        {mayWrite ? (
          <Button type="primary" onClick={() => void navigate({ to: "/rules/new" })}>
            {w("add")}
          </Button>
        ) : undefined}
      </div>
      <Filters search={search} change={change} />
      <Loaded query={query} rows={14}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Nothing search={search} />;
          return (
            <>
              {isPhone ? <RuleCards items={items} /> : <RuleTable items={items} />}
              <LoadMore query={query} end={w("end")} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Nothing({ search }: { readonly search: RulesSearch }) {
  const { w } = useWords();
  const isFiltered = Object.keys(search).some((name) => name !== "sort");
  if (!isFiltered) return <Empty title={w("empty")} detail={w("empty.detail")} />;
  return (
    <Empty title={w("none")} detail={w("none.detail")}>
      <Link to="/rules" search={{}}>
        {w("clear.filters")}
      </Link>
    </Empty>
  );
}

interface FiltersProps {
  readonly search: RulesSearch;
  readonly change: Change;
}

function Filters({ search, change }: FiltersProps) {
  const { w, t } = useWords();
  const profiles = useProfiles();
  return (
    <div className="filters rule-filters">
      <TextFilter search={search} change={change} />
      <Choice
        name="kind"
        value={search.kind}
        change={change}
        options={SIGNAL_KINDS.map((value) => ({ value, label: w(`kind.${value}`) }))}
      />
      <Choice
        name="severity"
        value={search.severity}
        change={change}
        options={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
      />
      <Choice
        name="profile"
        value={search.profile}
        change={change}
        options={profiles.all.map(({ name }) => ({ value: name, label: profiles.label(name) }))}
      />
      <Choice
        name="state"
        value={search.state}
        change={change}
        options={RULE_STATES.map((value) => ({ value, label: w(`filter.state.${value}`) }))}
      />
      <Choice
        name="origin"
        value={search.origin}
        change={change}
        options={RULE_ORIGINS.map((value) => ({ value, label: w(`filter.origin.${value}`) }))}
      />
      <Select
        aria-label={w("sort.label")}
        value={search.sort ?? "title"}
        onChange={(sort) => {
          change({ sort });
        }}
        options={RULE_SORTS.map((value) => ({ value, label: w(`sort.${value}`) }))}
      />
    </div>
  );
}

function TextFilter({ search, change }: FiltersProps) {
  const { w } = useWords();
  const [text, setText] = useState(search.search ?? "");
  const settled = useSettled(text.trim(), SETTLE_MS);
  useEffect(() => {
    if (settled !== (search.search ?? "")) change({ search: settled });
    // only when the typing has settled: a change of the address from elsewhere is not typed back
  }, [settled]);
  return (
    <Input
      allowClear
      value={text}
      maxLength={100}
      aria-label={w("search")}
      placeholder={w("search")}
      prefix={<Icon name="search" size={15} />}
      onChange={(event) => {
        setText(event.target.value);
      }}
    />
  );
}

interface ChoiceProps {
  readonly name: "kind" | "severity" | "profile" | "state" | "origin";
  readonly value: string | undefined;
  readonly change: Change;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

function Choice({ name, value, change, options }: ChoiceProps) {
  const { w } = useWords();
  return (
    <Select
      aria-label={w(`filter.${name}`)}
      value={value ?? ""}
      onChange={(next) => {
        change({ [name]: next });
      }}
      options={[{ value: "", label: w(`filter.${name}.all`) }, ...options]}
    />
  );
}
