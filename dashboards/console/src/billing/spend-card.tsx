import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Progress } from "antd";
import { useState } from "react";
import { useMay } from "../identity/me.tsx";
import { Loaded } from "../parts/states.tsx";
import {
  type Account,
  type InvoiceLine,
  type Spend,
  type SpendRules,
  spendQuery,
  spendRulesQuery,
} from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { lineName } from "./invoice-lines.tsx";
import { Money } from "./marks.tsx";
import { PaymentDialog } from "./payment-dialog.tsx";
import { SpendRulesDialog } from "./spend-rules-dialog.tsx";

interface SpendCardProps {
  readonly account: Account;
}

/** What the month has come to so far, what is left of a prepaid wallet, and what is watched. */
export function SpendCard({ account: { customerId, currency } }: SpendCardProps) {
  const { w } = useBilling();
  const mayWrite = useMay()("billing:write");
  const [open, setOpen] = useState<"top-up" | "rules">();
  const close = (): void => {
    setOpen(undefined);
  };
  const rules = useQuery(spendRulesQuery(customerId)).data;
  return (
    <section className="card" id="spend">
      <h2>
        {w(rules?.isPrepaid === true ? "wallet" : "spend")}
        {mayWrite ? (
          <span className="actions">
            {rules?.isPrepaid === true ? (
              <Button
                size="small"
                type="primary"
                onClick={() => {
                  setOpen("top-up");
                }}
              >
                {w("wallet.topUp")}
              </Button>
            ) : undefined}
            <Button
              size="small"
              disabled={rules === undefined}
              onClick={() => {
                setOpen("rules");
              }}
            >
              {w("spend.rules")}
            </Button>
          </span>
        ) : undefined}
      </h2>
      <Loaded query={useQuery(spendQuery(customerId))} rows={4}>
        {(spend) => (
          <>
            <Notices spend={spend} rules={rules} />
            <Sums spend={spend} isPrepaid={rules?.isPrepaid === true} />
            <Lines spend={spend} />
            {rules === undefined ? undefined : <Watched spend={spend} rules={rules} />}
          </>
        )}
      </Loaded>
      {open === "top-up" ? (
        <PaymentDialog {...{ customerId, close }} purpose="top-up" />
      ) : undefined}
      {open === "rules" && rules !== undefined ? (
        <SpendRulesDialog {...{ customerId, currency, rules, close }} />
      ) : undefined}
    </section>
  );
}

interface SpendProps {
  readonly spend: Spend;
}

/** What has stopped, and what will. */
function Notices({ spend, rules }: SpendProps & { readonly rules: SpendRules | undefined }) {
  const { w, known, format } = useBilling();
  const { available, currency, parked } = spend;
  const isLow = rules?.isPrepaid === true && !spend.isWalletEmpty && available < rules.lowBalance;
  return (
    <div className="spend-notices">
      {spend.isWalletEmpty ? (
        <Alert
          type="error"
          showIcon
          title={w("wallet.empty")}
          description={w("wallet.empty.detail")}
        />
      ) : undefined}
      {isLow ? (
        <Alert
          type="warning"
          showIcon
          title={w("wallet.low", { bound: format.money(rules.lowBalance, currency) })}
        />
      ) : undefined}
      {spend.isQuotaUsedUp ? (
        <Alert
          type="error"
          showIcon
          title={w("quota.usedUp")}
          description={w("quota.usedUp.detail")}
        />
      ) : undefined}
      {parked === null ? undefined : (
        <Alert
          type="warning"
          showIcon
          title={w("spend.parked", { reason: known("parked", parked) })}
          description={known("mend", parked)}
        />
      )}
    </div>
  );
}

function Sums({ spend, isPrepaid }: SpendProps & { readonly isPrepaid: boolean }) {
  const { w, known, format } = useBilling();
  const { available, currency, gross, month, units } = spend;
  const used = (["reports", "bytes", "sms"] as const).filter((metric) => units[metric] > 0);
  return (
    <>
      {isPrepaid ? (
        <p className="balance">
          <strong className={available <= 0 ? "alert-text" : ""}>
            {format.money(Math.abs(available), currency)}
          </strong>{" "}
          <span className="soft">{w(available < 0 ? "wallet.missing" : "wallet.left")}</span>
        </p>
      ) : undefined}
      <p className="balance">
        <strong>{format.money(gross, currency)}</strong>{" "}
        <span className="soft">
          {w("spend.soFar", { month: format.month(month) })}
          {used.map((metric) => ` · ${format.number(units[metric])} ${known("metric", metric)}`)}
        </span>
      </p>
    </>
  );
}

/** A fleet has a line for each terminal: those for the same are one here. */
function Lines({ spend: { lines, currency } }: SpendProps) {
  const speech = useBilling();
  const { known, label, format } = speech;
  const alike = [
    ...Map.groupBy(lines, ({ planCode, kind, item, isCorrection }) =>
      [planCode, kind, item, isCorrection].join(" "),
    ),
  ];
  if (alike.length === 0) return undefined;
  const sum = (some: readonly InvoiceLine[], of: "net" | "quantity"): number =>
    some.reduce((total, line) => total + line[of], 0);
  return (
    <ul className="rows">
      {alike.map(([key, some]) => {
        const [line] = some;
        if (line === undefined) return undefined;
        return (
          <li key={key}>
            <span className="contact">
              <span>{lineName(speech, line)}</span>
              <span className="soft">
                {label(line.planName)}
                {line.metric === null
                  ? some.length > 1
                    ? ` · ${format.number(some.length)} ×`
                    : ""
                  : ` · ${format.number(sum(some, "quantity"))} ${known("metric", line.metric)}`}
              </span>
            </span>
            <span className="end">
              <Money minor={sum(some, "net")} currency={currency} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** How near it is to each alert and quota. */
function Watched({ spend, rules }: SpendProps & { readonly rules: SpendRules }) {
  const { w, known, format } = useBilling();
  const { gross, units, currency } = spend;
  const bars = [
    ...rules.alerts.map((amount) => ({
      ...{ key: `alert ${amount}`, now: gross, most: amount },
      text: w("spend.alertAt", { amount: format.money(amount, currency) }),
    })),
    ...rules.quotas.map(({ metric, units: most, isStop }) => ({
      ...{ key: `quota ${metric} ${most}`, now: units[metric], most },
      text: w(isStop ? "quota.stop" : "quota.tell", {
        units: format.number(most),
        metric: known("metric", metric),
      }),
    })),
  ];
  if (bars.length === 0) return undefined;
  return (
    <ul className="rows watched">
      {bars.map(({ key, text, now, most }) => (
        <li key={key}>
          <span className="contact">
            <span className="soft">{text}</span>
            <Progress
              percent={Math.min(100, Math.floor((now / most) * 100))}
              status={now >= most ? "exception" : "normal"}
              size="small"
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
