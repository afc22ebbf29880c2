import "../notifications/notifications.css";
import "../customers/customers.css";
import "./alarms.css";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo, useState } from "react";
import type { Alarm } from "../api/types.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { useMay, useMe } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { AlarmCounts, BulkBar, SoundSwitch } from "./alarm-bar.tsx";
import { AlarmDrawer } from "./alarm-drawer.tsx";
import { AlarmFilters, type ChangeAlarms } from "./alarm-filters.tsx";
import { type AlarmKey, AlarmList } from "./alarm-list.tsx";
import { useAlarmSound } from "./alarm-sound.ts";
import { validAlarmsSearch } from "./alarms-search.ts";
import { type Asked, DeedDialog } from "./deed-dialogs.tsx";
import { useAlarmRows } from "./use-alarm-rows.ts";
import { AT_ONCE_MAX, type Deeds, useDeeds } from "./use-deeds.ts";

/** All alarms of whoever watches: the worst first, live, worked on by the keyboard. */
export function AlarmsPage() {
  const { t } = useSpeech();
  useTitle(t("alarms.title"));
  const { alarm: openId, ...search } = useSearch({ from: "/alarms" });
  const navigate = useNavigate();
  const change: ChangeAlarms = (next) =>
    void navigate({
      to: "/alarms",
      search: validAlarmsSearch({ ...search, alarm: openId, ...next }),
      replace: true,
    });
  const sound = useAlarmSound();
  const { state, severity, assignee, show } = search;
  const myId = useMe().id;
  const wanted = useMemo(
    () => ({ myId, ...validAlarmsSearch({ state, severity, assignee, show }) }),
    [myId, state, severity, assignee, show],
  );
  const { query, rows } = useAlarmRows(wanted, sound.heard);
  const deeds = useDeeds();
  const [asked, setAsked] = useState<Asked>();
  return (
    <div className="alarms-page">
      <div className="alarm-bar">
        <h1>{t("alarms.title")}</h1>
        <AlarmCounts change={change} />
        <span className="grow" />
        <SoundSwitch isOn={sound.isOn} turn={sound.turn} />
        <AlarmFilters search={search} change={change} />
      </div>
      {asked === undefined ? <Refusal error={deeds.doing.error} /> : undefined}
      <Loaded query={query} rows={12}>
        {() => (
          <Listed
            rows={rows}
            deeds={deeds}
            ask={setAsked}
            query={query}
            isFiltered={Object.keys(search).length > 0}
            change={change}
          />
        )}
      </Loaded>
      {openId === undefined ? undefined : (
        <AlarmDrawer
          id={openId}
          deeds={deeds}
          ask={setAsked}
          close={() => {
            change({ alarm: undefined });
          }}
        />
      )}
      {asked === undefined ? undefined : (
        <DeedDialog
          asked={asked}
          deeds={deeds}
          close={() => {
            deeds.doing.forget();
            setAsked(undefined);
          }}
        />
      )}
    </div>
  );
}

interface ListedProps {
  readonly rows: readonly Alarm[];
  readonly deeds: Deeds;
  readonly ask: (asked: Asked) => void;
  readonly query: ReturnType<typeof useAlarmRows>["query"];
  readonly isFiltered: boolean;
  readonly change: ChangeAlarms;
}

function Listed({ rows, deeds, ask, query, isFiltered, change }: ListedProps) {
  const mayWork = useMay()("alarms:work");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  // what has left the list is not worked on unseen
  const ids = rows.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const toggle = ({ id }: Alarm): void => {
    setChosen((old) => (old.has(id) ? without(old, id) : new Set([...old, id])));
  };
  const press = (key: AlarmKey, active: Alarm | undefined): void => {
    if (key === "x") {
      if (active) toggle(active);
      return;
    }
    const on = (ids.length > 0 ? ids : active ? [active.id] : []).slice(0, AT_ONCE_MAX);
    if (on.length === 0 || deeds.doing.isBusy) return;
    if (key === "a") void deeds.acknowledge(on);
    else if (key === "m") void deeds.assign(on, true);
    else ask({ deed: key === "s" ? "shelve" : "comment", ids: on });
  };
  if (rows.length === 0) return <Nothing query={query} isFiltered={isFiltered} change={change} />;
  return (
    <>
      {ids.length > 0 ? (
        <BulkBar
          count={ids.length}
          isBusy={deeds.doing.isBusy}
          press={(key) => {
            press(key, undefined);
          }}
          clear={() => {
            setChosen(new Set());
          }}
        />
      ) : undefined}
      <AlarmList
        rows={rows}
        selected={chosen}
        mayWork={mayWork}
        select={toggle}
        open={({ id }) => {
          change({ alarm: id });
        }}
        press={press}
        footer={<LoadMore query={query} />}
      />
    </>
  );
}

function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...set].filter((each) => each !== id));
}

type NothingProps = Pick<ListedProps, "query" | "isFiltered" | "change">;

function Nothing({ query, isFiltered, change }: NothingProps) {
  const { t } = useSpeech();
  if (query.hasNextPage)
    return (
      <Empty title={t("alarms.none.sofar")}>
        <LoadMore query={query} />
      </Empty>
    );
  if (!isFiltered) return <Empty title={t("alarms.empty")} detail={t("alarms.empty.detail")} />;
  return (
    <Empty title={t("alarms.none")} detail={t("alarms.none.detail")}>
      <Button
        onClick={() => {
          change({ state: undefined, severity: undefined, assignee: undefined, show: undefined });
        }}
      >
        {t("alarms.clear")}
      </Button>
    </Empty>
  );
}
