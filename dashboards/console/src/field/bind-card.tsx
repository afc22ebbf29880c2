import { useState } from "react";
import { ASSET_KINDS } from "../assets/kinds.ts";
import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { useAssets, useCustomers } from "./names.ts";
import type { Named } from "./server.ts";
import { assetKindFor } from "./steps.ts";
import { doStep } from "./use-jobs.ts";

export function BindCard({ jobId, job, onNext }: CardProps) {
  const { t } = useSpeech();
  const [search, setSearch] = useState("");
  const [customer, setCustomer] = useState<Named>();
  const { list, isOffline } = useCustomers(search.trim());
  if (customer !== undefined)
    return (
      <AssetChoice
        customer={customer}
        profile={job?.server?.profile}
        onBack={() => {
          setCustomer(undefined);
        }}
        onAsset={(asset, assetName) => {
          const { id: customerId, name: customerName } = customer;
          void doStep(jobId, "bind", { customerId, customerName, asset, assetName });
          onNext();
        }}
      />
    );
  return (
    <>
      <label>
        {t("field.bind.search")}
        <input
          type="search"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value);
          }}
        />
      </label>
      {isOffline && <p className="soft">{t("field.bind.offline")}</p>}
      {list?.length === 0 && <p className="soft">{t("field.bind.none")}</p>}
      <Choices list={list ?? []} onChoose={setCustomer} />
    </>
  );
}

function Choices({
  list,
  onChoose,
}: {
  readonly list: readonly Named[];
  readonly onChoose: (one: Named) => void;
}) {
  return (
    <ul className="field-choices">
      {list.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            onClick={() => {
              onChoose(one);
            }}
          >
            {one.name} <span className="soft">{one.more}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface AssetChoiceProps {
  readonly customer: Named;
  /** Of the terminal, where the phone knows it: what it is most likely fixed to. */
  readonly profile: string | null | undefined;
  readonly onBack: () => void;
  readonly onAsset: (asset: Readonly<Record<string, string>>, name: string) => void;
}

function AssetChoice({ customer, profile, onBack, onAsset }: AssetChoiceProps) {
  const { t, named } = useSpeech();
  const { list, isOffline } = useAssets(customer.id);
  const [kind, setKind] = useState<string>(assetKindFor(profile));
  const [name, setName] = useState("");
  return (
    <>
      <p>
        <strong>{customer.name}</strong>{" "}
        <button type="button" className="field-link" onClick={onBack}>
          {t("field.change")}
        </button>
      </p>
      <p className="soft">{t("field.bind.asset")}</p>
      {isOffline && <p className="soft">{t("field.bind.offline.assets")}</p>}
      <Choices
        list={(list ?? []).map((asset) => ({ ...asset, more: named("asset.kind", asset.more) }))}
        onChoose={({ id, name: assetName }) => {
          onAsset({ id }, assetName);
        }}
      />
      <form
        className="field-new"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") onAsset({ kind, name: name.trim() }, name.trim());
        }}
      >
        {list?.length !== 0 && <strong>{t("field.bind.new")}</strong>}
        <label>
          {t("field.bind.kind")}
          <select
            value={kind}
            onChange={(event) => {
              setKind(event.target.value);
            }}
          >
            {ASSET_KINDS.map((each) => (
              <option key={each} value={each}>
                {t(`asset.kind.${each}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("field.bind.name")}
          <input
            value={name}
            maxLength={200}
            onChange={(event) => {
              setName(event.target.value);
            }}
          />
        </label>
        <button type="submit" className="field-big" disabled={name.trim() === ""}>
          {t("field.save")}
        </button>
      </form>
    </>
  );
}
