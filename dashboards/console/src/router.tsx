import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
} from "@tanstack/react-router";
import { validAlarmsSearch } from "./alarms/alarms-search.ts";
import { validRulesSearch } from "./alerting-rules/rules-search.ts";
import {
  validCloseSearch,
  validDunningSearch,
  validInvoiceSearch,
  validInvoicesSearch,
  validPaymentsSearch,
  validServiceCreditsSearch,
} from "./billing/billing-search.ts";
import { validBoardsSearch } from "./boards/boards-search.ts";
import { validCasesSearch } from "./cases/cases-search.ts";
import { validCommandsSearch } from "./commands/commands-search.ts";
import { validCustomersSearch } from "./customers/customers-search.ts";
import { validGroupsSearch } from "./groups/groups-search.ts";
import { validIncidentsSearch } from "./incidents/incidents-search.ts";
import { validReplaySearch } from "./replay/replay-search.ts";
import {
  validAssetsSearch,
  validAuditSearch,
  validMapSearch,
  validNotificationsSearch,
  validPacketsSearch,
  validSignInSearch,
  validStockSearch,
  validTerminalsSearch,
} from "./search.ts";
import { AppShell } from "./shell/app-shell.tsx";
import { PageFailure, PageMissing } from "./shell/page-failure.tsx";

const root = createRootRoute({
  component: AppShell,
  errorComponent: PageFailure,
  notFoundComponent: PageMissing,
});

function requireAddress({ params }: { readonly params: { readonly address: string } }): void {
  if (!/^\d{1,10}$/.test(params.address)) notFound({ throw: true });
}

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
  beforeLoad: requireAddress,
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

const commands = createRoute({
  getParentRoute: () => root,
  path: "/commands",
  validateSearch: validCommandsSearch,
  component: lazyRouteComponent(() => import("./commands/commands-page.tsx"), "CommandsPage"),
});

const stock = createRoute({
  getParentRoute: () => root,
  path: "/stock",
  validateSearch: validStockSearch,
  component: lazyRouteComponent(() => import("./stock/stock-page.tsx"), "StockPage"),
});

const imports = createRoute({
  getParentRoute: () => root,
  path: "/imports",
  component: lazyRouteComponent(() => import("./stock/imports-page.tsx"), "ImportsPage"),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: "/groups",
  validateSearch: validGroupsSearch,
  component: lazyRouteComponent(() => import("./stock/groups-page.tsx"), "GroupsPage"),
});

const oneGroup = createRoute({
  getParentRoute: () => root,
  path: "/groups/$id",
  beforeLoad: ({ params }) => {
    if (!/^\d{1,10}$/.test(params.id)) notFound({ throw: true });
  },
  component: lazyRouteComponent(() => import("./groups/group-page.tsx"), "GroupPage"),
});

const boards = createRoute({
  getParentRoute: () => root,
  path: "/boards",
  validateSearch: validBoardsSearch,
  component: lazyRouteComponent(() => import("./boards/boards-page.tsx"), "BoardsPage"),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: validSignInSearch,
  component: lazyRouteComponent(() => import("./identity/signed-in-page.tsx"), "SignedInPage"),
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

const alarms = createRoute({
  getParentRoute: () => root,
  path: "/alarms",
  validateSearch: validAlarmsSearch,
  component: lazyRouteComponent(() => import("./alarms/alarms-page.tsx"), "AlarmsPage"),
});

const incidents = createRoute({
  getParentRoute: () => root,
  path: "/incidents",
  validateSearch: validIncidentsSearch,
  component: lazyRouteComponent(() => import("./incidents/incidents-page.tsx"), "IncidentsPage"),
});

const incident = createRoute({
  getParentRoute: () => root,
  path: "/incidents/$id",
  component: lazyRouteComponent(() => import("./incidents/incident-page.tsx"), "IncidentPage"),
});

const cases = createRoute({
  getParentRoute: () => root,
  path: "/cases",
  validateSearch: validCasesSearch,
  component: lazyRouteComponent(() => import("./cases/cases-page.tsx"), "CasesPage"),
});

const oneCase = createRoute({
  getParentRoute: () => root,
  path: "/cases/$id",
  component: lazyRouteComponent(() => import("./cases/case-page.tsx"), "CasePage"),
});

const recovery = createRoute({
  getParentRoute: () => root,
  path: "/cases/stolen/$id",
  component: lazyRouteComponent(() => import("./recovery/recovery-page.tsx"), "RecoveryPage"),
});

const drills = createRoute({
  getParentRoute: () => root,
  path: "/drills",
  component: lazyRouteComponent(() => import("./drills/drills-page.tsx"), "DrillsPage"),
});

const drill = createRoute({
  getParentRoute: () => root,
  path: "/drills/$id",
  component: lazyRouteComponent(() => import("./drills/drill-page.tsx"), "DrillPage"),
});

const replay = createRoute({
  getParentRoute: () => root,
  path: "/terminals/$address/replay",
  validateSearch: validReplaySearch,
  beforeLoad: requireAddress,
  component: lazyRouteComponent(() => import("./replay/replay-page.tsx"), "ReplayPage"),
});

const devices = createRoute({
  getParentRoute: () => root,
  path: "/devices",
  component: lazyRouteComponent(() => import("./portal/devices-page.tsx"), "DevicesPage"),
});

const rules = createRoute({
  getParentRoute: () => root,
  path: "/rules",
  validateSearch: validRulesSearch,
  component: lazyRouteComponent(() => import("./alerting-rules/rules-page.tsx"), "RulesPage"),
});

const newRule = createRoute({
  getParentRoute: () => root,
  path: "/rules/new",
  component: lazyRouteComponent(() => import("./alerting-rules/rule-page.tsx"), "NewRulePage"),
});

const rule = createRoute({
  getParentRoute: () => root,
  path: "/rules/$id",
  component: lazyRouteComponent(() => import("./alerting-rules/rule-page.tsx"), "RulePage"),
});

const preferences = createRoute({
  getParentRoute: () => root,
  path: "/preferences",
  component: lazyRouteComponent(
    () => import("./notifications/preferences-page.tsx"),
    "PreferencesPage",
  ),
});

const notifications = createRoute({
  getParentRoute: () => root,
  path: "/notifications",
  validateSearch: validNotificationsSearch,
  component: lazyRouteComponent(() => import("./notifications/log-page.tsx"), "NotificationsPage"),
});

const onCall = createRoute({
  getParentRoute: () => root,
  path: "/on-call",
  component: lazyRouteComponent(() => import("./notifications/on-call-page.tsx"), "OnCallPage"),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("./notifications/webhooks-page.tsx"), "WebhooksPage"),
});

const customers = createRoute({
  getParentRoute: () => root,
  path: "/customers",
  validateSearch: validCustomersSearch,
  component: lazyRouteComponent(() => import("./customers/customers-page.tsx"), "CustomersPage"),
});

const customer = createRoute({
  getParentRoute: () => root,
  path: "/customers/$id",
  component: lazyRouteComponent(() => import("./customers/customer-page.tsx"), "CustomerPage"),
});

const customerImport = createRoute({
  getParentRoute: () => root,
  path: "/customers/import",
  component: lazyRouteComponent(
    () => import("./customers/customer-import-page.tsx"),
    "CustomerImportPage",
  ),
});

const duplicates = createRoute({
  getParentRoute: () => root,
  path: "/customers/duplicates",
  component: lazyRouteComponent(() => import("./customers/duplicates-page.tsx"), "DuplicatesPage"),
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

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  component: lazyRouteComponent(() => import("./jobs/jobs-page.tsx"), "JobsPage"),
});

const invoices = createRoute({
  getParentRoute: () => root,
  path: "/invoices",
  validateSearch: validInvoicesSearch,
  component: lazyRouteComponent(() => import("./billing/invoices-page.tsx"), "InvoicesPage"),
});

const invoice = createRoute({
  getParentRoute: () => root,
  path: "/invoices/$id",
  validateSearch: validInvoiceSearch,
  component: lazyRouteComponent(() => import("./billing/invoice-page.tsx"), "InvoicePage"),
});

const closes = createRoute({
  getParentRoute: () => root,
  path: "/closes",
  component: lazyRouteComponent(() => import("./billing/closes-page.tsx"), "ClosesPage"),
});

const close = createRoute({
  getParentRoute: () => root,
  path: "/closes/$id",
  validateSearch: validCloseSearch,
  component: lazyRouteComponent(() => import("./billing/close-page.tsx"), "ClosePage"),
});

const plans = createRoute({
  getParentRoute: () => root,
  path: "/plans",
  component: lazyRouteComponent(() => import("./billing/plans-page.tsx"), "PlansPage"),
});

const plan = createRoute({
  getParentRoute: () => root,
  path: "/plans/$code",
  component: lazyRouteComponent(() => import("./billing/plan-page.tsx"), "PlanPage"),
});

const payments = createRoute({
  getParentRoute: () => root,
  path: "/payments",
  validateSearch: validPaymentsSearch,
  component: lazyRouteComponent(() => import("./billing/payments-page.tsx"), "PaymentsPage"),
});

const paymentImport = createRoute({
  getParentRoute: () => root,
  path: "/payments/import",
  component: lazyRouteComponent(
    () => import("./billing/payment-import-page.tsx"),
    "PaymentImportPage",
  ),
});

const ageing = createRoute({
  getParentRoute: () => root,
  path: "/ageing",
  component: lazyRouteComponent(() => import("./billing/ageing-page.tsx"), "AgeingPage"),
});

const dunning = createRoute({
  getParentRoute: () => root,
  path: "/dunning",
  validateSearch: validDunningSearch,
  component: lazyRouteComponent(() => import("./billing/dunning-page.tsx"), "DunningPage"),
});

const serviceCredits = createRoute({
  getParentRoute: () => root,
  path: "/service-credits",
  validateSearch: validServiceCreditsSearch,
  component: lazyRouteComponent(
    () => import("./billing/service-credits-page.tsx"),
    "ServiceCreditsPage",
  ),
});

const spending = createRoute({
  getParentRoute: () => root,
  path: "/spending",
  component: lazyRouteComponent(() => import("./billing/spending-page.tsx"), "SpendingPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    ...[map, terminals, terminal, packets, gateways, commands],
    ...[signIn, account, users, keys, audit],
    ...[alarms, incidents, incident, cases, oneCase, recovery],
    ...[drills, drill],
    ...[replay, devices],
    ...[rules, newRule, rule],
    ...[preferences, notifications, onCall, webhooks],
    ...[customers, customer, customerImport, duplicates],
    ...[stock, imports, groups, oneGroup, boards],
    ...[assets, asset],
    ...[jobs],
    ...[invoices, invoice, closes, close, plans, plan],
    ...[payments, paymentImport, ageing, dunning, spending, serviceCredits],
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: PageFailure,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
