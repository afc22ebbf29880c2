import { createContext, type ReactNode, use } from "react";
import type { Action, Me } from "../api/types.ts";

const MeContext = createContext<Me | undefined>(undefined);

export function MeProvider({ me, children }: { readonly me: Me; readonly children: ReactNode }) {
  return <MeContext value={me}>{children}</MeContext>;
}

/** Whoever is signed in; every page is below the gate that asks for it. */
export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error("useMe is called outside of MeProvider");
  return me;
}

/** Whether whoever is signed in may do this at all: what they may not is not shown. */
export function useMay(): (action: Action) => boolean {
  const { actions } = useMe();
  return (action) => actions.includes(action);
}
