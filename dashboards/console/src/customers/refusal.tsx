import { Alert } from "antd";
import { ApiError } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";

/** Why something that the user set off did not happen. */
export function Refusal({ error }: { readonly error: unknown }) {
  const { t } = useSpeech();
  if (error === undefined || error === null) return undefined;
  return <Alert type="error" showIcon role="alert" title={textOf(error, t)} />;
}

function textOf(error: unknown, t: ReturnType<typeof useSpeech>["t"]): string {
  if (!(error instanceof ApiError)) return t("app.broken");
  if (error.away) return t("error.away");
  if (error.status === 412) return t("customers.stale");
  return error.detail === undefined
    ? t("error.other", { status: error.status })
    : t("error.refused", { detail: error.detail });
}
