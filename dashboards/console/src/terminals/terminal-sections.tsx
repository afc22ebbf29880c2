import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { packetsQuery } from "../api/queries.ts";
import type { Terminal } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Age, Time } from "../parts/age.tsx";
import { GatewayLink } from "../parts/gateway-link.tsx";
import { reportText } from "../parts/report-text.ts";
import { Signal } from "../parts/signal.tsx";
import { Empty } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { Verdict } from "../parts/verdict.tsx";

interface TerminalProps {
  readonly terminal: Terminal;
}

const PLACE: ReadonlySet<string> = new Set(["latitude", "longitude"]);

export function Values({ terminal }: TerminalProps) {
  const { t, label } = useSpeech();
  const profiles = useProfiles();
  const fields = profiles.find(terminal.profile)?.reports.flatMap((report) => report.fields) ?? [];
  const placeOf = (name: string): number => fields.findIndex((field) => field.name === name);
  const values = terminal.values
    .filter(({ name }) => !PLACE.has(name))
    .toSorted((one, other) => placeOf(one.name) - placeOf(other.name));
  return (
    <section className="section">
      <h2>{t("terminal.values")}</h2>
      {values.length === 0 ? (
        <Empty title={t("terminal.values.empty")} detail={t("terminal.values.empty.detail")} />
      ) : undefined}
      <dl className="values">
        {values.map(({ name, label: text, value, measuredAt }) => (
          <div key={name}>
            <dt>{label(text)}</dt>
            <dd className={value === null ? "soft" : ""}>
              {profiles.value(terminal.profile, name, value)}
            </dd>
            <dd className="soft">
              <Age at={measuredAt} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Receptions({ terminal }: TerminalProps) {
  const { t } = useSpeech();
  const newest = Map.groupBy(terminal.lastReceptions, ({ gatewayId }) => gatewayId)
    .values()
    .flatMap((ofOne) => ofOne.slice(0, 1))
    .toArray();
  return (
    <section className="section">
      <h2>{t("terminal.receptions")}</h2>
      {newest.length === 0 ? (
        <p className="small-empty">{t("terminal.receptions.empty")}</p>
      ) : undefined}
      <ul className="receptions">
        {newest.map(({ gatewayId, rssiDbm, snrDb, receivedAt }) => (
          <li key={gatewayId}>
            <GatewayLink id={gatewayId} />
            <Signal rssiDbm={rssiDbm} snrDb={snrDb} />
            <span className="soft">
              <Age at={receivedAt} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function LastPackets({ terminal }: TerminalProps) {
  const speech = useSpeech();
  const { t } = speech;
  const profiles = useProfiles();
  const terminalFilter = String(terminal.address);
  const query = useInfiniteQuery({
    ...packetsQuery({ terminal: terminalFilter }, 8),
    refetchInterval: 15_000,
  });
  useLiveEvent(useLive(), "packet", ({ address }) => {
    if (address === terminal.address) void query.refetch();
  });
  const packets = query.data?.pages[0]?.items ?? [];
  return (
    <section className="section">
      <h2>
        {t("terminal.packets")}
        <Link className="end" to="/packets" search={{ mode: "past", terminal: terminalFilter }}>
          {t("terminal.packets.all")}
        </Link>
      </h2>
      {packets.length === 0 && query.isFetched ? (
        <p className="small-empty">{t("terminal.packets.empty")}</p>
      ) : undefined}
      <ul className="last-packets">
        {packets.map((packet) => {
          const { id, receivedAt, type, verdict, bestRssiDbm, bestSnrDb } = packet;
          return (
            <li key={id}>
              <Link to="/packets" search={{ mode: "past", terminal: terminalFilter, packet: id }}>
                <span className="soft">
                  <Time at={receivedAt} />
                </span>
                <span className={type === "emergency" ? "cut alert-text" : "cut"}>
                  {reportText(packet, profiles, speech)}
                </span>
                <Signal rssiDbm={bestRssiDbm} snrDb={bestSnrDb} short />
                <Verdict verdict={verdict} />
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function Facts({ terminal }: TerminalProps) {
  const { t, named, format } = useSpeech();
  const { latitude, longitude, positionSource, positionEllipse, session } = terminal;
  const isPlaced = latitude !== null && longitude !== null;
  return (
    <dl className="pairs">
      <dt>{t("terminals.serial")}</dt>
      <dd className="mono">{terminal.serial}</dd>
      <dt>{t("terminals.address")}</dt>
      <dd className="mono">{terminal.address}</dd>
      <dt>{t("terminals.lifecycle")}</dt>
      <dd>{named("lifecycle", terminal.lifeCycle)}</dd>
      <dt>{t("terminal.position")}</dt>
      <dd>
        {isPlaced ? format.coordinates(latitude, longitude) : t("map.noposition")}{" "}
        {isPlaced && positionSource !== null ? (
          <span className="soft">({named("terminal.source", positionSource)})</span>
        ) : undefined}
        {positionEllipse ? (
          <div className="soft">
            {t("terminal.ellipse", {
              km: format.number(Math.ceil(positionEllipse.majorM / 100) / 10),
              gateways: format.number(positionEllipse.gateways),
            })}
          </div>
        ) : undefined}
      </dd>
      <dt>{t("terminal.hardware")}</dt>
      <dd>{terminal.hardwareVersion ?? "—"}</dd>
      <dt>{t("terminal.firmware")}</dt>
      <dd>{terminal.firmwareVersion ?? "—"}</dd>
      <dt>{t("terminal.session")}</dt>
      <dd>{session === null ? t("terminal.session.none") : <SessionText session={session} />}</dd>
      {session === null ? undefined : (
        <>
          <dt>{t("terminal.counter")}</dt>
          <dd>{format.number(session.highestCounter + 1)}</dd>
        </>
      )}
    </dl>
  );
}

function SessionText({ session }: { readonly session: NonNullable<Terminal["session"]> }) {
  const { named } = useSpeech();
  return (
    <>
      {named("terminal.session", session.state)}{" "}
      <span className="soft">
        · <Time at={session.since} />
      </span>
    </>
  );
}
