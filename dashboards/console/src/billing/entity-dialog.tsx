import { Button, Input, InputNumber, Modal } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { ifMatch } from "../customers/customer-queries.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { billingChanged, type Entity } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

interface EntityDialogProps {
  /** Undefined: a new one. */
  readonly entity?: Entity;
  readonly close: () => void;
}

type Draft = Omit<Entity, "id" | "version">;
type Rate = Draft["taxRates"][number];

const BLANK: Draft = {
  ...{ name: "", address: "", taxId: "", bank: "", numberPrefix: "HL", paymentDays: 30 },
  taxRates: [{ taxClass: "service", region: "CN", basisPoints: 600 }],
};

/** Who sends invoices: what stands on them, and the taxes. */
export function EntityDialog({ entity, close }: EntityDialogProps) {
  const { w, t } = useBilling();
  const [draft, setDraft] = useState<Draft>(() => {
    if (entity === undefined) return BLANK;
    const { name, address, taxId, bank, numberPrefix, paymentDays, taxRates } = entity;
    return { name, address, taxId, bank, numberPrefix, paymentDays, taxRates };
  });
  const doing = useDoing();
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  const save = async (): Promise<void> => {
    const isDone = await doing.run(async () => {
      await (entity === undefined
        ? answerOf(api.POST("/api/billing/entities", { body: draft }))
        : answerOf(
            api.PUT("/api/billing/entities/{id}", {
              params: { path: { id: entity.id } },
              headers: ifMatch(entity.version),
              body: draft,
            }),
          ));
      await billingChanged();
    });
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={w(entity === undefined ? "entity.add" : "entity")}
      okText={t("customers.save")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: draft.name.trim() === "" }}
      confirmLoading={doing.isBusy}
      width={640}
      onOk={() => void save()}
      onCancel={close}
    >
      <EntityFields draft={draft} set={set} />
      <Rates
        rates={draft.taxRates}
        set={(taxRates) => {
          set({ taxRates });
        }}
      />
      <Refusal error={doing.error} />
    </Modal>
  );
}

interface RatesProps {
  readonly rates: Draft["taxRates"];
  readonly set: (rates: Draft["taxRates"]) => void;
}

function Rates({ rates, set }: RatesProps) {
  const { w } = useBilling();
  const change = (at: number, next: Partial<Rate>): void => {
    set(rates.map((rate, nth) => (nth === at ? { ...rate, ...next } : rate)));
  };
  return (
    <fieldset className="rates">
      <legend>{w("rates")}</legend>
      {rates.map((rate, at) => (
        <div key={at} className="rate">
          <Input
            aria-label={w("rate.class")}
            value={rate.taxClass}
            onChange={(event) => {
              change(at, { taxClass: event.target.value });
            }}
          />
          <Input
            aria-label={w("rate.region")}
            value={rate.region}
            onChange={(event) => {
              change(at, { region: event.target.value });
            }}
          />
          <InputNumber
            aria-label={w("rate.percent")}
            min={0}
            max={100}
            precision={2}
            suffix="%"
            value={rate.basisPoints / 100}
            onChange={(value) => {
              change(at, { basisPoints: Math.round((value ?? 0) * 100) });
            }}
          />
          <Button
            aria-label={w("remove")}
            onClick={() => {
              set(rates.filter((_, nth) => nth !== at));
            }}
          >
            ✕
          </Button>
        </div>
      ))}
      <Button
        size="small"
        onClick={() => {
          set([...rates, { taxClass: "service", region: "", basisPoints: 0 }]);
        }}
      >
        {w("rate.add")}
      </Button>
    </fieldset>
  );
}

interface EntityFieldsProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
}

function EntityFields({ draft, set }: EntityFieldsProps) {
  const { w } = useBilling();
  return (
    <div className="form">
      {(["name", "address", "taxId", "bank", "numberPrefix"] as const).map((name) => (
        <Field key={name} label={w(name)} wide={name === "name" || name === "address"}>
          <Input
            value={draft[name]}
            maxLength={500}
            onChange={(event) => {
              set({ [name]: event.target.value });
            }}
          />
        </Field>
      ))}
      <Field label={w("paymentDays")}>
        <InputNumber
          min={0}
          max={365}
          value={draft.paymentDays}
          onChange={(value) => {
            set({ paymentDays: value ?? 0 });
          }}
        />
      </Field>
    </div>
  );
}
