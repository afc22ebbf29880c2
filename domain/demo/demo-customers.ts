import type { AssetKind, NewAsset } from "../devices/assets.ts";
import { DEMO_CUSTOMER } from "../identity/first-users.ts";

/** Whose the demonstration's terminals are: a city with its offices, companies, and people with a car or a house. */

export interface DemoTerminal {
  readonly address: number;
  readonly serial: string;
  readonly rootKey: Uint8Array;
  readonly profile: string;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly hardwareVersion: number;
  readonly firmwareVersion: number;
}

export interface DemoCustomer {
  readonly number: string;
  readonly kind: "person" | "organisation";
  readonly name: string;
  readonly parent?: string;
  readonly language?: "en" | "zh-CN";
  readonly email?: string;
  readonly phone?: string;
  readonly tags?: string;
}

const CITY = "DEMO-10";
const LIGHTS = "DEMO-11";
const SIRENS = "DEMO-12";
export const WATER = "DEMO-13";
export const LIFTS = "DEMO-14";
const BUSES = "DEMO-20";
const BILLBOARDS = "DEMO-30";
const SHOPS = "DEMO-40";
const PEOPLE = ["DEMO-51", "DEMO-52", "DEMO-53", "DEMO-54", "DEMO-55", "DEMO-56"] as const;

const office = (number: string, name: string): DemoCustomer => ({
  ...{ number, name, kind: "organisation", parent: CITY, language: "zh-CN", tags: "city" },
});
const company = (number: string, name: string, tags: string): DemoCustomer => ({
  ...{ number, name, kind: "organisation", language: "zh-CN", tags },
});

export const DEMO_CUSTOMERS: readonly DemoCustomer[] = [
  { ...DEMO_CUSTOMER, email: "fleet@harbour.example", phone: "+86 21 5555 0101", tags: "fleet" },
  {
    ...{ number: CITY, name: "City of Shanghai 上海市", kind: "organisation", language: "zh-CN" },
    ...{ email: "office@city.example", phone: "+86 21 5555 0110", tags: "city" },
  },
  office(LIGHTS, "Street Lighting Office 路灯管理所"),
  office(SIRENS, "Civil Protection Office 民防办公室"),
  office(WATER, "Water Office 水务局"),
  office(LIFTS, "Building Safety Office 建筑安全处"),
  company(BUSES, "Pujiang Bus Company 浦江公交有限公司", "fleet;transport"),
  company(BILLBOARDS, "Bund Media 外滩传媒", "media"),
  company(SHOPS, "Lucky Shops 幸运便利店", "retail"),
  ...["王伟", "李娜", "张敏", "Anna Berg", "陈静", "Tom Baker"].map(
    (name, at): DemoCustomer => ({
      ...{ number: PEOPLE[at] ?? PEOPLE[0], kind: "person", name },
      language: /^[A-Z]/.test(name) ? "en" : "zh-CN",
      ...{ phone: `+86 138 5555 02${String(at).padStart(2, "0")}`, tags: "private" },
    }),
  ),
];

interface Kept {
  readonly owner: string;
  readonly kind: AssetKind;
}

/** Not one customer, but many. */
const EACH_ITS_PERSON = "people";
const CARS = "cars";

const KEPT: Readonly<Record<string, Kept>> = {
  vehicle: { owner: CARS, kind: "vehicle" },
  bus: { owner: BUSES, kind: "bus" },
  streetlight: { owner: LIGHTS, kind: "lamp-pole" },
  elevator: { owner: LIFTS, kind: "elevator" },
  groundwater: { owner: WATER, kind: "well" },
  billboard: { owner: BILLBOARDS, kind: "billboard" },
  siren: { owner: SIRENS, kind: "siren" },
  "home-alarm": { owner: EACH_ITS_PERSON, kind: "dwelling" },
  payment: { owner: SHOPS, kind: "payment-point" },
};

/** The number of whoever has this terminal; of the cars every other is the logistics company's. */
export function ownerOf({ profile, address }: DemoTerminal): string {
  const owner = KEPT[profile]?.owner ?? CITY;
  if (owner !== EACH_ITS_PERSON && owner !== CARS) return owner;
  if (owner === CARS && address % 2 === 1) return DEMO_CUSTOMER.number;
  return PEOPLE[(address >> 1) % PEOPLE.length] ?? PEOPLE[0];
}

/** What it is fixed to. What moves has no place of its own. */
export function assetOf(terminal: DemoTerminal, customerId: string): NewAsset {
  const { profile, name, latitude, longitude } = terminal;
  const kind = KEPT[profile]?.kind ?? "other";
  if (kind === "bus") return { customerId, kind, name };
  if (kind === "vehicle") return { customerId, kind, name, plate: name };
  return { customerId, kind, name, latitude, longitude };
}

export interface DemoGroup {
  readonly name: string;
  readonly owner: string;
  readonly note: string;
  readonly addresses: readonly number[];
}

/** What is paged together: each street's lights, and all sirens. */
export function groupsOf(fleet: readonly DemoTerminal[]): readonly DemoGroup[] {
  const streets = Map.groupBy(
    fleet.filter(({ profile }) => profile === "streetlight"),
    ({ name }) => name.replace(/^Lamp /, "").replace(/ \d+$/, ""),
  );
  const sirens = fleet.filter(({ profile }) => profile === "siren");
  const group = (name: string, owner: string, of: readonly DemoTerminal[]): DemoGroup => ({
    ...{ name, owner, note: "", addresses: of.map(({ address }) => address) },
  });
  return [
    ...[...streets].map(([street, lamps]) => group(`Lights ${street} 路灯`, LIGHTS, lamps)),
    ...(sirens.length === 0 ? [] : [group("Sirens 警报器", SIRENS, sirens)]),
  ];
}
