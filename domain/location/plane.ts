/** WGS 84, degrees. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Metres east and north of a plane's origin. */
export interface Point {
  readonly east: number;
  readonly north: number;
}

export interface Plane {
  toPoint(place: Place): Point;
  toPlace(point: Point): Place;
}

const M_PER_DEGREE = (Math.PI / 180) * 6_371_008.8;

/** Flat around its origin: at 50 km some 10 m off, far below what radio tells. */
export function planeAround(origin: Place): Plane {
  const eastPerDegree = M_PER_DEGREE * Math.cos((origin.latitude * Math.PI) / 180);
  return {
    toPoint: ({ latitude, longitude }) => ({
      east: (longitude - origin.longitude) * eastPerDegree,
      north: (latitude - origin.latitude) * M_PER_DEGREE,
    }),
    toPlace: ({ east, north }) => ({
      latitude: origin.latitude + north / M_PER_DEGREE,
      longitude: origin.longitude + east / eastPerDegree,
    }),
  };
}
