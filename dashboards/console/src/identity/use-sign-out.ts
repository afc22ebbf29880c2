import { useNavigate } from "@tanstack/react-router";
import { api, doneOf } from "../api/client.ts";
import { meQuery } from "../api/identity-queries.ts";
import { queryClient } from "../api/queries.ts";

/** Nothing of what was shown stays, in memory neither. */
export function useSignOut(): () => void {
  const navigate = useNavigate();
  const signOut = async (): Promise<void> => {
    await doneOf(api.POST("/api/sign-out"));
    await navigate({ to: "/" });
    queryClient.setQueryData(meQuery.queryKey, null);
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "me" });
  };
  return () => void signOut();
}
