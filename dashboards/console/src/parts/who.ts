import type { Speech } from "../i18n/language.tsx";

/** What the API tells a customer's people in place of one of the operator's. */
const OPERATOR = "operator";

/** Who did something, or was told: by name, or that it was the operator. */
export const whoText = (
  { t }: Pick<Speech, "t">,
  id: string | null,
  name: string | null,
): string | null => (id === OPERATOR ? t("who.operator") : name);
