import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
} from "@tanstack/react-router";
import {
  validAssetsSearch,
  validAuditSearch,
  validMapSearch,
  validPacketsSearch,
  validTerminalsSearch,
} from "./search.ts";
import { AppShell } from "./shell/app-shell.tsx";
import { PageFailure, PageMissing } from "./shell/page-failure.tsx";

const root = createRootRoute({
  component: AppShell,
  errorComponent: PageFailure,
  notFoundComponent: PageMissing,
});

const map = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: validMapSearch,
  component: lazyRouteComponent(() => import("./map/map-page.tsx"), "MapPage"),
});

const terminals = createRoute({
  getParentRoute: () => root,
  path: "/terminals",
  validateSearch: validTerminalsSearch,
  component: lazyRouteComponent(() => import("./terminals/terminals-page.tsx"), "TerminalsPage"),
});

const terminal = createRoute({
  getParentRoute: () => root,
  path: "/terminals/$address",
  beforeLoad: ({ params }) => {
    if (!/^\d{1,10}$/.test(params.address)) notFound({ throw: true });
  },
  component: lazyRouteComponent(() => import("./terminals/terminal-page.tsx"), "TerminalPage"),
});

const packets = createRoute({
  getParentRoute: () => root,
  path: "/packets",
  validateSearch: validPacketsSearch,
  component: lazyRouteComponent(() => import("./packets/packets-page.tsx"), "PacketsPage"),
});

const gateways = createRoute({
  getParentRoute: () => root,
  path: "/gateways",
  component: lazyRouteComponent(() => import("./gateways/gateways-page.tsx"), "GatewaysPage"),
});

const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  component: lazyRouteComponent(() => import("./identity/account-page.tsx"), "AccountPage"),
});

const users = createRoute({
  getParentRoute: () => root,
  path: "/users",
  component: lazyRouteComponent(() => import("./identity/users-page.tsx"), "UsersPage"),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: "/keys",
  component: lazyRouteComponent(() => import("./identity/keys-page.tsx"), "KeysPage"),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: validAuditSearch,
  component: lazyRouteComponent(() => import("./identity/audit-page.tsx"), "AuditPage"),
});

const assets = createRoute({
  getParentRoute: () => root,
  path: "/assets",
  validateSearch: validAssetsSearch,
  component: lazyRouteComponent(() => import("./assets/assets-page.tsx"), "AssetsPage"),
});

const asset = createRoute({
  getParentRoute: () => root,
  path: "/assets/$id",
  component: lazyRouteComponent(() => import("./assets/asset-page.tsx"), "AssetPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    ...[map, terminals, terminal, packets, gateways],
    ...[account, users, keys, audit],
    ...[assets, asset],
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: PageFailure,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
