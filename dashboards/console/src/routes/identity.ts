import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { validAuditSearch, validSignInSearch } from "../search.ts";
import { root } from "./root.ts";

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: validSignInSearch,
  component: lazyRouteComponent(() => import("../identity/signed-in-page.tsx"), "SignedInPage"),
});

const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  component: lazyRouteComponent(() => import("../identity/account-page.tsx"), "AccountPage"),
});

const users = createRoute({
  getParentRoute: () => root,
  path: "/users",
  component: lazyRouteComponent(() => import("../identity/users-page.tsx"), "UsersPage"),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: "/keys",
  component: lazyRouteComponent(() => import("../identity/keys-page.tsx"), "KeysPage"),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: validAuditSearch,
  component: lazyRouteComponent(() => import("../identity/audit-page.tsx"), "AuditPage"),
});

/** Who one is, and who may do what. */
export const identityRoutes = [signIn, account, users, keys, audit] as const;
