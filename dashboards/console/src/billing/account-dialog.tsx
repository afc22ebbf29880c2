import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Checkbox, Input, Modal, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { majorText, minorOf } from "./amounts.ts";
import { type Account, billingChanged, type Entity, entitiesQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";

interface AccountDialogProps {
  readonly customerId: string;
  /** Undefined: it is opened. */
  readonly account?: Account;
  readonly close: () => void;
}

const CURRENCIES = ["CNY", "EUR", "USD", "HKD", "JPY", "GBP"];

interface Draft {
  readonly legalEntityId: string | undefined;
  readonly currency: string;
  readonly taxRegion: string | undefined;
  readonly isTaxExempt: boolean;
  readonly grossMax: string;
}

function draftOf(account: Account | undefined): Draft {
  if (account === undefined)
    return {
      ...{ legalEntityId: undefined, currency: "CNY", taxRegion: undefined },
      ...{ isTaxExempt: false, grossMax: "10000" },
    };
  const { legalEntityId, currency, taxRegion, isTaxExempt, grossMax } = account;
  return {
    ...{ legalEntityId, currency, taxRegion, isTaxExempt },
    grossMax: majorText(grossMax, currency),
  };
}

/** Where nothing is chosen yet, the first. */
function chosenOf(draft: Draft, entities: readonly Entity[]) {
  const entity = entities.find(({ id }) => id === draft.legalEntityId) ?? entities[0];
  return { entity, taxRegion: draft.taxRegion ?? entity?.taxRates[0]?.region ?? "" };
}

/** How a customer pays. */
export function AccountDialog({ customerId, account, close }: AccountDialogProps) {
  const { w, t } = useBilling();
  const entities = useQuery(entitiesQuery).data?.items ?? [];
  const [draft, setDraft] = useState(() => draftOf(account));
  const doing = useDoing();
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  const { entity, taxRegion } = chosenOf(draft, entities);
  const grossMax = minorOf(draft.grossMax, draft.currency);
  const save = async (): Promise<void> => {
    if (entity === undefined || grossMax === undefined) return;
    const { currency, isTaxExempt } = draft;
    const body = { legalEntityId: entity.id, currency, taxRegion, isTaxExempt, grossMax };
    const isDone = await doing.run(async () => {
      const params = { path: { id: customerId } };
      await answerOf(api.PUT("/api/customers/{id}/billing", { params, body }));
      await billingChanged();
    });
    if (isDone) close();
  };
  return (
    <Modal
      open
      title={w(account === undefined ? "account.open" : "account")}
      okText={t("customers.save")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: entity === undefined || grossMax === undefined }}
      confirmLoading={doing.isBusy}
      onOk={() => void save()}
      onCancel={close}
    >
      <div className="form">
        {entities.length === 0 ? (
          <p className="field-fault field-wide">
            {w("entities.none")} <Link to="/closes">{w("entity.add")}</Link>
          </p>
        ) : undefined}
        <AccountFields
          {...{ draft, set, entities, entity, taxRegion, isNew: account === undefined }}
        />
      </div>
      <Refusal error={doing.error} />
    </Modal>
  );
}

interface AccountFieldsProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
  readonly entities: readonly Entity[];
  readonly entity: Entity | undefined;
  readonly taxRegion: string;
  readonly isNew: boolean;
}

function AccountFields(props: AccountFieldsProps) {
  const { w } = useBilling();
  const { draft, set, entities, entity, taxRegion, isNew } = props;
  const known = (entity?.taxRates ?? []).map(({ region }) => region);
  const regions = [...new Set([taxRegion, ...known])];
  return (
    <>
      <Field label={w("entity")} wide>
        <Select
          disabled={!isNew}
          value={entity?.id ?? null}
          onChange={(legalEntityId: string) => {
            set({ legalEntityId });
          }}
          options={entities.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Field>
      <Field label={w("currency")} hint={w("currency.hint")}>
        <Select
          showSearch
          disabled={!isNew}
          value={draft.currency}
          onChange={(currency) => {
            set({ currency });
          }}
          options={CURRENCIES.map((value) => ({ value, label: value }))}
        />
      </Field>
      <Field label={w("account.bound")} hint={w("account.bound.hint")}>
        <Input
          value={draft.grossMax}
          inputMode="decimal"
          status={minorOf(draft.grossMax, draft.currency) === undefined ? "error" : ""}
          onChange={(event) => {
            set({ grossMax: event.target.value });
          }}
        />
      </Field>
      <Field label={w("account.region")}>
        <Select
          value={taxRegion}
          onChange={(region) => {
            set({ taxRegion: region });
          }}
          options={regions.map((value) => ({ value, label: value }))}
        />
      </Field>
      <Checkbox
        checked={draft.isTaxExempt}
        onChange={(event) => {
          set({ isTaxExempt: event.target.checked });
        }}
      >
        {w("account.exempt")}
      </Checkbox>
    </>
  );
}
