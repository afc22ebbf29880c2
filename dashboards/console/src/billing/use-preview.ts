import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ApiError, answerOf, api } from "../api/client.ts";
import { useSettled } from "../time/use-now.ts";
import type { PlanSpec } from "./billing-queries.ts";
import type { Metric, PlanFault } from "./plan-draft.ts";

const SETTLE_MS = 300;

export interface ChosenAddOn {
  readonly code: string;
  readonly quantity: number;
}

export interface PreviewAsked {
  readonly spec: PlanSpec;
  readonly startsOn: string;
  readonly months: number;
  readonly usage: Readonly<Partial<Record<Metric, number>>>;
  readonly addOns?: readonly ChosenAddOn[];
  readonly curve?: { readonly metric: Metric; readonly most: number };
}

export type Preview = ReturnType<typeof usePreview>;

/** What a plan would cost, asked for anew whenever it has settled, and the field at fault where it is none. */
export function usePreview(asked: PreviewAsked) {
  const settled = useSettled(JSON.stringify(asked), SETTLE_MS);
  const query = useQuery({
    queryKey: ["plan-preview", settled],
    queryFn: ({ signal }) => {
      const {
        spec,
        startsOn,
        months,
        usage,
        addOns = [],
        curve,
      } = JSON.parse(settled) as PreviewAsked; // as it was written above
      const body = { spec, startsOn, months, usage: { ...usage }, addOns: [...addOns] };
      return answerOf(
        api.POST("/api/billing/plans/preview", {
          body: curve === undefined ? body : { ...body, curve },
          signal,
        }),
      );
    },
    placeholderData: keepPreviousData,
  });
  return { data: query.data, error: query.error, fault: faultOf(query.error) };
}

function faultOf(error: unknown): PlanFault | undefined {
  if (!(error instanceof ApiError) || error.field === undefined) return undefined;
  return {
    field: error.field.replace(/^\/?spec[./]/, "").replaceAll("/", "."),
    detail: error.detail ?? "",
  };
}
