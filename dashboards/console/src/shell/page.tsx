import { useQuery } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { profilesQuery } from "../api/queries.ts";
import { Loading } from "../parts/states.tsx";

/** The page of the moment; it waits for the device types, or it would flash names that only programs use. */
export function Page() {
  // not `isPending`: after a failure that is true again with each new try, and would take the page away
  const { isFetched } = useQuery(profilesQuery);
  return isFetched ? <Outlet /> : <Loading rows={12} />;
}
