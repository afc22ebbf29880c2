import { getPosition } from "suncalc";
import type { Place } from "../streets/plane.ts";

/** Upper edge on the horizon, refraction being in the altitude already. */
const RISE_AND_SET_DEGREES = -0.27;

export const sunIsUp = (ms: number, { latitude, longitude }: Place): boolean =>
  getPosition(new Date(ms), latitude, longitude).altitude > RISE_AND_SET_DEGREES;
