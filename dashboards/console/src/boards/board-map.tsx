import "../map/map.css";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { configQuery } from "../api/queries.ts";
import type { Config } from "../api/types.ts";
import type { Board } from "../groups/groups-search.ts";
import { useSpeech } from "../i18n/language.tsx";
import type { Marker } from "../map/fleet-map.ts";
import { useFleetMap } from "../map/use-fleet-map.ts";
import { useProfiles } from "../parts/use-profiles.ts";
import type { BoardDevice } from "./board-queries.ts";
import { useBoardWords } from "./board-words.ts";
import { TONES } from "./condition.tsx";

interface BoardMapProps {
  readonly board: Board;
  readonly devices: readonly BoardDevice[];
  /** Of what is shown: when that is something else, the map goes there. Undefined: still what was shown before. */
  readonly shown: string | undefined;
}

const NEAR_ZOOM = 15.5;
const nothing = (): void => undefined;

/** The devices where they stand, coloured as in the list. */
export function BoardMap(props: BoardMapProps) {
  const config = useQuery(configQuery).data;
  return config ? <Drawn {...props} config={config} /> : undefined;
}

function Drawn({ board, devices, shown, config }: BoardMapProps & { readonly config: Config }) {
  const { t } = useSpeech();
  const { w } = useBoardWords();
  const navigate = useNavigate();
  const glyph = useProfiles().glyph(board);
  const { container, fleetMap, state } = useFleetMap(config, {
    onTerminal: (address) =>
      void navigate({ to: "/terminals/$address", params: { address: String(address) } }),
    onGateway: nothing,
    onNothing: nothing,
  });
  const markers = useMemo(
    () =>
      devices.flatMap(({ address, name, latitude, longitude, condition }): Marker[] => {
        if (latitude === null || longitude === null) return [];
        const place = [longitude, latitude] as const;
        const told = `${name}: ${w(`condition.${condition}`)}`;
        return [{ address, name: told, glyph, heading: null, place, state: TONES[condition] }];
      }),
    [devices, glyph, w],
  );
  const fitted = useRef("");
  useEffect(() => {
    if (!fleetMap || shown === undefined) return;
    fleetMap.setMarkers(markers);
    if (fitted.current === shown || markers.length === 0) return; // what the user has moved stays
    fitted.current = shown;
    fleetMap.fit(
      markers.map(({ place }) => place),
      NEAR_ZOOM,
    );
  }, [fleetMap, markers, shown]);
  if (state === "failed") return <p className="small-empty">{t("map.failed.detail")}</p>;
  return <div className="board-map" ref={container} aria-label={w("map")} />;
}
