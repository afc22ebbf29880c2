import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { ACTIONS } from "../../domain/identity/roles.ts";
import { createStreets } from "../../firmware-sim/streets.ts";
import { createFleet, type Fleet, iso, profileViews } from "./fixture-fleet.ts";

const STREETS = JSON.stringify(createStreets("hopline").geoJson);
const BOUNDS = [121.4, 31.17, 121.54, 31.29];

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** What the real API sends, so that a console that needs more shows here. */
const SECURITY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; font-src 'self'";

export interface FixtureApi {
  readonly url: string;
  readonly fleet: Fleet;
  /** Sends a live event to every open stream. */
  send(event: string, data: unknown): void;
  /** While away every request is answered with 503 and the streams are cut. */
  setAway(isAway: boolean): void;
  stop(): Promise<void>;
}

interface FixtureOptions {
  readonly dist: string;
  readonly terminals: number;
  readonly packets: number;
  readonly nowMs: number;
}

type Query = URLSearchParams;
type Answer = object | undefined;

/** The API's answers over a made-up fleet: for tests of what the screens show, in every state. */
export async function startFixtureApi(options: FixtureOptions): Promise<FixtureApi> {
  const fleet = createFleet(options.terminals, options.packets, options.nowMs);
  const streams = new Set<ServerResponse>();
  let isAway = false;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://fixture");
    if (!url.pathname.startsWith("/api/")) {
      sendFile(options.dist, url.pathname, response);
    } else if (isAway) {
      sendJson(response, 503, { type: "about:blank", title: "away", status: 503 });
    } else if (url.pathname === "/api/events") {
      openStream(request, response, streams);
    } else {
      const answer = answerOf(fleet, url, options.nowMs);
      sendJson(response, answer ? 200 : 404, answer ?? { status: 404, detail: "does not exist" });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP, so it is no path

  return {
    url: `http://127.0.0.1:${port}`,
    fleet,
    send(event, data) {
      for (const stream of streams)
        stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    setAway(next) {
      isAway = next;
      if (!next) return;
      for (const stream of streams) stream.destroy();
      server.closeIdleConnections();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === STREETS_MARK ? STREETS : JSON.stringify(body));
}

const STREETS_MARK = {};

function openStream(
  request: IncomingMessage,
  response: ServerResponse,
  streams: Set<ServerResponse>,
): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.write("event: hello\ndata: {}\n\n");
  streams.add(response);
  request.on("close", () => streams.delete(response));
}

function sendFile(dist: string, pathname: string, response: ServerResponse): void {
  const wanted = path.join(dist, path.normalize(pathname));
  const file =
    existsSync(wanted) && statSync(wanted).isFile() ? wanted : path.join(dist, "index.html");
  response.writeHead(200, {
    "content-type": TYPES[path.extname(file)] ?? "application/octet-stream",
    "content-security-policy": SECURITY,
  });
  createReadStream(file).pipe(response);
}

const ME = {
  kind: "user",
  id: "demo-administrator",
  name: "Ada Admin",
  role: "administrator",
  customerId: null,
  actions: ACTIONS,
  demo: true,
  user: {
    id: "demo-administrator",
    email: "administrator@demo.hopline.local",
    name: "Ada Admin",
    role: "administrator",
    customerId: null,
    language: "en",
    timeZone: "Asia/Shanghai",
    mustChangePassword: false,
    secondFactor: false,
    lockedUntil: null,
    disabled: false,
    createdAt: "2026-01-01T00:00:00.000Z",
    lastSeenAt: null,
    version: 1,
    recoveryCodesLeft: 0,
  },
};

const NONE = { items: [], nextCursor: null };

const CONFIG = {
  version: "0.1.0",
  demo: true,
  simulated: false,
  map: { styleUrl: null, streetsUrl: "/api/map/streets.geojson", bounds: BOUNDS },
};

function answerOf(fleet: Fleet, { pathname, searchParams }: URL, nowMs: number): Answer {
  const [, , noun = "", id, part] = pathname.split("/");
  const one: Readonly<Record<string, () => Answer>> = {
    map: () => STREETS_MARK,
    packets: () => packet(fleet, id ?? ""),
    terminals: () => terminal(fleet, Number(id)),
    history: () => history(searchParams),
    track: () => track(fleet, Number(id), nowMs),
  };
  const all: Readonly<Record<string, () => Answer>> = {
    config: () => CONFIG,
    me: () => ME,
    profiles: () => profileViews,
    positions: () => ({ items: fleet.terminals }),
    gateways: () => ({ items: fleet.gateways }),
    terminals: () => terminals(fleet, searchParams),
    packets: () => packets(fleet, searchParams),
    commands: () => NONE,
    "page-queues": () => NONE,
  };
  return id === undefined ? all[noun]?.() : one[part ?? noun]?.();
}

function pageOf<T>(all: readonly T[], query: Query) {
  const from = Number(query.get("cursor") ?? 0);
  const to = from + Number(query.get("limit") ?? 50);
  return { items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null };
}

function terminals(fleet: Fleet, query: Query): Answer {
  const search = (query.get("search") ?? "").toLowerCase();
  const profile = query.get("profile") ?? "";
  const found = fleet.terminals.filter(
    (each) =>
      (profile === "" || each.profile === profile) &&
      `${each.name} ${each.serial} ${each.address}`.toLowerCase().includes(search),
  );
  if (query.get("sort") === "serial") found.reverse();
  return { ...pageOf(found, query), total: found.length, moreMatch: false };
}

function terminal(fleet: Fleet, address: number): Answer {
  const found = fleet.terminals.find((each) => each.address === address);
  const last = fleet.packets.find((each) => each.address === address && each.report !== null);
  const fields = profileViews
    .find(({ name }) => name === found?.profile)
    ?.reports.flatMap((report) => report.fields);
  if (!found) return undefined;
  return {
    ...found,
    hardwareVersion: 3,
    firmwareVersion: 142,
    positionSource: found.source,
    positionEllipse: null,
    badTags: 0,
    values: Object.entries(last?.fields ?? {}).map(([name, value]) => {
      const field = fields?.find((each) => each.name === name);
      return {
        name,
        label: field?.label,
        unit: field?.unit ?? "",
        value,
        measuredAt: last?.receivedAt,
      };
    }),
    lastReceptions: (last?.gateways ?? []).map((gatewayId, index) => ({
      gatewayId,
      rssiDbm: -96 - index * 14,
      snrDb: 9 - index * 8.5,
      receivedAt: last?.receivedAt,
    })),
    session: { state: "active", since: last?.receivedAt ?? found.receivedAt, highestCounter: 4711 },
  };
}

const POINTS = 60;

function history(query: Query): Answer {
  const fields = (query.get("fields") ?? "").split(",");
  const from = Date.parse(query.get("from") ?? "");
  const step = (Date.parse(query.get("to") ?? "") - from) / POINTS;
  const kinds = new Map(
    profileViews.flatMap(({ reports }) =>
      reports.flatMap((report) => report.fields.map((field) => [field.name, field] as const)),
    ),
  );
  const valueAt = (name: string, index: number): unknown => {
    const field = kinds.get(name);
    if (field?.kind === "bool") return Math.floor(index / 9) % 2 === 0;
    if (field?.kind === "enum") return field.values?.[Math.floor(index / 14) % field.values.length];
    return Math.round((50 + 30 * Math.sin(index / 6 + name.length) + (index % 5)) * 10) / 10;
  };
  return {
    fields,
    truncated: false,
    points: Array.from({ length: POINTS }, (_, index) => ({
      time: iso(from + index * step),
      values: Object.fromEntries(fields.map((name) => [name, valueAt(name, index)])),
    })),
  };
}

function track(fleet: Fleet, address: number, nowMs: number): Answer {
  const found = fleet.terminals.find((each) => each.address === address);
  if (!found) return undefined;
  const points = Array.from({ length: 40 }, (_, index) => ({
    time: iso(nowMs - (40 - index) * 60_000),
    latitude: found.latitude + 0.008 * Math.sin((40 - index) / 9),
    longitude: found.longitude - (40 - index) * 0.0006,
    source: "terminal",
  }));
  return { points: found.source === "terminal" ? points : [], truncated: false };
}

function packets(fleet: Fleet, query: Query): Answer {
  const is = (name: string, value: unknown): boolean =>
    query.get(name) === null || query.get(name) === String(value);
  const found = fleet.packets.filter(
    (each) =>
      is("verdict", each.verdict) &&
      is("terminal", each.address) &&
      is("type", each.type) &&
      (query.get("gateway") === null || each.gateways.includes(query.get("gateway") ?? "")) &&
      each.receivedAt >= (query.get("from") ?? "") &&
      each.receivedAt <= (query.get("to") ?? "9"),
  );
  return pageOf(found, query);
}

function packet(fleet: Fleet, id: string): Answer {
  const found = fleet.packets.find((each) => each.id === id);
  if (!found) return undefined;
  return {
    ...found,
    payloadHex: "41f03a12000f42400102a8b4c6d1e2f3405162738495a6b7c8d9eafb0c1d2e3f5061",
    plaintextHex: found.report === null ? null : "01486f706c696e65207265706f727400ff",
    session: found.report === null ? null : "5e10c0de",
    confirm: false,
    belowWindow: false,
    acknowledges: null,
    fault: found.verdict === "undecodable" ? "truncated" : null,
    receptions: found.gateways.map((gatewayId, index) => ({
      gatewayId,
      modemId: "00a1b2c3d4e5f600",
      verdict: index === 0 ? found.verdict : "copy",
      receivedAt: found.receivedAt,
      rssiDbm: found.bestRssiDbm - index * 7,
      snrDb: found.bestSnrDb - index * 5,
      carrierHz: 868_130_000 + index * 488,
      fragmentsTotal: 9,
      fragmentsLost: index,
      clockState: 2,
      clockErrorNs: 140,
      backfilled: index === 2,
    })),
    usage: found.verdict === "new" ? { kind: "report", bytes: found.bytes, late: false } : null,
    triggered: [],
  };
}
