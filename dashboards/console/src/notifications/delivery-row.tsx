import { Button } from "antd";
import { type Speech, useSpeech } from "../i18n/language.tsx";
import { whoText } from "../parts/who.ts";
import { useNow } from "../time/use-now.ts";
import type { Delivery } from "./notification-queries.ts";
import { SeverityMark } from "./severity.tsx";

export const titleOf = (of: Delivery, language: Speech["language"]): string =>
  language === "zh-CN" ? of.titleZh : of.titleEn;

/** A reason is a word of ours for what was held back, else the other side's own words. */
export const reasonText = ({ named }: Speech, { state, reason }: Delivery): string =>
  reason === null ? "" : state === "suppressed" ? named("held", reason) : reason;

interface DeliveryRowProps {
  readonly of: Delivery;
  readonly open: (id: string) => void;
}

export function DeliveryRow({ of, open }: DeliveryRowProps) {
  const speech = useSpeech();
  const { t, format, language } = speech;
  const now = useNow();
  const more = of.items > 1 ? ` ${t("log.more", { count: format.number(of.items - 1) })}` : "";
  return (
    <tr>
      <td data-label={t("log.when")}>
        <span title={format.fullTime(of.createdAt)}>{format.time(of.createdAt, now)}</span>
      </td>
      <td data-label={t("log.about")} className="wide">
        <span className="two-lines">
          <span>
            {titleOf(of, language)}
            {more}
          </span>
          <span className="soft">
            <SeverityMark of={of.severity} />
          </span>
        </span>
      </td>
      <td data-label={t("log.recipient")} className="wide">
        <span className="two-lines">
          <span>{whoText(speech, of.recipientId, of.recipientName)}</span>
          <span className="soft">{of.channel === "push" ? "" : of.target}</span>
        </span>
      </td>
      <td data-label={t("log.channel")}>{t(`channel.${of.channel}`)}</td>
      <td data-label={t("log.state")} className="wide">
        <span className="two-lines">
          <span className={`delivery-state-${of.state}`}>{t(`delivery.${of.state}`)}</span>
          <span className="soft">{reasonText(speech, of)}</span>
        </span>
      </td>
      <td>
        <span className="row-actions">
          <Button
            size="small"
            onClick={() => {
              open(of.id);
            }}
          >
            {t("log.open")}
          </Button>
        </span>
      </td>
    </tr>
  );
}
