import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { given, queryClient } from "../api/queries.ts";
import type { Answer } from "../api/types.ts";
import type {
  CloseSearch,
  InvoicesSearch,
  PaymentsSearch,
  ServiceCreditsSearch,
} from "./billing-search.ts";

export type Invoice = Answer<"/api/billing/invoices">["items"][number];
export type InvoiceDetail = Answer<"/api/billing/invoices/{id}">;
export type InvoiceLine = InvoiceDetail["lines"][number];
export type LineDay = Answer<"/api/billing/invoices/{id}/lines/{position}/days">["items"][number];
export type LinePacket =
  Answer<"/api/billing/invoices/{id}/lines/{position}/packets">["items"][number];
export type Payment = Answer<"/api/billing/payments">["items"][number];
export type PaymentOrder = Answer<"/api/billing/payment-orders">["items"][number];
export type Deposits = Answer<"/api/customers/{id}/deposits">;
export type Deposit = Deposits["items"][number];
export type PaymentMatch = Answer<"/api/billing/payment-imports/{id}/matches">["items"][number];
export type Plan = Answer<"/api/billing/plans">["items"][number];
export type PlanSpec = Plan["spec"];
export type Charge = PlanSpec["charges"][number];
export type Entity = Answer<"/api/billing/entities">["items"][number];
export type CloseRun = Answer<"/api/billing/closes">["items"][number];
export type CloseAccount = Answer<"/api/billing/closes/{id}/accounts">["items"][number];
export type Subscription = Answer<"/api/billing/subscriptions">["items"][number];
export type Account = Answer<"/api/customers/{id}/billing">;
export type StatementEntry = Answer<"/api/customers/{id}/statement">["items"][number];
export type Ageing = Answer<"/api/billing/ageing">["items"][number];
export type Dunned = Answer<"/api/billing/dunning">["items"][number];
export type DunningDetail = Answer<"/api/billing/dunning/{id}">;
export type DunningPolicy = Answer<"/api/billing/entities/{id}/dunning">;
export type Cut = DunningDetail["terminals"][number]["cut"];
export type Spend = Answer<"/api/customers/{id}/spend">;
export type ServiceProof = Answer<"/api/service-proofs">["items"][number];
export type KeptProof = Answer<"/api/billing/service-credits/{id}">["proofs"][number];
export type ServiceCredit = Answer<"/api/billing/service-credits">["items"][number];
export type SpendRules = Answer<"/api/customers/{id}/spend-rules">;

const PAGE_ITEMS = 50;
/** Of a customer on its own page. */
export const INVOICES_SHOWN = 6;
const RUNNING_MS = 700;

/** All of billing below one key: a deed changes much at once, and each answer is small. */
const KEY = "billing";

export const billingChanged = (): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: [KEY] });

export const invoicesQuery = (filter: InvoicesSearch, limit = PAGE_ITEMS) =>
  infiniteQueryOptions({
    queryKey: [KEY, "invoices", filter, limit],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/billing/invoices", {
          params: { query: { ...given({ ...filter, cursor: pageParam }), limit } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const invoiceQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "invoice", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/billing/invoices/{id}", { params: { path: { id } }, signal })),
  });

export const lineDaysQuery = (id: string, position: number) =>
  queryOptions({
    queryKey: [KEY, "line", id, position],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/billing/invoices/{id}/lines/{position}/days", {
          params: { path: { id, position } },
          signal,
        }),
      ),
  });

export const linePacketsQuery = (
  id: string,
  position: number,
  { address: terminal, day }: Pick<LineDay, "address" | "day">,
) =>
  queryOptions({
    queryKey: [KEY, "line", id, position, terminal, day],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/billing/invoices/{id}/lines/{position}/packets", {
          params: { path: { id, position }, query: { terminal, day } },
          signal,
        }),
      ),
  });

export const packetCostQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "packet", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/billing/packets/{id}/cost", { params: { path: { id } }, signal })),
  });

export const closesQuery = queryOptions({
  queryKey: [KEY, "closes"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/billing/closes", { signal })),
  refetchInterval: ({ state }) =>
    state.data?.items.some((run) => run.state === "running") === true ? RUNNING_MS : false,
});

export const closeQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "close", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/billing/closes/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? RUNNING_MS : false),
  });

export const closeAccountsQuery = (id: string, { state }: CloseSearch) =>
  infiniteQueryOptions({
    queryKey: [KEY, "close", id, "accounts", state],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/billing/closes/{id}/accounts", {
          params: {
            path: { id },
            query: { ...given({ state, cursor: pageParam }), limit: PAGE_ITEMS },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const entitiesQuery = queryOptions({
  queryKey: [KEY, "entities"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/billing/entities", { signal })),
});

/** The newest version of each, or all of one. */
export const plansQuery = (code?: string) =>
  queryOptions({
    queryKey: [KEY, "plans", code],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/billing/plans", { params: { query: given({ code }) }, signal })),
  });

export const subscriptionsQuery = (customer: string, limit = PAGE_ITEMS) =>
  infiniteQueryOptions({
    queryKey: [KEY, "subscriptions", customer, limit],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/billing/subscriptions", {
          params: { query: { customer, ...given({ cursor: pageParam }), limit } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** null: the customer has none. */
export const accountQuery = (customer: string) =>
  queryOptions({
    queryKey: [KEY, "account", customer],
    queryFn: async ({ signal }) => {
      const call = api.GET("/api/billing/accounts", { params: { query: { customer } }, signal });
      return (await answerOf(call)).items[0] ?? null;
    },
  });

export const STATEMENT_ENTRIES = 200;

export const statementQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "statement", id],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/customers/{id}/statement", {
          params: { path: { id }, query: { limit: STATEMENT_ENTRIES } },
          signal,
        }),
      ),
  });

export const paymentsQuery = ({ customer, unmatched }: PaymentsSearch) =>
  infiniteQueryOptions({
    queryKey: [KEY, "payments", customer, unmatched],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/billing/payments", {
          params: {
            query: { ...given({ customer, unmatched, cursor: pageParam }), limit: PAGE_ITEMS },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** What was begun at the payment provider. */
export const paymentOrdersQuery = (customer: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [KEY, "payment-orders", customer],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/billing/payment-orders", {
          params: { query: { ...given({ customer, cursor: pageParam }), limit: PAGE_ITEMS } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

const NOTICE_AWAITED_MS = 2_000;

/** One of them; while it is open the provider's word may come at any moment. */
export const paymentOrderQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "payment-order", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/billing/payment-orders/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data?.state === "open" ? NOTICE_AWAITED_MS : false),
  });

/** Who takes payments for us, if anybody does. */
export const paymentProviderQuery = queryOptions({
  queryKey: [KEY, "payment-provider"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/billing/payment-provider", { signal })),
});

export const depositsQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "deposits", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/customers/{id}/deposits", { params: { path: { id } }, signal })),
  });

export const paymentMatchesQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "matches", id],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/billing/payment-imports/{id}/matches", {
          params: { path: { id }, query: { limit: 200 } },
          signal,
        }),
      ),
  });

const AGEING_ITEMS = 100;

export const ageingQuery = infiniteQueryOptions({
  queryKey: [KEY, "ageing"],
  queryFn: ({ pageParam, signal }) =>
    answerOf(
      api.GET("/api/billing/ageing", {
        params: { query: { ...given({ cursor: pageParam }), limit: AGEING_ITEMS } },
        signal,
      }),
    ),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});

const DUNNED_AT_ONCE = 500;
const DUNNED_MAX = 5_000;

/** Who is next can only be said of all of them: page after page, up to a bound that is told. */
export const dunnedQuery = queryOptions({
  queryKey: [KEY, "dunning"],
  queryFn: async ({ signal }) => {
    const items: Dunned[] = [];
    let cursor: string | null = null;
    do {
      const query = { ...given({ cursor: cursor ?? undefined }), limit: DUNNED_AT_ONCE };
      const page: Answer<"/api/billing/dunning"> = await answerOf(
        api.GET("/api/billing/dunning", { params: { query }, signal }),
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && items.length < DUNNED_MAX);
    return { items, isCut: cursor !== null };
  },
});

/** A customer's credit grade and dunning; it must have an account. */
export const dunningQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "dunning", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/billing/dunning/{id}", { params: { path: { id } }, signal })),
  });

export const dunningPolicyQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "dunning-policy", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/billing/entities/{id}/dunning", { params: { path: { id } }, signal })),
  });

/** Whoever held the terminal in the month, each with their own days. */
export const serviceProofsQuery = (terminal: number, month: string) =>
  queryOptions({
    queryKey: [KEY, "service-proofs", terminal, month],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/service-proofs", {
          params: { query: { terminal, month, limit: PAGE_ITEMS } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const serviceCreditsQuery = ({ month, state }: ServiceCreditsSearch) =>
  infiniteQueryOptions({
    queryKey: [KEY, "service-credits", month, state],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/billing/service-credits", {
          params: { query: { ...given({ month, state, cursor: pageParam }), limit: PAGE_ITEMS } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const serviceCreditQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "service-credit", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/billing/service-credits/{id}", { params: { path: { id } }, signal })),
  });

const SPEND_FRESH_MS = 10_000;

export const spendQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "spend", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/customers/{id}/spend", { params: { path: { id } }, signal })),
    refetchInterval: SPEND_FRESH_MS,
  });

export const spendRulesQuery = (id: string) =>
  queryOptions({
    queryKey: [KEY, "spend-rules", id],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/customers/{id}/spend-rules", { params: { path: { id } }, signal })),
  });
