import type { Random } from "../../base/random.ts";
import type { Halt } from "../drive.ts";
import type { Route } from "../streets/route.ts";
import { uniform } from "./behaviour.ts";

const RED_SHARE = 0.25;
const SPACING_M = 350;

/** Some crossings of the way show red; elevated roads have none. */
export function redLights(random: Random, route: Route): Halt[] {
  const halts: Halt[] = [];
  let lastM = 0;
  for (const leg of route.legs) {
    const isCandidate = leg.limitKmh <= 60 && leg.startM - lastM > SPACING_M;
    if (!isCandidate || leg.startM > route.metres - SPACING_M) continue;
    lastM = leg.startM;
    if (random.next() < RED_SHARE) halts.push({ atM: leg.startM, waitS: uniform(random, 8, 45) });
  }
  return halts;
}
