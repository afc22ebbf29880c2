import { useEffect } from "react";

/** The page's name in the browser's tab, in the language of the moment. */
export function useTitle(text: string): void {
  useEffect(() => {
    document.title = `${text} · Hopline`;
  }, [text]);
}
