import { Button } from "antd";
import { useSyncExternalStore } from "react";
import { queryClient } from "../api/queries.ts";
import { apiAwaySince, subscribeReachability } from "../api/reachability.ts";
import { useLive } from "../api/use-live.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { useNow } from "../time/use-now.ts";

/** Says that the API is away; the pages keep what they had. */
export function AwayBanner() {
  const { t, format } = useSpeech();
  const awaySinceMs = useSyncExternalStore(subscribeReachability, apiAwaySince);
  const live = useLive();
  const now = useNow();
  if (awaySinceMs === undefined) return undefined;
  const time = format.time(new Date(awaySinceMs).toISOString(), now);
  return (
    <div className="away" role="alert">
      <div>
        <strong>{t("away.title")}</strong> <span>{t("away.detail", { time })}</span>
      </div>
      <Button
        size="small"
        onClick={() => {
          live?.retry();
          void queryClient.refetchQueries({ type: "active" });
        }}
      >
        {t("app.retry")}
      </Button>
    </div>
  );
}
