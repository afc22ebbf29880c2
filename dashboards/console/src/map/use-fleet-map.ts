import { type RefObject, useEffect, useRef, useState } from "react";
import type { Config } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useTheme } from "../theme/theme.tsx";
import { FleetMap, type FleetMapEvents } from "./fleet-map.ts";
import { streetStyle } from "./map-style.ts";

export type MapState = "drawing" | "ready" | "no-streets" | "failed";
type Handlers = Pick<FleetMapEvents, "onTerminal" | "onGateway" | "onNothing">;

interface UsedMap {
  readonly container: RefObject<HTMLDivElement | null>;
  readonly fleetMap: FleetMap | undefined;
  readonly state: MapState;
}

/** Makes the map once, and gives it a new style when theme or language change. */
export function useFleetMap(config: Config, handlers: Handlers): UsedMap {
  const container = useRef<HTMLDivElement>(null);
  const [fleetMap, setFleetMap] = useState<FleetMap>();
  const [state, setState] = useState<MapState>("drawing");
  const { palette } = useTheme();
  const { t, language } = useSpeech();
  const title = t("map.label");
  const latest = useRef({ handlers, palette, language });
  const styled = useRef("");
  useEffect(() => {
    latest.current = { handlers, palette, language };
  });

  useEffect(() => {
    if (!container.current) return undefined;
    const look = latest.current;
    let made: FleetMap;
    try {
      made = new FleetMap(
        container.current,
        styleOf(config, look.palette, look.language),
        config.map.bounds,
        {
          palette: look.palette,
          events: {
            onTerminal: (address) => {
              latest.current.handlers.onTerminal(address);
            },
            onGateway: (id) => {
              latest.current.handlers.onGateway(id);
            },
            onNothing: () => {
              latest.current.handlers.onNothing();
            },
            onStreetsFailed: () => {
              setState("no-streets");
            },
            onReady: () => {
              setState((old) => (old === "drawing" ? "ready" : old));
            },
          },
        },
      );
    } catch {
      setState("failed"); // MapLibre throws when the browser gives no WebGL
      return undefined;
    }
    styled.current = look.palette.map.land + look.language;
    setFleetMap(made);
    return () => {
      setFleetMap(undefined);
      made.close();
    };
  }, [config]);

  useEffect(() => {
    const wanted = palette.map.land + language;
    if (!fleetMap || styled.current === wanted) return;
    styled.current = wanted;
    fleetMap.setStyle(styleOf(config, palette, language), palette);
  }, [fleetMap, palette, language, config]);

  useEffect(() => {
    fleetMap?.setTitle(title);
  }, [fleetMap, title]);

  return { container, fleetMap, state };
}

const styleOf = (
  { map }: Config,
  palette: Parameters<typeof streetStyle>[1],
  language: Parameters<typeof streetStyle>[2],
) => map.styleUrl ?? streetStyle(map.streetsUrl, palette, language);
