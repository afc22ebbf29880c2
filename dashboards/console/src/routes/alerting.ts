import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { validAlarmsSearch } from "../alarms/alarms-search.ts";
import { validRulesSearch } from "../alerting-rules/rules-search.ts";
import { validCasesSearch } from "../cases/cases-search.ts";
import { validIncidentsSearch } from "../incidents/incidents-search.ts";
import { validNotificationsSearch } from "../search.ts";
import { root } from "./root.ts";

const alarms = createRoute({
  getParentRoute: () => root,
  path: "/alarms",
  validateSearch: validAlarmsSearch,
  component: lazyRouteComponent(() => import("../alarms/alarms-page.tsx"), "AlarmsPage"),
});

const incidents = createRoute({
  getParentRoute: () => root,
  path: "/incidents",
  validateSearch: validIncidentsSearch,
  component: lazyRouteComponent(() => import("../incidents/incidents-page.tsx"), "IncidentsPage"),
});

const incident = createRoute({
  getParentRoute: () => root,
  path: "/incidents/$id",
  component: lazyRouteComponent(() => import("../incidents/incident-page.tsx"), "IncidentPage"),
});

const cases = createRoute({
  getParentRoute: () => root,
  path: "/cases",
  validateSearch: validCasesSearch,
  component: lazyRouteComponent(() => import("../cases/cases-page.tsx"), "CasesPage"),
});

const oneCase = createRoute({
  getParentRoute: () => root,
  path: "/cases/$id",
  component: lazyRouteComponent(() => import("../cases/case-page.tsx"), "CasePage"),
});

const recovery = createRoute({
  getParentRoute: () => root,
  path: "/cases/stolen/$id",
  component: lazyRouteComponent(() => import("../recovery/recovery-page.tsx"), "RecoveryPage"),
});

const drills = createRoute({
  getParentRoute: () => root,
  path: "/drills",
  component: lazyRouteComponent(() => import("../drills/drills-page.tsx"), "DrillsPage"),
});

const drill = createRoute({
  getParentRoute: () => root,
  path: "/drills/$id",
  component: lazyRouteComponent(() => import("../drills/drill-page.tsx"), "DrillPage"),
});

const rules = createRoute({
  getParentRoute: () => root,
  path: "/rules",
  validateSearch: validRulesSearch,
  component: lazyRouteComponent(() => import("../alerting-rules/rules-page.tsx"), "RulesPage"),
});

const newRule = createRoute({
  getParentRoute: () => root,
  path: "/rules/new",
  component: lazyRouteComponent(() => import("../alerting-rules/rule-page.tsx"), "NewRulePage"),
});

const rule = createRoute({
  getParentRoute: () => root,
  path: "/rules/$id",
  component: lazyRouteComponent(() => import("../alerting-rules/rule-page.tsx"), "RulePage"),
});

const preferences = createRoute({
  getParentRoute: () => root,
  path: "/preferences",
  component: lazyRouteComponent(
    () => import("../notifications/preferences-page.tsx"),
    "PreferencesPage",
  ),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  validateSearch: validNotificationsSearch,
  component: lazyRouteComponent(() => import("../notifications/log-page.tsx"), "NotificationsPage"),
});

const onCall = createRoute({
  getParentRoute: () => root,
  path: "/on-call",
  component: lazyRouteComponent(() => import("../notifications/on-call-page.tsx"), "OnCallPage"),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("../notifications/webhooks-page.tsx"), "WebhooksPage"),
});

/** Alarms, what is done about them, and who is told. */
export const alertingRoutes = [
  alarms,
  incidents,
  incident,
  cases,
  oneCase,
  recovery,
  drills,
  drill,
  rules,
  newRule,
  rule,
  preferences,
  notifications,
  onCall,
  webhooks,
] as const;
