import { queryOptions } from "@tanstack/react-query";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { paths } from "../api/schema.d.ts";
import type { Preferences } from "../notifications/notification-queries.ts";
import { ifMatch } from "./customer-queries.ts";

export type MessageCaps =
  paths["/api/customers/{id}/message-caps"]["get"]["responses"]["200"]["content"]["application/json"];

export const capsQuery = (id: string) =>
  queryOptions({
    queryKey: ["customer", id, "caps"],
    queryFn: ({ signal }) =>
      answerOf(api.GET("/api/customers/{id}/message-caps", { params: { path: { id } }, signal })),
  });

export async function saveCaps(id: string, body: MessageCaps): Promise<void> {
  const call = api.PUT("/api/customers/{id}/message-caps", { params: { path: { id } }, body });
  queryClient.setQueryData(capsQuery(id).queryKey, await answerOf(call));
}

interface OfContact {
  readonly id: string;
  readonly contactId: string;
}

export const contactPreferencesQuery = (path: OfContact) =>
  queryOptions({
    queryKey: ["customer", path.id, "contact-preferences", path.contactId],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET("/api/customers/{id}/contacts/{contactId}/notification-preferences", {
          params: { path },
          signal,
        }),
      ),
  });

/** Somebody else's change since `version` was shown is a refusal. */
export async function saveContactPreferences(
  path: OfContact,
  preferences: Preferences,
  version: number,
): Promise<void> {
  const call = api.PUT("/api/customers/{id}/contacts/{contactId}/notification-preferences", {
    params: { path },
    body: { preferences },
    headers: ifMatch(version),
  });
  queryClient.setQueryData(contactPreferencesQuery(path).queryKey, await answerOf(call));
}
