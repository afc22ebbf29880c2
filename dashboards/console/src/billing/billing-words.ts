import { useMemo } from "react";
import { type BillingText, billingTextsEn } from "../i18n/billing-en.ts";
import { billingTextsZh } from "../i18n/billing-zh-cn.ts";
import { type Speech, useSpeech } from "../i18n/language.tsx";
import { fill } from "../i18n/speech.ts";

export type Say = (key: BillingText, values?: Readonly<Record<string, string | number>>) => string;

export interface BillingSpeech extends Speech {
  readonly w: Say;
  /** The text of a key made from a value of the API, or the value itself when it is a new one. */
  readonly known: (prefix: string, value: string) => string;
}

/** The texts of these pages beside those of the whole console. */
export function useBilling(): BillingSpeech {
  const speech = useSpeech();
  return useMemo(() => {
    const texts: Readonly<Record<BillingText, string>> =
      speech.language === "zh-CN" ? billingTextsZh : billingTextsEn;
    return {
      ...speech,
      w: (key, values) => fill(texts[key], values),
      known(prefix, value) {
        const key = `${prefix}.${value}`;
        return key in texts ? texts[key as BillingText] : value.replaceAll("-", " ");
      },
    };
  }, [speech]);
}
