import "../map/map.css";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { configQuery } from "../api/queries.ts";
import type { Config } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import type { LngLat } from "../map/glide.ts";
import { useFleetMap } from "../map/use-fleet-map.ts";
import type { Site } from "./customer-queries.ts";

interface SitesMapProps {
  readonly sites: readonly Site[];
}

const NEAR_ZOOM = 14;
const nothing = (): void => undefined;
const NO_EVENTS = { onTerminal: nothing, onGateway: nothing, onNothing: nothing };

/** Those sites that have a place. */
export function SitesMap({ sites }: SitesMapProps) {
  const config = useQuery(configQuery).data;
  const placed = sites.some(({ latitude }) => latitude !== null);
  return config && placed ? <Drawn sites={sites} config={config} /> : undefined;
}

function Drawn({ sites, config }: SitesMapProps & { readonly config: Config }) {
  const { t } = useSpeech();
  const { container, fleetMap, state } = useFleetMap(config, NO_EVENTS);
  useEffect(() => {
    if (!fleetMap) return;
    const placed = sites.flatMap(({ name, latitude, longitude }, address) =>
      latitude === null || longitude === null
        ? []
        : [{ address, name, place: [longitude, latitude] satisfies LngLat }],
    );
    fleetMap.setMarkers(
      placed.map((site) => ({
        ...site,
        glyph: "home-alarm" as const,
        state: "fresh" as const,
        heading: null,
      })),
    );
    fleetMap.fit(
      placed.map(({ place }) => place),
      NEAR_ZOOM,
    );
  }, [fleetMap, sites]);
  if (state === "failed") return <p className="small-empty">{t("map.failed.detail")}</p>;
  return <div className="sites-map" ref={container} aria-label={t("customers.sites")} />;
}
