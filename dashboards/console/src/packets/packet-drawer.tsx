import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Drawer } from "antd";
import { lazy, Suspense } from "react";
import { ApiError } from "../api/client.ts";
import { packetQuery } from "../api/queries.ts";
import type { Packet, Reception } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { GatewayLink } from "../parts/gateway-link.tsx";
import { Signal } from "../parts/signal.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import { useVerdictText, Verdict } from "../parts/verdict.tsx";
import { hexDump } from "./hex-dump.ts";

const PacketCost = lazy(async () => ({
  default: (await import("../billing/packet-cost.tsx")).PacketCost,
}));

interface PacketDrawerProps {
  readonly id: string | undefined;
  readonly close: () => void;
}

/** All that is known of one packet. */
export function PacketDrawer({ id, close }: PacketDrawerProps) {
  const { t } = useSpeech();
  const isPhone = useIsPhone();
  return (
    <Drawer
      open={id !== undefined}
      onClose={close}
      title={t("packet.title")}
      size={isPhone ? "100%" : 560}
      mask={isPhone}
      destroyOnHidden
      styles={{ body: { padding: "14px 0" } }}
    >
      {id === undefined ? undefined : <Detail key={id} id={id} />}
    </Drawer>
  );
}

function Detail({ id }: { readonly id: string }) {
  const { t } = useSpeech();
  const mayBilling = useMay()("billing:read");
  const query = useQuery(packetQuery(id));
  if (query.error instanceof ApiError && query.error.status === 404)
    return <Empty title={t("packet.missing")} detail={t("packet.missing.detail")} />;
  return (
    <Loaded query={query} rows={12}>
      {(packet) => (
        <div className="packet-detail">
          <Head packet={packet} />
          <Fields packet={packet} />
          <section className="section">
            <h2>{t("packet.receptions")}</h2>
            <ul className="reception-list">
              {packet.receptions.map((reception) => (
                <ReceptionLine
                  key={reception.gatewayId + reception.modemId + reception.receivedAt}
                  reception={reception}
                />
              ))}
            </ul>
          </section>
          <Bytes packet={packet} />
          <Consequences packet={packet} />
          {mayBilling ? (
            <Suspense fallback={undefined}>
              <PacketCost id={id} />
            </Suspense>
          ) : undefined}
        </div>
      )}
    </Loaded>
  );
}

interface PacketProps {
  readonly packet: Packet;
}

function Head({ packet }: PacketProps) {
  const { t, named, format } = useSpeech();
  const { address, terminalName, measuredAt, counter, session, fault } = packet;
  return (
    <>
      <div className={`verdict-box verdict-${packet.verdict}`}>
        <Verdict verdict={packet.verdict} />
        <p>{useVerdictText(packet.verdict)}</p>
      </div>
      <dl className="pairs">
        <dt>{t("packets.terminal")}</dt>
        <dd>
          {terminalName !== null && address !== null ? (
            <Link to="/terminals/$address" params={{ address: String(address) }}>
              {terminalName}
            </Link>
          ) : (
            t("packets.unknown")
          )}{" "}
          <span className="soft mono">{address}</span>
        </dd>
        <dt>{t("packet.type")}</dt>
        <dd>
          {named("type", packet.type)}{" "}
          {packet.drill ? <span className="tag tag-drill">{t("packets.drill")}</span> : undefined}
        </dd>
        {measuredAt === null ? undefined : (
          <>
            <dt>{t("packet.measured")}</dt>
            <dd>
              <Time at={measuredAt} />
            </dd>
          </>
        )}
        <dt>{t("packet.received")}</dt>
        <dd>{format.fullTime(packet.receivedAt)}</dd>
        <dt>{t("packet.stored")}</dt>
        <dd>
          <Time at={packet.storedAt} />
        </dd>
        {counter === null ? undefined : (
          <>
            <dt>{t("packet.counter")}</dt>
            <dd>
              {format.number(counter)}{" "}
              {packet.belowWindow ? <span className="soft">{t("packet.below")}</span> : undefined}
            </dd>
          </>
        )}
        {session === null ? undefined : (
          <>
            <dt>{t("packet.session")}</dt>
            <dd className="mono">{session}</dd>
          </>
        )}
        <dt>{t("packet.bytes")}</dt>
        <dd>{t("packet.bytes.value", { count: packet.bytes })}</dd>
        {fault === null ? undefined : (
          <>
            <dt>{t("packet.fault")}</dt>
            <dd className="mono">{fault}</dd>
          </>
        )}
      </dl>
    </>
  );
}

function Fields({ packet }: PacketProps) {
  const { t, label } = useSpeech();
  const profiles = useProfiles();
  const fields = profiles.ordered(packet);
  const report =
    packet.report === null ? undefined : profiles.report(packet.profile, packet.report);
  return (
    <section className="section">
      <h2>
        {t("packet.fields")}{" "}
        {report ? <span className="soft">{label(report.label)}</span> : undefined}
      </h2>
      {fields.length === 0 ? <p className="small-empty">{t("packet.fields.empty")}</p> : undefined}
      <dl className="pairs">
        {fields.map(([name, value]) => {
          return [
            <dt key={name}>{profiles.fieldLabel(packet.profile, name)}</dt>,
            <dd key={`${name} value`} className={value === null ? "soft" : ""}>
              {profiles.value(packet.profile, name, value)}
            </dd>,
          ];
        })}
      </dl>
    </section>
  );
}

function ReceptionLine({ reception }: { readonly reception: Reception }) {
  const { t, format, named } = useSpeech();
  const { gatewayId, modemId, rssiDbm, snrDb, carrierHz, fragmentsLost, fragmentsTotal } =
    reception;
  return (
    <li>
      <div>
        <GatewayLink id={gatewayId} />
        <Signal rssiDbm={rssiDbm} snrDb={snrDb} />
        <span className="soft">
          <Time at={reception.receivedAt} />
        </span>
      </div>
      <p className="soft">
        <span className="mono">{modemId}</span> · {t("packet.carrier")}{" "}
        {format.number(carrierHz / 1e6, 4)} MHz · {t("packet.fragments")} {fragmentsLost}/
        {fragmentsTotal} · {t("packet.clock")} {named("modem.clock", String(reception.clockState))}
        {reception.clockErrorNs === null ? "" : ` ± ${format.clockError(reception.clockErrorNs)}`}
        {reception.backfilled ? ` · ${t("packet.backfilled")}` : ""}
      </p>
    </li>
  );
}

function Bytes({ packet }: PacketProps) {
  const { t } = useSpeech();
  return (
    <>
      <HexSection title={t("packet.payload")} hex={packet.payloadHex} />
      {packet.plaintextHex === null ? undefined : (
        <HexSection title={t("packet.plaintext")} hex={packet.plaintextHex} />
      )}
    </>
  );
}

function HexSection({ title, hex }: { readonly title: string; readonly hex: string }) {
  return (
    <section className="section">
      <h2>{title}</h2>
      <pre className="hex" tabIndex={0} aria-label={title}>
        {hexDump(hex).map((row) => (
          <span key={row.offset}>
            <i>{row.offset}</i>
            <span>{row.hex}</span>
            <b>{row.text}</b>
          </span>
        ))}
      </pre>
    </section>
  );
}

function Consequences({ packet }: PacketProps) {
  const { t, named } = useSpeech();
  const { usage, triggered } = packet;
  const usageText = ({ kind, bytes, late }: NonNullable<Packet["usage"]>): string =>
    t(late ? "packet.usage.late" : "packet.usage.line", { kind: named("usage", kind), bytes });
  return (
    <section className="section">
      <dl className="pairs pairs-last">
        <dt>{t("packet.usage")}</dt>
        <dd>{usage === null ? t("packet.usage.none") : usageText(usage)}</dd>
        <dt>{t("packet.triggered")}</dt>
        <dd>{triggered.length === 0 ? t("packet.triggered.none") : triggered.join(", ")}</dd>
      </dl>
    </section>
  );
}
