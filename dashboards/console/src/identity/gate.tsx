import "./identity.css";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { meQuery } from "../api/identity-queries.ts";
import { LiveProvider } from "../api/use-live.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Failure, Loading } from "../parts/states.tsx";
import { FirstPassword } from "./first-password.tsx";
import { MeProvider } from "./me.tsx";
import { SignInPage } from "./sign-in-page.tsx";

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
  if (me === null) return <SignInPage />;
  if (me.user?.mustChangePassword === true) return <FirstPassword me={me} />;
  return (
    <MeProvider me={me}>
      <LiveProvider key={me.id} allowed={me.actions.includes("live:read")}>
        {children}
      </LiveProvider>
    </MeProvider>
  );
}
