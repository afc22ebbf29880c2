import { hkdfSync } from "node:crypto";
import { type Random, randomInteger, seededRandom } from "../base/random.ts";
import { type BusLine, busSeat, createBusLines, lineCountFor } from "./bus-lines.ts";
import { PARKS } from "./streets/landmarks.ts";
import { distance, type Place, type Point, toPlace, toPoint } from "./streets/plane.ts";
import { placeOnRoute } from "./streets/route.ts";
import { createStreets, type Streets } from "./streets.ts";

/** In the order of their addresses. */
export const PROFILE_SHARES = {
  vehicle: 60,
  bus: 30,
  streetlight: 50,
  elevator: 12,
  groundwater: 12,
  billboard: 10,
  siren: 8,
  "home-alarm": 10,
  payment: 8,
} as const;
export type SimProfile = keyof typeof PROFILE_SHARES;
const PROFILES = Object.keys(PROFILE_SHARES) as SimProfile[];

export interface SimTerminal {
  readonly address: number;
  readonly serial: string;
  readonly rootKey: Uint8Array;
  readonly profile: SimProfile;
  /** Running number among the terminals of its profile, from 0. */
  readonly seat: number;
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly hardwareVersion: number;
  readonly firmwareVersion: number;
}

const ROOT_KEY_BYTES = 16;
const ADDRESSES_PER_PROFILE = 100_000;
const CITY_RADIUS_M = 9_000;

/** Largest remainders, so that any count keeps the mix and adds up. */
export function fleetMix(count: number): ReadonlyMap<SimProfile, number> {
  const total = Object.values(PROFILE_SHARES).reduce((sum, share) => sum + share, 0);
  const exact = PROFILES.map((profile) => ({
    profile,
    share: (PROFILE_SHARES[profile] * count) / total,
  }));
  const mix = new Map(exact.map(({ profile, share }) => [profile, Math.floor(share)]));
  let left = count - [...mix.values()].reduce((sum, share) => sum + share, 0);
  for (const { profile } of exact.sort((a, b) => (b.share % 1) - (a.share % 1))) {
    if (left-- <= 0) break;
    mix.set(profile, (mix.get(profile) ?? 0) + 1);
  }
  return mix;
}

export interface City {
  readonly streets: Streets;
  readonly busLines: readonly BusLine[];
}

export function createCity(seed: string, count: number): City {
  const streets = createStreets(seed);
  const lines = lineCountFor(fleetMix(count).get("bus") ?? 0);
  return { streets, busLines: createBusLines(seed, streets, lines) };
}

/** The demonstration fleet. Its keys come from the seed, so they are no secret and serve a simulation only. */
export function createFleet(
  seed: string,
  count = 200,
  city: City = createCity(seed, count),
): readonly SimTerminal[] {
  const random = seededRandom(`${seed} fleet`);
  return [...fleetMix(count)].flatMap(([profile, size]) =>
    terminalsOf(profile, { seed, city, random, size, firstSeat: 0 }),
  );
}

/** Behind the last seat of any fleet, where nothing happens by itself. */
const BENCH_SEAT = 90_000;

/** New from the factory, one of each device type: nobody has given them a name yet. Of the fleet's seed, beside any fleet. */
export function createBench(seed: string, city: City): readonly SimTerminal[] {
  const random = seededRandom(`${seed} bench`);
  return PROFILES.flatMap((profile) =>
    terminalsOf(profile, { seed, city, random, size: 1, firstSeat: BENCH_SEAT }),
  ).map((terminal) => ({ ...terminal, name: terminal.serial }));
}

interface Making {
  readonly seed: string;
  readonly city: City;
  readonly random: Random;
  readonly size: number;
  readonly firstSeat: number;
}

function terminalsOf(
  profile: SimProfile,
  { seed, city, random, size, firstSeat }: Making,
): SimTerminal[] {
  const number = PROFILES.indexOf(profile) + 1;
  return placesFor(profile, size, city, random).map(({ place, street }, index) => {
    const seat = firstSeat + index;
    const address = number * ADDRESSES_PER_PROFILE + seat + 1;
    return {
      address,
      serial: `HL${String(number)}-${String(26_000_000 + address)}`,
      rootKey: rootKeyOf(seed, address),
      profile,
      seat,
      name: nameOf(profile, seat, street, random), // of a bus: its line
      latitude: Number(place.latitude.toFixed(6)),
      longitude: Number(place.longitude.toFixed(6)),
      hardwareVersion: 2 + randomInteger(random, 2),
      firmwareVersion: 17 + randomInteger(random, 3),
    };
  });
}

const rootKeyOf = (seed: string, address: number): Uint8Array =>
  new Uint8Array(
    hkdfSync("sha256", seed, "hopline simulator", `root key ${String(address)}`, ROOT_KEY_BYTES),
  );

interface Site {
  readonly place: Place;
  readonly street: string;
}

function placesFor(profile: SimProfile, size: number, city: City, random: Random): Site[] {
  const { streets, busLines } = city;
  if (profile === "bus") return busSites(size, busLines);
  if (profile === "streetlight") return lampRows(size, streets, random);
  if (profile === "groundwater") return wells(size, random);
  const taken: Point[] = [];
  while (taken.length < size) {
    const node = streets.nodes[randomInteger(random, streets.nodes.length)];
    const far = !node || Math.hypot(node.point.x, node.point.y) > CITY_RADIUS_M;
    if (far || taken.some((other) => distance(other, node.point) < 250)) continue;
    taken.push(node.point);
  }
  return taken.map((point) => {
    const node = streets.nodes[streets.nearestNode(toPlace(point))];
    const street = streets.streets[node?.edges[0]?.street ?? 0]?.name ?? "";
    // Vehicles stand on the street; the others a house away from it.
    const metres = profile === "vehicle" ? 0 : 20 + 25 * random.next();
    const side = { x: point.x + metres, y: point.y + metres };
    return { place: toPlace(side), street };
  });
}

const busSites = (size: number, busLines: readonly BusLine[]): Site[] =>
  Array.from({ length: size }, (_, seat) => {
    const { line, order, count } = busSeat(seat, size, busLines);
    const { latitude, longitude } = placeOnRoute(line.out, (line.out.metres * order) / count);
    return { place: { latitude, longitude }, street: `${String(line.number)}-${two(order)}` };
  });

/** Lamps stand in rows of ten along a street. */
function lampRows(size: number, streets: Streets, random: Random): Site[] {
  const sites: Site[] = [];
  while (sites.length < size) {
    const street = streets.streets[randomInteger(random, streets.streets.length)];
    const first = Math.floor((street?.line.length ?? 0) / 3);
    const row = street?.line.slice(first, first + 10) ?? [];
    const away = row.some((point) => Math.hypot(point.x, point.y) > CITY_RADIUS_M);
    if (!street || street.class !== "arterial" || row.length < 10 || away) continue;
    for (const point of row.slice(0, size - sites.length)) {
      const place = toPlace({ x: point.x + 9, y: point.y + 9 });
      sites.push({ place, street: street.name });
    }
  }
  return sites;
}

const wells = (size: number, random: Random): Site[] =>
  Array.from({ length: size }, (_, index) => {
    const park = PARKS[index % PARKS.length];
    if (!park) throw new RangeError("a city has a park");
    const middle = toPoint(park);
    const away = (halfM: number): number => (random.next() - 0.5) * halfM;
    const point = { x: middle.x + away(park.halfWidthM), y: middle.y + away(park.halfHeightM) };
    return { place: toPlace(point), street: park.name };
  });

const two = (seat: number): string => String(seat + 1).padStart(2, "0");
const three = (seat: number): string => String(seat + 1).padStart(3, "0");
const BANNER_PLACES = ["North", "East", "South", "West"];

function nameOf(profile: SimProfile, seat: number, street: string, random: Random): string {
  switch (profile) {
    case "vehicle":
      return plate(random);
    case "bus":
      return `Bus ${street}`;
    case "streetlight":
      return `Lamp ${street.replace(/Road$/, "Rd")} ${three(seat)}`;
    case "elevator":
      return `Elevator ${street.replace(/ Road$/, "")} Tower ${String.fromCharCode(65 + (seat % 4))}`;
    case "groundwater":
      return `Well ${street} ${two(seat)}`;
    case "billboard":
      return `Billboard ${street} ${BANNER_PLACES[seat % 4] ?? ""}`;
    case "siren":
      return `Siren ${street} ${two(seat)}`;
    case "home-alarm":
      return `Home ${street} ${String(10 + randomInteger(random, 880))}`;
    case "payment":
      return `Pay point ${street} ${two(seat)}`;
  }
}

const PLATE_LETTERS = "ABDEFGHJKLMN";
const PLATE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";

function plate(random: Random): string {
  const letter = PLATE_LETTERS[randomInteger(random, PLATE_LETTERS.length)] ?? "A";
  const first = PLATE_SIGNS[randomInteger(random, PLATE_SIGNS.length)] ?? "1";
  const number = String(randomInteger(random, 10_000)).padStart(4, "0");
  return `沪${letter}·${first}${number}`;
}
