import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Icon } from "./icon.tsx";

export interface Column<Sort> {
  readonly text: TextKey;
  /** What its head sorts by; undefined: nothing. */
  readonly sort?: Sort | undefined;
  /** Those that tell a time: the latest comes first. */
  readonly isFalling?: boolean;
}

interface SortHeadProps<Sort> {
  readonly column: Column<Sort>;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

/** The head of a column, which sorts where it can. */
export function SortHead<Sort extends string>({ column, sort, onSort }: SortHeadProps<Sort>) {
  const { t } = useSpeech();
  const { text, sort: own, isFalling = false } = column;
  if (own === undefined) return <th scope="col">{t(text)}</th>;
  const isSorted = own === sort;
  return (
    <th scope="col" aria-sort={!isSorted ? "none" : isFalling ? "descending" : "ascending"}>
      <button
        type="button"
        onClick={() => {
          onSort(own);
        }}
      >
        {t(text)}
        <span className="sort">
          {isSorted ? <Icon name={isFalling ? "down" : "up"} size={13} /> : undefined}
        </span>
      </button>
    </th>
  );
}
