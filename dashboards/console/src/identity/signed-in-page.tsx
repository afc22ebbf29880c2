import { getRouteApi } from "@tanstack/react-router";
import { useEffect } from "react";
import { Loading } from "../parts/states.tsx";

const route = getRouteApi("/sign-in");

/** Behind the gate: whoever has signed in goes on to where they wanted to be, which may be the field app. */
export function SignedInPage() {
  const { next = "/" } = route.useSearch();
  useEffect(() => {
    window.location.replace(next);
  }, [next]);
  return <Loading />;
}
