import "./map.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Drawer } from "antd";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { configQuery, gatewaysQuery, trackQuery } from "../api/queries.ts";
import type { Config, PacketSummary, Position } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { freshnessOf } from "../parts/freshness.ts";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { type Profiles, useProfiles } from "../parts/use-profiles.ts";
import { useTitle } from "../shell/app-shell.tsx";
import { TerminalPanel } from "../terminals/terminal-panel.tsx";
import { nowMs } from "../time/clock.ts";
import { useNow } from "../time/use-now.ts";
import { type FleetChoice, FleetFilter, isChosen } from "./fleet-filter.tsx";
import type { FleetMap, Marker } from "./fleet-map.ts";
import type { LngLat } from "./glide.ts";
import { HeardFeed } from "./heard-feed.tsx";
import { MapTools } from "./map-tools.tsx";
import { lastHeard, useAlerts, useFleet, useHeard } from "./use-fleet.ts";
import { useFleetMap } from "./use-fleet-map.ts";

const HOUR_MS = 3_600_000;
const FOUND_ZOOM = 14.5;
const STATE_STEP_MS = 5000;

export function MapPage() {
  const { t } = useSpeech();
  useTitle(t("nav.map"));
  return <Loaded query={useQuery(configQuery)}>{(config) => <Fleet config={config} />}</Loaded>;
}

/** Nothing on the map: whoever may bring terminals in is told where. */
function NoTerminals() {
  const { t } = useSpeech();
  const may = useMay();
  return (
    <Empty title={t("map.empty")} detail={t("map.empty.detail")}>
      {may("terminals:import") ? <Link to="/imports">{t("map.empty.import")}</Link> : undefined}
    </Empty>
  );
}

function Fleet({ config }: { readonly config: Config }) {
  const { t } = useSpeech();
  const search = useSearch({ from: "/" });
  const select = useSelect();
  const profiles = useProfiles();
  const positions = useFleet();
  const may = useMay();
  const gateways = useQuery({ ...gatewaysQuery, enabled: may("gateways:read") }).data?.items;
  const [choice, setChoice] = useState<FleetChoice>({ profile: undefined, state: undefined });
  const markers = useMarkers(positions.data?.items, profiles);
  const { container, fleetMap, state } = useFleetMap(config, {
    onTerminal: select,
    onGateway: useOpenGateway(),
    onNothing: () => {
      select(undefined);
    },
  });
  const heard = useHeard((packet: PacketSummary) => {
    if (packet.address !== null) fleetMap?.heard(packet.address, packet.gateways);
  });

  useShownOnMap(fleetMap, markers, choice, search.terminal);
  useSelectedOnMap(fleetMap, search.terminal, markers);
  useGatewayOnMap(fleetMap, search.gateway, gateways);
  useEffect(() => {
    if (gateways) fleetMap?.setGateways(gateways);
  }, [fleetMap, gateways]);

  if (state === "failed")
    return (
      <Empty title={t("map.failed")} detail={t("map.failed.detail")}>
        <Link to="/terminals">{t("map.failed.list")}</Link>
      </Empty>
    );
  return (
    <div className={`map-page ${search.terminal === undefined ? "" : "map-with-panel"}`}>
      <h1 className="visually-hidden">{t("map.label")}</h1>
      <div className="map-canvas" ref={container} data-state={state} aria-label={t("map.label")} />
      {state === "drawing" ? (
        <p className="map-note" role="status">
          {t("map.loading")}
        </p>
      ) : undefined}
      {state === "no-streets" ? (
        <p className="map-note" role="status">
          {t("map.streets.failed")}
        </p>
      ) : undefined}
      {positions.data?.items.length === 0 ? (
        <div className="map-empty card">
          <NoTerminals />
        </div>
      ) : undefined}
      <FleetFilter markers={markers} profiles={profiles} choice={choice} choose={setChoice} />
      <MapTools map={fleetMap} places={markers.map(({ place }) => place)} />
      <HeardFeed packets={heard} select={select} />
      <Selected
        address={search.terminal}
        close={() => {
          select(undefined);
        }}
      />
    </div>
  );
}

/** The selected terminal beside the map, or over its lower half on a phone. */
function Selected({
  address,
  close,
}: {
  readonly address: number | undefined;
  readonly close: () => void;
}) {
  const { t } = useSpeech();
  const isPhone = useIsPhone();
  useEffect(() => {
    if (address === undefined) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") close();
    };
    window.addEventListener("keydown", onKey);
    return () => {
      window.removeEventListener("keydown", onKey);
    };
  }, [address, close]);
  if (isPhone)
    return (
      <Drawer
        open={address !== undefined}
        onClose={close}
        placement="bottom"
        size="62%"
        mask={false}
        closable={false}
        styles={{ body: { padding: 0 } }}
      >
        {address === undefined ? undefined : <TerminalPanel address={address} close={close} />}
      </Drawer>
    );
  if (address === undefined) return undefined;
  return (
    <aside className="map-panel" aria-label={t("map.panel")}>
      <TerminalPanel key={address} address={address} close={close} />
    </aside>
  );
}

function useSelect() {
  const navigate = useNavigate();
  return useCallback(
    (address: number | undefined) =>
      void navigate({
        to: "/",
        search: address === undefined ? {} : { terminal: address },
        replace: address === undefined,
      }),
    [navigate],
  );
}

function useOpenGateway() {
  const navigate = useNavigate();
  return useCallback((id: string) => void navigate({ to: "/gateways", hash: id }), [navigate]);
}

export interface FleetMarker extends Marker {
  readonly profile: string;
}

/** Positions with what their age and their profile make of them; ages are judged every few seconds. */
function useMarkers(items: readonly Position[] | undefined, profiles: Profiles) {
  const alerts = useAlerts();
  const step = Math.floor(useNow() / STATE_STEP_MS);
  return useMemo(() => {
    const now = step * STATE_STEP_MS + STATE_STEP_MS;
    return (items ?? []).map(
      (item): FleetMarker => ({
        address: item.address,
        name: item.name,
        profile: item.profile,
        glyph: profiles.glyph(item.profile),
        state:
          (alerts.get(item.address) ?? 0) > now
            ? "alert"
            : freshnessOf(item.profile, lastHeard(item), now),
        heading: (item.speed ?? 0) > 0 ? item.heading : null,
        place: [item.longitude, item.latitude],
      }),
    );
  }, [items, profiles, alerts, step]);
}

function useShownOnMap(
  map: FleetMap | undefined,
  markers: readonly FleetMarker[],
  choice: FleetChoice,
  selected: number | undefined,
) {
  useEffect(() => {
    // what the panel beside the map is of is on it, whatever else is
    const isShown = (marker: FleetMarker) =>
      marker.address === selected || isChosen(choice, marker);
    map?.setMarkers(markers.filter(isShown));
  }, [map, markers, choice, selected]);
}

/** Flies to a terminal when it is chosen, and draws where it has been. */
function useSelectedOnMap(
  map: FleetMap | undefined,
  address: number | undefined,
  markers: readonly FleetMarker[],
) {
  const flownTo = useRef<number>(undefined);
  const isPhone = useIsPhone();
  const track = useQuery({
    ...trackQuery(address ?? 0, HOUR_MS, nowMs),
    enabled: address !== undefined,
  }).data;
  useEffect(() => {
    map?.select(address);
    map?.setTrack(
      address === undefined || !track
        ? []
        : track.points.map(({ longitude, latitude }): LngLat => [longitude, latitude]),
    );
  }, [map, address, track]);
  useEffect(() => {
    if (!map) return;
    if (address === undefined) {
      flownTo.current = undefined;
      map.setPadding(0, 0);
      return;
    }
    const marker = markers.find((each) => each.address === address);
    if (!marker || flownTo.current === address) return;
    flownTo.current = address;
    map.setPadding(isPhone ? 0 : 400, isPhone ? 380 : 0);
    map.flyTo(marker.place, FOUND_ZOOM);
  }, [map, address, markers, isPhone]);
}

function useGatewayOnMap(
  map: FleetMap | undefined,
  id: string | undefined,
  gateways:
    | readonly { id: string; latitude: number | null; longitude: number | null }[]
    | undefined,
) {
  const flownTo = useRef<string>(undefined);
  useEffect(() => {
    const gateway = gateways?.find((each) => each.id === id);
    if (!map || !gateway || flownTo.current === id) return;
    if (gateway.latitude === null || gateway.longitude === null) return;
    flownTo.current = id;
    map.flyTo([gateway.longitude, gateway.latitude], 13);
  }, [map, id, gateways]);
}
