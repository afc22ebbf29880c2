import { Button, Checkbox, Input, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { ifMatch } from "../customers/customer-queries.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { majorText, minorOf } from "./amounts.ts";
import { billingChanged, type SpendRules } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { withChanged, without } from "./plan-draft.ts";

type Quota = SpendRules["quotas"][number];

const LIST_MAX = 10;
const UNITS_MAX = 1e12;
const METRICS: readonly Quota["metric"][] = ["reports", "bytes", "sms"];

interface SpendRulesDialogProps {
  readonly customerId: string;
  readonly currency: string;
  readonly rules: SpendRules;
  readonly close: () => void;
}

/** Amounts as they are typed; an empty one is none. */
interface Draft {
  readonly isPrepaid: boolean;
  readonly lowBalance: string;
  readonly alerts: readonly string[];
  readonly quotas: readonly Quota[];
}

/** undefined: an amount is none. */
function bodyOf({ isPrepaid, lowBalance, alerts, quotas }: Draft, currency: string) {
  const low = lowBalance.trim() === "" ? 0 : minorOf(lowBalance, currency);
  const amounts = alerts.map((text) => minorOf(text, currency));
  const given = amounts.filter((amount) => amount !== undefined);
  return low === undefined || given.length < amounts.length
    ? undefined
    : { isPrepaid, lowBalance: low, alerts: given, quotas: [...quotas] };
}

/** The wallet, alerts and quotas of an account. */
export function SpendRulesDialog(props: SpendRulesDialogProps) {
  const { customerId, currency, rules, close } = props;
  const { w, t } = useBilling();
  const [draft, setDraft] = useState<Draft>({
    ...{ isPrepaid: rules.isPrepaid, quotas: rules.quotas },
    lowBalance: rules.lowBalance === 0 ? "" : majorText(rules.lowBalance, currency),
    alerts: rules.alerts.map((amount) => majorText(amount, currency)),
  });
  const doing = useDoing();
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  const body = bodyOf(draft, currency);
  const save = async (): Promise<void> => {
    if (body === undefined) return;
    const isDone = await doing.run(async () => {
      const params = { path: { id: customerId } };
      const headers = ifMatch(rules.version);
      await answerOf(api.PUT("/api/customers/{id}/spend-rules", { params, headers, body }));
      await billingChanged();
    });
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={w("spend.rules")}
      okText={t("customers.save")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: body === undefined }}
      confirmLoading={doing.isBusy}
      onOk={() => void save()}
      onCancel={close}
    >
      <Wallet {...{ draft, set, currency }} />
      <Alerts {...{ draft, set, currency }} />
      <Quotas draft={draft} set={set} />
      {body === undefined ? (
        <p className="field-fault" role="alert">
          {w("spend.amount.bad")}
        </p>
      ) : undefined}
      <Refusal error={doing.error} />
    </Modal>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
}

interface MoneyPartProps extends PartProps {
  readonly currency: string;
}

function Wallet({ draft, set, currency }: MoneyPartProps) {
  const { w } = useBilling();
  return (
    <>
      <Checkbox
        checked={draft.isPrepaid}
        onChange={(event) => {
          set({ isPrepaid: event.target.checked });
        }}
      >
        {w("wallet.prepaid")}
      </Checkbox>
      <p className="soft">{w("wallet.prepaid.detail")}</p>
      {draft.isPrepaid ? (
        <div className="form">
          <Field label={`${w("wallet.tellBelow")} (${currency})`} hint={w("wallet.tellBelow.hint")}>
            <Input
              value={draft.lowBalance}
              inputMode="decimal"
              onChange={(event) => {
                set({ lowBalance: event.target.value });
              }}
            />
          </Field>
        </div>
      ) : undefined}
    </>
  );
}

function Alerts({ draft: { alerts }, set, currency }: MoneyPartProps) {
  const { w } = useBilling();
  return (
    <fieldset className="charge">
      <legend>{w("spend.alerts")}</legend>
      <p className="soft">{w("spend.alerts.detail")}</p>
      {alerts.map((text, at) => (
        <div key={at} className="watch-row">
          <Input
            aria-label={`${w("amount")} ${at + 1}`}
            value={text}
            inputMode="decimal"
            suffix={currency}
            onChange={(event) => {
              set({ alerts: withChanged(alerts, at, event.target.value) });
            }}
          />
          <Button
            aria-label={w("remove")}
            onClick={() => {
              set({ alerts: without(alerts, at) });
            }}
          >
            ✕
          </Button>
        </div>
      ))}
      {alerts.length >= LIST_MAX ? undefined : (
        <Button
          size="small"
          onClick={() => {
            set({ alerts: [...alerts, ""] });
          }}
        >
          {w("spend.alerts.add")}
        </Button>
      )}
    </fieldset>
  );
}

function Quotas({ draft: { quotas }, set }: PartProps) {
  const { w } = useBilling();
  return (
    <fieldset className="charge">
      <legend>{w("quotas")}</legend>
      <p className="soft">{w("quotas.detail")}</p>
      {quotas.map((quota, at) => (
        <QuotaRow
          key={at}
          quota={quota}
          set={(next) => {
            set({ quotas: withChanged(quotas, at, next) });
          }}
          remove={() => {
            set({ quotas: without(quotas, at) });
          }}
        />
      ))}
      {quotas.length >= LIST_MAX ? undefined : (
        <Button
          size="small"
          onClick={() => {
            set({ quotas: [...quotas, { metric: "reports", units: 1_000, isStop: false }] });
          }}
        >
          {w("quotas.add")}
        </Button>
      )}
    </fieldset>
  );
}

interface QuotaRowProps {
  readonly quota: Quota;
  readonly set: (quota: Quota) => void;
  readonly remove: () => void;
}

function QuotaRow({ quota, set, remove }: QuotaRowProps) {
  const { w, known } = useBilling();
  return (
    <div className="watch-row">
      <InputNumber
        aria-label={w("quotas.units")}
        min={1}
        max={UNITS_MAX}
        precision={0}
        value={quota.units}
        onChange={(units) => {
          set({ ...quota, units: units ?? quota.units });
        }}
      />
      <Select<Quota["metric"]>
        aria-label={w("charge.metric")}
        value={quota.metric}
        onChange={(metric) => {
          set({ ...quota, metric });
        }}
        options={METRICS.map((value) => ({ value, label: known("metric", value) }))}
      />
      <Checkbox
        checked={quota.isStop}
        onChange={(event) => {
          set({ ...quota, isStop: event.target.checked });
        }}
      >
        {w("quotas.stop")}
      </Checkbox>
      <Button aria-label={w("remove")} onClick={remove}>
        ✕
      </Button>
    </div>
  );
}
