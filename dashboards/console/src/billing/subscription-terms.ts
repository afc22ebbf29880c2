import type { Subscription } from "./billing-queries.ts";

/** What was agreed last. */
export const termNow = ({ terms }: Subscription) => terms.at(-1);
