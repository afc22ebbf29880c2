import { createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import {
  validCloseSearch,
  validDunningSearch,
  validInvoiceSearch,
  validInvoicesSearch,
  validPaymentsSearch,
  validServiceCreditsSearch,
} from "./billing/billing-search.ts";
import { validCustomersSearch } from "./customers/customers-search.ts";
import { alertingRoutes } from "./routes/alerting.ts";
import { identityRoutes } from "./routes/identity.ts";
import { networkRoutes } from "./routes/network.ts";
import { root } from "./routes/root.ts";
import { validAssetsSearch } from "./search.ts";
import { PageFailure } from "./shell/page-failure.tsx";

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
    ...networkRoutes,
    ...alertingRoutes,
    ...identityRoutes,
    ...[customers, customer, customerImport, duplicates],
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
