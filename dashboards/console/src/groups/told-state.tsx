import type { GroupCommand } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";

type State = GroupCommand["state"];

const GOOD: readonly State[] = ["done"];
const BAD: readonly State[] = ["incomplete", "refused", "expired", "failed"];

interface ToldStateProps {
  readonly command: Pick<GroupCommand, "state"> & { readonly reason?: string | null };
}

/** How far it is, and why it ended so. */
export function ToldState({ command: { state, reason } }: ToldStateProps) {
  const { t, named } = useSpeech();
  const tone = GOOD.includes(state) ? "told-good" : BAD.includes(state) ? "alert-text" : "";
  return (
    <span className={tone}>
      {t(`tell.state.${state}`)}
      {reason == null ? "" : ` – ${named("tell.reason", reason)}`}
    </span>
  );
}
