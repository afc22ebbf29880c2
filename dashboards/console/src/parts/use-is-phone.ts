import { useSyncExternalStore } from "react";

const narrow = window.matchMedia("(max-width: 720px)");

function subscribe(changed: () => void): () => void {
  narrow.addEventListener("change", changed);
  return () => {
    narrow.removeEventListener("change", changed);
  };
}

export const useIsPhone = (): boolean => useSyncExternalStore(subscribe, () => narrow.matches);
