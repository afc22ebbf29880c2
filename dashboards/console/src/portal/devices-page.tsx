import "./portal.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Input } from "antd";
import { useState } from "react";
import { alarmCountsQuery } from "../alarms/alarm-queries.ts";
import { answerOf, api } from "../api/client.ts";
import { queryClient, terminalsQuery } from "../api/queries.ts";
import type { TerminalSummary } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { SeverityMark } from "../notifications/severity.tsx";
import { Age } from "../parts/age.tsx";
import { freshnessOf } from "../parts/freshness.ts";
import { Glyph, Icon } from "../parts/icon.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useTitle } from "../shell/use-title.ts";
import { useNow, useSettled } from "../time/use-now.ts";
import { alarmsByDevice, type DeviceAlarms } from "./device-alarms.ts";

const SETTLE_MS = 250;
/** As many as the API gives at once: beyond, the counts above still tell of all. */
const ALARMS_MAX = 500;
const FRESH_MS = 30_000;

const openAlarmsQuery = {
  queryKey: ["alarms", "open-by-device"],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => {
    const query = { open: true, drill: false, shelved: false, limit: ALARMS_MAX };
    return answerOf(api.GET("/api/alarms", { params: { query }, signal }));
  },
  refetchInterval: FRESH_MS,
};

/** A subscriber's own devices: how each is, and what is wrong with it. */
export function DevicesPage() {
  const { t, format } = useSpeech();
  useTitle(t("portal.devices"));
  const [text, setText] = useState("");
  const search = useSettled(text.trim(), SETTLE_MS);
  const query = useInfiniteQuery(terminalsQuery({ search }));
  const total = query.data?.pages[0]?.total;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("portal.devices")}</h1>
        <span className="soft" role="status">
          {total === undefined ? "" : t("portal.devices.count", { count: format.number(total) })}
        </span>
        <span className="grow" />
        <Input
          allowClear
          className="portal-search"
          value={text}
          aria-label={t("portal.devices.find")}
          placeholder={t("portal.devices.find")}
          prefix={<Icon name="search" size={15} />}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </div>
      <OpenAlarms />
      <Loaded query={query} rows={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return search === "" ? (
              <Empty title={t("portal.devices.empty")} detail={t("portal.devices.empty.detail")} />
            ) : (
              <Empty title={t("portal.devices.none")} />
            );
          return (
            <>
              <Cards items={items} />
              <LoadMore query={query} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

/** How many alerts wait for somebody, in one line that leads to them. */
function OpenAlarms() {
  const { t, format } = useSpeech();
  const items = useQuery(alarmCountsQuery).data?.items;
  if (items === undefined) return undefined;
  const count = items.reduce((sum, { unacknowledged }) => sum + unacknowledged, 0);
  return (
    <p className="portal-alarms">
      {count === 0 ? (
        <span className="soft">{t("portal.alarms.none")}</span>
      ) : (
        <Link to="/alarms" search={{ state: "unacknowledged" }} className="alert-text">
          {t("portal.alarms.count", { count: format.number(count) })}
        </Link>
      )}
    </p>
  );
}

function Cards({ items }: { readonly items: readonly TerminalSummary[] }) {
  const alarms = useQuery(openAlarmsQuery).data?.items ?? [];
  useLiveEvent(useLive(), "alarm", () => {
    // one request at a time, however many alarms come
    for (const queryKey of [openAlarmsQuery.queryKey, alarmCountsQuery.queryKey])
      void queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false });
  });
  const byDevice = alarmsByDevice(alarms);
  return (
    <ul className="device-cards">
      {items.map((item) => (
        <Card key={item.address} item={item} alarms={byDevice.get(item.address)} />
      ))}
    </ul>
  );
}

interface CardProps {
  readonly item: TerminalSummary;
  readonly alarms: DeviceAlarms | undefined;
}

function Card({ item, alarms }: CardProps) {
  const { t } = useSpeech();
  const profiles = useProfiles();
  const { address, name, profile, receivedAt } = item;
  const state = freshnessOf(profile, receivedAt, useNow());
  return (
    <li className="card">
      <Link to="/terminals/$address" params={{ address: String(address) }} className="device-card">
        <span className={`terminal-glyph glyph-${state}`}>
          <Glyph name={profiles.glyph(profile)} size={22} />
        </span>
        <span className="cut">
          <strong>{name}</strong>
          <span className="soft">{profiles.label(profile)}</span>
        </span>
        <span className={`state-${state} device-age`}>
          {receivedAt === null ? t("terminals.never") : <Age at={receivedAt} />}
        </span>
      </Link>
      {alarms === undefined ? undefined : <DeviceAlarm alarms={alarms} />}
    </li>
  );
}

function DeviceAlarm({ alarms: { worst, count } }: { readonly alarms: DeviceAlarms }) {
  const { t, label, format } = useSpeech();
  return (
    <Link to="/alarms" search={{ alarm: worst.id }} className="device-alarm">
      <SeverityMark of={worst.severity} />
      <span className="cut">
        <strong>{label(worst.title)}</strong>
      </span>
      {count > 1 ? (
        <span className="soft">{t("portal.alarms.more", { count: format.number(count - 1) })}</span>
      ) : undefined}
    </Link>
  );
}
