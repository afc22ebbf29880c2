import { Link } from "@tanstack/react-router";
import { useSpeech } from "../i18n/language.tsx";

interface BadTagsProps {
  /** null: none of the reader's business. */
  readonly count: number | null;
  readonly address: number;
}

/** More are not counted. */
const COUNTED_MAX = 1_000;

/** How many packets with a wrong tag came under a terminal's address, and the way to them; nothing where there are none. */
export function BadTags({ count, address }: BadTagsProps) {
  const { t, format } = useSpeech();
  if (count === null || count === 0) return undefined;
  const told = format.number(count) + (count < COUNTED_MAX ? "" : "+");
  return (
    <Link
      className="tag tag-bad"
      title={t("badtags.detail")}
      to="/packets"
      search={{ mode: "past", terminal: String(address), verdict: "bad-tag" }}
      onClick={(event) => {
        event.stopPropagation(); // else the row under it is chosen, too
      }}
    >
      {t("badtags", { count: told })}
    </Link>
  );
}
