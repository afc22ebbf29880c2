import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button, Select } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { DeliveryDrawer } from "./delivery-drawer.tsx";
import { DeliveryRow } from "./delivery-row.tsx";
import { CHANNELS, type LogFilter, logQuery, SEVERITIES, STATES } from "./notification-queries.ts";
import { PreviewCard } from "./preview-card.tsx";
import "./notifications.css";

export function NotificationsPage() {
  const { t, format } = useSpeech();
  useTitle(t("log.title"));
  const filter = useSearch({ from: "/notifications" });
  const navigate = useNavigate({ from: "/notifications" });
  const [open, setOpen] = useState<string>();
  const query = useInfiniteQuery(logQuery(filter));
  const dead = query.data?.pages[0]?.dead ?? 0;
  const search = (next: LogFilter): void => {
    void navigate({ search: next, replace: true });
  };
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("log.title")}</h1>
        <span className="grow" />
        <Filters filter={filter} set={search} />
      </div>
      {dead > 0 && filter.state !== "dead" ? (
        <Alert
          className="dead-banner"
          type="warning"
          showIcon
          title={t("log.dead.one", { count: format.number(dead) })}
          action={
            <Button
              size="small"
              onClick={() => {
                search({ state: "dead" });
              }}
            >
              {t("log.dead.show")}
            </Button>
          }
        />
      ) : undefined}
      <Loaded query={query} rows={10}>
        {({ pages }) => (
          <Deliveries
            items={pages.flatMap(({ items }) => items)}
            isFiltered={Object.values(filter).some((value) => value !== undefined)}
            clear={() => {
              search({});
            }}
            open={setOpen}
          />
        )}
      </Loaded>
      <LoadMore query={query} />
      <PreviewCard />
      {open === undefined ? undefined : (
        <DeliveryDrawer
          id={open}
          close={() => {
            setOpen(undefined);
          }}
        />
      )}
    </div>
  );
}

interface FiltersProps {
  readonly filter: LogFilter;
  readonly set: (filter: LogFilter) => void;
}

function Filters({ filter, set }: FiltersProps) {
  const { t } = useSpeech();
  return (
    <>
      <Select
        aria-label={t("log.state")}
        allowClear
        placeholder={t("log.state.all")}
        className="log-filter"
        value={filter.state ?? null}
        onChange={(state: LogFilter["state"]) => {
          set({ ...filter, state });
        }}
        options={STATES.map((value) => ({ value, label: t(`delivery.${value}`) }))}
      />
      <Select
        aria-label={t("log.channel")}
        allowClear
        placeholder={t("log.channel.all")}
        className="log-filter"
        value={filter.channel ?? null}
        onChange={(channel: LogFilter["channel"]) => {
          set({ ...filter, channel });
        }}
        options={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
      />
      <Select
        aria-label={t("prefs.severity")}
        allowClear
        placeholder={t("log.severity.all")}
        className="log-filter"
        value={filter.severity ?? null}
        onChange={(severity: LogFilter["severity"]) => {
          set({ ...filter, severity });
        }}
        options={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
      />
    </>
  );
}

interface DeliveriesProps {
  readonly items: readonly Parameters<typeof DeliveryRow>[0]["of"][];
  readonly isFiltered: boolean;
  readonly clear: () => void;
  readonly open: (id: string) => void;
}

function Deliveries({ items, isFiltered, clear, open }: DeliveriesProps) {
  const { t } = useSpeech();
  if (items.length === 0)
    return isFiltered ? (
      <Empty title={t("log.none")} detail={t("log.none.detail")}>
        <Button onClick={clear}>{t("log.clear")}</Button>
      </Empty>
    ) : (
      <Empty title={t("log.empty")} detail={t("log.empty.detail")} />
    );
  return (
    <div className="card">
      <table className="row-table">
        <thead>
          <tr>
            <th>{t("log.when")}</th>
            <th>{t("log.about")}</th>
            <th>{t("log.recipient")}</th>
            <th>{t("log.channel")}</th>
            <th>{t("log.state")}</th>
            <th aria-label={t("log.open")} />
          </tr>
        </thead>
        <tbody>
          {items.map((each) => (
            <DeliveryRow key={each.id} of={each} open={open} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
