import { Tooltip } from "antd";
import type { VerdictName } from "../api/types.ts";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";

export const VERDICTS: readonly VerdictName[] = [
  "new",
  "late",
  "copy",
  "replay",
  "reset-suspected",
  "unknown-terminal",
  "bad-tag",
  "suspended",
  "undecodable",
];

export const isVerdict = (verdict: unknown): verdict is VerdictName =>
  VERDICTS.some((known) => known === verdict);

export function useVerdictText(verdict: string): string | undefined {
  const { t } = useSpeech();
  const key: TextKey | undefined = isVerdict(verdict) ? `verdict.${verdict}.explained` : undefined;
  return key === undefined ? undefined : t(key);
}

export function Verdict({ verdict }: { readonly verdict: string }) {
  const { named } = useSpeech();
  return (
    <Tooltip title={useVerdictText(verdict)} mouseEnterDelay={0.4}>
      <span className={`verdict verdict-${verdict}`}>{named("verdict", verdict)}</span>
    </Tooltip>
  );
}
