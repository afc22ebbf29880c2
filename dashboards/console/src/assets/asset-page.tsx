import "../terminals/terminals.css";
import "./assets.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import { lazy, Suspense, useState } from "react";
import { assetAssignmentsQuery, assetQuery, assetsChanged } from "../api/asset-queries.ts";
import { ApiError, answerOf, api } from "../api/client.ts";
import { terminalQuery } from "../api/queries.ts";
import type { Asset } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay } from "../identity/me.tsx";
import { Empty, Loaded, Loading } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { AssetForm } from "./asset-form.tsx";
import { type AssignmentChange, AssignmentDialog } from "./assignment-dialogs.tsx";
import { Timeline } from "./timeline.tsx";

const TrackMap = lazy(() =>
  import("../map/track-map.tsx").then((module) => ({ default: module.TrackMap })),
);

const MarkStolen = lazy(() =>
  import("../recovery/mark-stolen.tsx").then((module) => ({ default: module.MarkStolen })),
);

const CommandsCard = lazy(() =>
  import("../commands/commands-card.tsx").then((module) => ({ default: module.CommandsCard })),
);

export function AssetPage() {
  const { t } = useSpeech();
  const { id } = useParams({ from: "/assets/$id" });
  const query = useQuery(assetQuery(id));
  if (query.error instanceof ApiError && query.error.status === 404)
    return <Empty title={t("assets.missing")} detail={t("assets.missing.detail")} />;
  return (
    <Loaded query={query} rows={10}>
      {(asset) => <WholeAsset key={id} asset={asset} />}
    </Loaded>
  );
}

function WholeAsset({ asset }: { readonly asset: Asset }) {
  const { t, named } = useSpeech();
  useTitle(asset.name);
  const may = useMay();
  const past = useQuery(assetAssignmentsQuery(asset.id));
  return (
    <div className="page">
      <div className="page-head">
        <h1>{asset.name}</h1>
        <span className="soft">
          {named("asset.kind", asset.kind)} · {asset.customerName ?? asset.customerId}
          {asset.retiredAt === null ? "" : ` · ${t("assets.retired")}`}
        </span>
        <span className="grow" />
        {asset.kind === "vehicle" && may("recovery:read") ? (
          <Suspense>
            {asset.terminals.map((terminal) => (
              <MarkStolen key={terminal.address} terminal={terminal} />
            ))}
          </Suspense>
        ) : undefined}
        {asset.retiredAt === null ? <Actions asset={asset} /> : undefined}
      </div>
      <div className="asset-columns">
        <div>
          <section className="card section">
            <h2>{t("assets.on")}</h2>
            <OnIt asset={asset} />
          </section>
          {may("commands:read")
            ? asset.terminals.map(({ address }) => <CommandsOf key={address} address={address} />)
            : undefined}
          <section className="card section">
            <h2>{t("assets.past")}</h2>
            <Loaded query={past} rows={3}>
              {({ items }) =>
                items.length === 0 ? (
                  <p className="small-empty">{t("assets.past.none")}</p>
                ) : (
                  <Timeline items={items} of="terminal" />
                )
              }
            </Loaded>
          </section>
          <section className="card facts">
            <Facts asset={asset} />
          </section>
        </div>
        <div>
          <section className="card section">
            <h2>{t("assets.place")}</h2>
            <Place asset={asset} />
          </section>
        </div>
      </div>
    </div>
  );
}

/** What the terminal on it can be told. */
function CommandsOf({ address }: { readonly address: number }) {
  const terminal = useQuery(terminalQuery(address)).data;
  if (terminal === undefined) return <Loading rows={2} />;
  return (
    <Suspense fallback={<Loading rows={2} />}>
      <CommandsCard terminal={terminal} isNamed />
    </Suspense>
  );
}

function OnIt({ asset }: { readonly asset: Asset }) {
  const { t } = useSpeech();
  if (asset.terminals.length === 0) return <p className="small-empty">{t("assets.on.none")}</p>;
  return (
    <ul className="timeline-list">
      {asset.terminals.map(({ address, serial, name }) => (
        <li key={address}>
          <Link to="/terminals/$address" params={{ address: String(address) }}>
            {name}
          </Link>
          <span className="soft mono">{serial}</span>
        </li>
      ))}
    </ul>
  );
}

/** Each change for whoever may make it, and only where it can be made. */
function Actions({ asset }: { readonly asset: Asset }) {
  const { t } = useSpeech();
  const may = useMay();
  const [open, setOpen] = useState<AssignmentChange | "edit">();
  const close = (): void => {
    setOpen(undefined);
  };
  const isEquipped = asset.terminals.length > 0;
  const changes: readonly AssignmentChange[] = isEquipped
    ? ["swap", "transfer", "end"]
    : ["assign", "transfer"];
  const words = {
    swap: "swap.short",
    transfer: "transfer.short",
    assign: "assign",
    end: "take",
  } as const;
  return (
    <div className="asset-actions">
      {may("assignments:write")
        ? changes.map((kind, i) => (
            <Button
              key={kind}
              type={i === 0 ? "primary" : "default"}
              onClick={() => {
                setOpen(kind);
              }}
            >
              {t(`assets.${words[kind]}`)}
            </Button>
          ))
        : undefined}
      {may("assets:write") ? (
        <Button
          onClick={() => {
            setOpen("edit");
          }}
        >
          {t("assets.edit")}
        </Button>
      ) : undefined}
      {may("assets:write") && !isEquipped ? <Retire asset={asset} /> : undefined}
      {open === "edit" ? <AssetForm asset={asset} close={close} /> : undefined}
      {open === undefined || open === "edit" ? undefined : (
        <AssignmentDialog kind={open} asset={asset} close={close} />
      )}
    </div>
  );
}

function Retire({ asset }: { readonly asset: Asset }) {
  const speech = useSpeech();
  const { t } = speech;
  const [fault, setFault] = useState<string>();
  const retire = async (): Promise<void> => {
    try {
      await answerOf(
        api.POST("/api/assets/{id}/retire", {
          params: { path: { id: asset.id } },
          headers: { "if-match": `"${asset.version}"` },
          body: {},
        }),
      );
      await assetsChanged();
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  return (
    <>
      <Popconfirm
        title={t("assets.retire.confirm")}
        okText={t("assets.retire")}
        cancelText={t("assets.cancel")}
        onConfirm={() => void retire()}
      >
        <Button danger>{t("assets.retire")}</Button>
      </Popconfirm>
      {fault === undefined ? undefined : <p role="alert">{fault}</p>}
    </>
  );
}

function Facts({ asset }: { readonly asset: Asset }) {
  const { t, format } = useSpeech();
  const { latitude, longitude } = asset;
  return (
    <dl className="pairs">
      <dt>{t("assets.plate")}</dt>
      <dd className="mono">{asset.plate ?? "—"}</dd>
      <dt>{t("assets.vin")}</dt>
      <dd className="mono">{asset.vin ?? "—"}</dd>
      <dt>{t("assets.place")}</dt>
      <dd>
        {latitude === null || longitude === null ? "—" : format.coordinates(latitude, longitude)}
      </dd>
      <dt>{t("assets.note")}</dt>
      <dd>{asset.note === "" ? "—" : asset.note}</dd>
    </dl>
  );
}

/** Where its terminal is, else where it was put up. */
function Place({ asset }: { readonly asset: Asset }) {
  const { t } = useSpeech();
  const [on] = asset.terminals;
  const terminal = useQuery({ ...terminalQuery(on?.address ?? 0), enabled: on !== undefined }).data;
  const shown = terminal?.latitude == null ? placedAt(asset) : terminal;
  if (shown === undefined) return <p className="small-empty">{t("assets.place.none")}</p>;
  return (
    <Suspense fallback={<Loading rows={5} />}>
      <TrackMap terminal={shown} points={[]} />
    </Suspense>
  );
}

const placedAt = ({ name, latitude, longitude, terminals: [on] }: Asset) =>
  latitude === null || longitude === null
    ? undefined
    : {
        address: on?.address ?? 0,
        name,
        latitude,
        longitude,
        profile: on?.profile ?? "vehicle",
        receivedAt: null,
        positionEllipse: null,
      };
