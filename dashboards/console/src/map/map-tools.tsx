import { useSpeech } from "../i18n/language.tsx";
import { Icon } from "../parts/icon.tsx";
import type { FleetMap } from "./fleet-map.ts";
import type { LngLat } from "./glide.ts";

interface MapToolsProps {
  readonly map: FleetMap | undefined;
  readonly places: readonly LngLat[];
}

export function MapTools({ map, places }: MapToolsProps) {
  const { t } = useSpeech();
  const tools = [
    { name: "plus", text: t("map.in"), act: () => map?.map.zoomIn() },
    { name: "minus", text: t("map.out"), act: () => map?.map.zoomOut() },
    { name: "fit", text: t("map.fit"), act: () => map?.fit(places) },
  ] as const;
  return (
    <div className="map-tools card">
      {tools.map(({ name, text, act }) => (
        <button
          key={name}
          type="button"
          className="plain"
          title={text}
          aria-label={text}
          onClick={act}
        >
          <Icon name={name} />
        </button>
      ))}
    </div>
  );
}
