import "./gateways.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { gatewaysQuery, queryClient } from "../api/queries.ts";
import type { Gateway } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { pageQueuesQuery } from "../commands/command-queries.ts";
import { PageQueue } from "../commands/page-queue.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Age } from "../parts/age.tsx";
import { Glyph } from "../parts/icon.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/app-shell.tsx";
import { useNow } from "../time/use-now.ts";
import { GatewayAccount } from "./gateway-account.tsx";
import { ModemHealth } from "./modem-health.tsx";

export function GatewaysPage() {
  const { t } = useSpeech();
  useTitle(t("nav.gateways"));
  const may = useMay();
  const [open, setOpen] = useState<{ readonly id: string | undefined }>();
  const query = useQuery(gatewaysQuery);
  useLiveEvent(useLive(), "gateway", (change) => {
    queryClient.setQueryData(
      gatewaysQuery.queryKey,
      (old) =>
        old && {
          items: old.items.map((each) => (each.id === change.id ? { ...each, ...change } : each)),
        },
    );
  });
  const items = query.data?.items ?? [];
  const online = items.filter((gateway) => gateway.online).length;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("gateways.title")}</h1>
        <span className="soft" role="status">
          {items.length === 0 ? "" : t("gateways.count", { online, total: items.length })}
        </span>
        <span className="grow" />
        {may("gateways:write") ? (
          <Button
            onClick={() => {
              setOpen({ id: undefined });
            }}
          >
            {t("gateway.new")}
          </Button>
        ) : undefined}
      </div>
      {open === undefined ? undefined : (
        <GatewayAccount
          id={open.id}
          close={() => {
            setOpen(undefined);
          }}
        />
      )}
      <Loaded query={query} rows={10}>
        {({ items: gateways }) =>
          gateways.length === 0 ? (
            <Empty title={t("gateways.empty")} detail={t("gateways.empty.detail")} />
          ) : (
            <div className="gateway-grid">
              {gateways.map((gateway) => (
                <GatewayCard
                  key={gateway.id}
                  gateway={gateway}
                  manage={
                    may("gateways:write")
                      ? () => {
                          setOpen({ id: gateway.id });
                        }
                      : undefined
                  }
                />
              ))}
            </div>
          )
        }
      </Loaded>
    </div>
  );
}

function PageQueueOf({ gatewayId }: { readonly gatewayId: string }) {
  const queues = useQuery(pageQueuesQuery).data?.items;
  const queue = queues?.find((one) => one.gatewayId === gatewayId);
  return queue && <PageQueue queue={queue} />;
}

interface GatewayCardProps {
  readonly gateway: Gateway;
  readonly manage: (() => void) | undefined;
}

function GatewayCard({ gateway, manage }: GatewayCardProps) {
  const { t, format } = useSpeech();
  const { id, name, online, since, seenAt, modems, counters } = gateway;
  const chosen = useLocation({ select: ({ hash }) => hash }) === id;
  useEffect(() => {
    if (chosen) document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  }, [chosen, id]);
  return (
    <article id={id} className={`card gateway-card ${chosen ? "chosen" : ""}`} aria-label={name}>
      <header>
        <span className={`terminal-glyph glyph-${online ? "fresh" : "silent"}`}>
          <Glyph name="gateway" size={24} />
        </span>
        <div>
          <h2>{name}</h2>
          <p className="soft">
            <span className={online ? "state-fresh" : "state-alert"}>
              {t(online ? "gateways.online" : "gateways.offline")}
            </span>{" "}
            {since === null ? "" : <SinceText since={since} />}
          </p>
        </div>
        <div className="gateway-rate">
          <strong>{format.number(gateway.packetsLastHour)}</strong>
          <span className="soft">{t("gateways.packets")}</span>
        </div>
      </header>
      {modems.length === 0 ? <p className="small-empty">{t("modem.none")}</p> : undefined}
      {modems.map((modem) => (
        <ModemHealth key={modem.id} modem={modem} />
      ))}
      <PageQueueOf gatewayId={id} />
      <Counters counters={counters} />
      <footer className="soft">
        <span>
          <span className="mono">{id}</span>
          {seenAt === null ? undefined : (
            <>
              {" "}
              · {t("gateways.seen")} <Age at={seenAt} />
            </>
          )}
        </span>
        <span>
          {manage === undefined ? undefined : (
            <button type="button" className="link-button" onClick={manage}>
              {t("gateway.manage")}
            </button>
          )}
          <Link to="/packets" search={{ gateway: id }}>
            {t("gateways.packets.link")}
          </Link>
          {gateway.latitude === null ? undefined : (
            <Link to="/" search={{ gateway: id }}>
              {t("gateways.onmap")}
            </Link>
          )}
        </span>
      </footer>
    </article>
  );
}

function SinceText({ since }: { readonly since: string }) {
  const { t, format } = useSpeech();
  const time = format.duration(useNow() - Date.parse(since));
  return <span title={format.fullTime(since)}>{t("gateways.since", { time })}</span>;
}

const OUTBOX: ReadonlySet<string> = new Set(["outboxRows", "outboxFull"]);
/** Fewer are only on their way: the receipt of a stored packet takes a moment. */
const WAITING_ROWS = 20;

function Counters({ counters }: Pick<Gateway, "counters">) {
  const { t, named, format } = useSpeech();
  const depth = counters["outboxRows"];
  const others = Object.entries(counters)
    .filter(([name]) => !OUTBOX.has(name))
    .map(([name, count]) => ({ name: named("counter", name), count }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
  const isFull = (counters["outboxFull"] ?? 0) > 0;
  const outbox = depth === 0 ? "empty" : isFull ? "full" : "waiting";
  const count = format.number(depth ?? 0);
  return (
    <section className="gateway-counters">
      {depth === undefined ? undefined : (
        <p className={isFull || depth > WAITING_ROWS ? "outbox-waiting" : ""}>
          <strong>{t("gateways.outbox")}</strong> {t(`gateways.outbox.${outbox}`, { count })}
        </p>
      )}
      {others.length === 0 ? undefined : (
        <details>
          <summary>{t("gateways.counters")}</summary>
          <dl className="counter-list">
            {others.map(({ name, count }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{format.number(count)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}
