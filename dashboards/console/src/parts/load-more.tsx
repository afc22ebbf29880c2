import { Button } from "antd";
import { useSpeech } from "../i18n/language.tsx";

interface LoadMoreProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
}

/** Below a list that has a next page. */
export function LoadMore({ query }: LoadMoreProps) {
  const { t } = useSpeech();
  if (!query.hasNextPage) return undefined;
  return (
    <div className="more">
      <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t("app.more")}
      </Button>
    </div>
  );
}
