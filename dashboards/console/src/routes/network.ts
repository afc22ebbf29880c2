import { createRoute, lazyRouteComponent, notFound } from "@tanstack/react-router";
import { validBoardsSearch } from "../boards/boards-search.ts";
import { validCommandsSearch } from "../commands/commands-search.ts";
import { validGroupsSearch } from "../groups/groups-search.ts";
import { validReplaySearch } from "../replay/replay-search.ts";
import {
  validMapSearch,
  validPacketsSearch,
  validStockSearch,
  validTerminalsSearch,
} from "../search.ts";
import { root } from "./root.ts";

function requireAddress({ params }: { readonly params: { readonly address: string } }): void {
  if (!/^\d{1,10}$/.test(params.address)) notFound({ throw: true });
}

const map = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: validMapSearch,
  component: lazyRouteComponent(() => import("../map/map-page.tsx"), "MapPage"),
});

const terminals = createRoute({
  getParentRoute: () => root,
  path: "/terminals",
  validateSearch: validTerminalsSearch,
  component: lazyRouteComponent(() => import("../terminals/terminals-page.tsx"), "TerminalsPage"),
});

const terminal = createRoute({
  getParentRoute: () => root,
  path: "/terminals/$address",
  beforeLoad: requireAddress,
  component: lazyRouteComponent(() => import("../terminals/terminal-page.tsx"), "TerminalPage"),
});

const packets = createRoute({
  getParentRoute: () => root,
  path: "/packets",
  validateSearch: validPacketsSearch,
  component: lazyRouteComponent(() => import("../packets/packets-page.tsx"), "PacketsPage"),
});

const gateways = createRoute({
  getParentRoute: () => root,
  path: "/gateways",
  component: lazyRouteComponent(() => import("../gateways/gateways-page.tsx"), "GatewaysPage"),
});

const commands = createRoute({
  getParentRoute: () => root,
  path: "/commands",
  validateSearch: validCommandsSearch,
  component: lazyRouteComponent(() => import("../commands/commands-page.tsx"), "CommandsPage"),
});

const replay = createRoute({
  getParentRoute: () => root,
  path: "/terminals/$address/replay",
  validateSearch: validReplaySearch,
  beforeLoad: requireAddress,
  component: lazyRouteComponent(() => import("../replay/replay-page.tsx"), "ReplayPage"),
});

const devices = createRoute({
  getParentRoute: () => root,
  path: "/devices",
  component: lazyRouteComponent(() => import("../portal/devices-page.tsx"), "DevicesPage"),
});

const stock = createRoute({
  getParentRoute: () => root,
  path: "/stock",
  validateSearch: validStockSearch,
  component: lazyRouteComponent(() => import("../stock/stock-page.tsx"), "StockPage"),
});

const imports = createRoute({
  getParentRoute: () => root,
  path: "/imports",
  component: lazyRouteComponent(() => import("../stock/imports-page.tsx"), "ImportsPage"),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: "/groups",
  validateSearch: validGroupsSearch,
  component: lazyRouteComponent(() => import("../stock/groups-page.tsx"), "GroupsPage"),
});

const oneGroup = createRoute({
  getParentRoute: () => root,
  path: "/groups/$id",
  beforeLoad: ({ params }) => {
    if (!/^\d{1,10}$/.test(params.id)) notFound({ throw: true });
  },
  component: lazyRouteComponent(() => import("../groups/group-page.tsx"), "GroupPage"),
});

const boards = createRoute({
  getParentRoute: () => root,
  path: "/boards",
  validateSearch: validBoardsSearch,
  component: lazyRouteComponent(() => import("../boards/boards-page.tsx"), "BoardsPage"),
});

/** Terminals, what they say and are told, and what they stand in. */
export const networkRoutes = [
  map,
  terminals,
  terminal,
  packets,
  gateways,
  commands,
  replay,
  devices,
  stock,
  imports,
  groups,
  oneGroup,
  boards,
] as const;
