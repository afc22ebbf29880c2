import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import type { CustomerKind } from "./customer-queries.ts";

const PATHS: Readonly<Record<CustomerKind, string>> = {
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4.5 20a7.5 7.5 0 0 1 15 0",
  organisation: "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
};

export function KindMark({
  kind,
  size = 17,
}: {
  readonly kind: CustomerKind;
  readonly size?: number;
}) {
  const { t } = useSpeech();
  return (
    <svg
      className="kind-mark"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      role="img"
      aria-label={t(`customers.kind.${kind}`)}
    >
      <path d={PATHS[kind]} />
    </svg>
  );
}

export function TagList({ tags }: { readonly tags: readonly string[] }) {
  return (
    <span className="tag-list">
      {tags.map((tag) => (
        <span key={tag} className="tag">
          {tag}
        </span>
      ))}
    </span>
  );
}

/** An erased customer has no name any more: what is shown in its place is in the reader's language. */
export const nameOf = (
  customer: { readonly name: string; readonly erasedAt: string | null },
  t: (key: TextKey) => string,
): string => (customer.erasedAt === null ? customer.name : t("customers.erased"));
