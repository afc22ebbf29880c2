import { Button } from "antd";
import { useSpeech } from "../i18n/language.tsx";

interface LoadMoreProps {
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isPlaceholderData: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  /** Said where there is no further page. */
  readonly end?: string;
}

/** Below a list that comes page by page. */
export function LoadMore({ query, end }: LoadMoreProps) {
  const { t } = useSpeech();
  if (query.isPlaceholderData) return undefined; // the rows of before tell no end of these
  if (!query.hasNextPage) return end === undefined ? undefined : <div className="more">{end}</div>;
  return (
    <div className="more">
      <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t("app.more")}
      </Button>
    </div>
  );
}
