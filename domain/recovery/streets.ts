import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Streets } from "./track-picture.ts";

const Position = Type.Array(Type.Number(), { minItems: 2 });
const Collection = Type.Object({ features: Type.Array(Type.Unknown()) });
const Line = Type.Object({
  geometry: Type.Object({
    type: Type.Literal("LineString"),
    coordinates: Type.Array(Position),
  }),
});

/** The lines of a street network (GeoJSON); none where it is something else. */
export function streetsOf(geoJson: unknown): Streets {
  if (!Value.Check(Collection, geoJson)) return [];
  return geoJson.features.flatMap((feature) =>
    Value.Check(Line, feature)
      ? [
          feature.geometry.coordinates.map(([longitude = 0, latitude = 0]) => ({
            latitude,
            longitude,
          })),
        ]
      : [],
  );
}
