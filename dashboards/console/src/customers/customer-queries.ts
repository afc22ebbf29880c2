import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { given, queryClient } from "../api/queries.ts";
import type { Answer } from "../api/types.ts";
import type { CustomersSearch } from "./customers-search.ts";

export type CustomerSummary = Answer<"/api/customers">["items"][number];
export type Customer = Answer<"/api/customers/{id}">;
export type Contact = Answer<"/api/customers/{id}/contacts">["items"][number];
export type Site = Answer<"/api/customers/{id}/sites">["items"][number];
export type Note = Answer<"/api/customers/{id}/notes">["items"][number];
export type Consent = Answer<"/api/customers/{id}/consents">["history"][number];
export type Channel = Consent["channel"];
export type CustomerAsset = Answer<"/api/customers/{id}/assets">["items"][number];
export type CustomerUser = Answer<"/api/customers/{id}/users">["items"][number];
export type DuplicatePair = Answer<"/api/customers/duplicates">["items"][number];
export type Merge = Answer<"/api/customers/merges">["items"][number];
export type ErasureSurvey = Answer<"/api/customers/{id}/erasure">;
export type CustomerKind = Customer["kind"];

const PAGE_ITEMS = 50;

export const customersQuery = ({ sort = "name", ...filter }: CustomersSearch) =>
  infiniteQueryOptions({
    queryKey: ["customers", filter, sort],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/customers", {
          params: {
            query: { ...given({ ...filter, cursor: pageParam }), sort, limit: PAGE_ITEMS },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** A few, for choosing one. */
export const customerChoiceQuery = (search: string, kind?: CustomerKind) =>
  queryOptions({
    queryKey: ["customers", "choice", search, kind],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/customers", {
          params: {
            query: { ...given({ search, kind }), sort: "name", limit: 20 },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const customerTagsQuery = queryOptions({
  queryKey: ["customers", "tags"],
  queryFn: ({ signal }) => answerOf(api.GET("/api/customers/tags", { signal })),
});

const at = (id: string) => ({ params: { path: { id } } });

export const customerQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id],
    queryFn: ({ signal }) => answerOf(api.GET("/api/customers/{id}", { ...at(id), signal })),
  });
export const contactsQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id, "contacts"],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/customers/{id}/contacts", { ...at(id), signal })),
  });
export const sitesQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id, "sites"],
    queryFn: ({ signal }) => answerOf(api.GET("/api/customers/{id}/sites", { ...at(id), signal })),
  });
export const notesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["customer", id, "notes"],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET("/api/customers/{id}/notes", {
          params: { path: { id }, query: { ...given({ cursor: pageParam }), limit: 20 } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
export const consentsQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id, "consents"],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/customers/{id}/consents", { ...at(id), signal })),
  });
export const customerAssetsQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id, "assets"],
    queryFn: ({ signal }) => answerOf(api.GET("/api/customers/{id}/assets", { ...at(id), signal })),
    refetchInterval: 30_000,
  });
export const customerUsersQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id, "users"],
    queryFn: ({ signal }) => answerOf(api.GET("/api/customers/{id}/users", { ...at(id), signal })),
  });
export const erasureQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id, "erasure"],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/customers/{id}/erasure", { ...at(id), signal })),
  });
export const duplicatesQuery = queryOptions({
  queryKey: ["customers", "duplicates"],
  queryFn: ({ signal }) =>
    answerOf(api.GET("/api/customers/duplicates", { params: { query: { limit: 100 } }, signal })),
});
export const mergesQuery = queryOptions({
  queryKey: ["customers", "merges"],
  queryFn: ({ signal }) =>
    answerOf(api.GET("/api/customers/merges", { params: { query: { limit: 50 } }, signal })),
});

export const customerImportsQuery = queryOptions({
  queryKey: ["customers", "imports"],
  queryFn: ({ signal }) =>
    answerOf(
      api.GET("/api/imports", { params: { query: { kind: "customers", limit: 20 } }, signal }),
    ),
});

/** The file itself goes up as it is, however large. */
export const uploadCustomers = (
  file: File,
  { dryRun, skipBad }: { readonly dryRun: boolean; readonly skipBad: boolean },
) =>
  answerOf(
    api.POST("/api/imports/customers", {
      params: {
        query: { file_name: file.name.slice(0, 200), dry_run: dryRun, skip_bad: skipBad },
      },
      headers: { "content-type": "text/csv" },
      body: file,
      bodySerializer: () => file,
    }),
  );

/** What was shown of a customer, and every list, is asked for again. */
export async function customerChanged(id?: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ["customers"] }),
    queryClient.invalidateQueries({ queryKey: id === undefined ? ["customer"] : ["customer", id] }),
  ]);
}

export const ifMatch = (version: number) => ({ "If-Match": `"${version}"` });
