import "./identity.css";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { meQuery } from "../api/identity-queries.ts";
import { LiveProvider } from "../api/use-live.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Failure, Loading } from "../parts/states.tsx";
import { MeProvider } from "./me.tsx";

// forms that whoever is signed in never sees
const SignInPage = lazy(() =>
  import("./sign-in-page.tsx").then((module) => ({ default: module.SignInPage })),
);
const FirstPassword = lazy(() =>
  import("./first-password.tsx").then((module) => ({ default: module.FirstPassword })),
);

const WAITING = (
  <main className="gate">
    <Loading />
  </main>
);

/** Nobody signed in: the sign-in page, at whatever address was asked for, so that one is there afterwards. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { chooseTimeZone } = useSpeech();
  const query = useQuery(meQuery);
  const me = query.data;
  const timeZone = me?.user?.timeZone;
  useEffect(() => {
    if (timeZone !== undefined) chooseTimeZone(timeZone);
  }, [timeZone, chooseTimeZone]);
  if (me === undefined)
    return (
      <main className="gate">
        {query.error === null ? (
          <Loading />
        ) : (
          <Failure error={query.error} retry={() => void query.refetch()} />
        )}
      </main>
    );
  if (me === null || me.user?.mustChangePassword === true)
    return (
      <Suspense fallback={WAITING}>
        {me === null ? <SignInPage /> : <FirstPassword me={me} />}
      </Suspense>
    );
  return (
    <MeProvider me={me}>
      <LiveProvider key={me.id} allowed={me.actions.includes("live:read")}>
        {children}
      </LiveProvider>
    </MeProvider>
  );
}
