import { useSpeech } from "../i18n/language.tsx";
import { useNow } from "../time/use-now.ts";

/** An age that ticks; the whole time is its tooltip. */
export function Age({ at }: { readonly at: string }) {
  const { format } = useSpeech();
  return (
    <time dateTime={at} title={format.fullTime(at)}>
      {format.age(at, useNow())}
    </time>
  );
}

export function Time({ at }: { readonly at: string }) {
  const { format } = useSpeech();
  return (
    <time dateTime={at} title={format.fullTime(at)}>
      {format.time(at, useNow())}
    </time>
  );
}
