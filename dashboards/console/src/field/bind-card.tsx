import { useEffect, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { assetsOf, findCustomers, type Named } from "./server.ts";
import { keep, kept } from "./store.ts";
import { doStep } from "./use-jobs.ts";

const KINDS = [
  "vehicle",
  "bus",
  "lamp-pole",
  "elevator",
  "well",
  "billboard",
  "siren",
  "dwelling",
  "payment-point",
] as const;

export function BindCard({ jobId }: CardProps) {
  const { t } = useSpeech();
  const [search, setSearch] = useState("");
  const [customer, setCustomer] = useState<Named>();
  const { list, isOffline } = useNames(`customers ${search}`, () => findCustomers(search));
  if (customer !== undefined)
    return (
      <AssetChoice
        customer={customer}
        onBack={() => {
          setCustomer(undefined);
        }}
        onAsset={(asset, assetName) => {
          const { id: customerId, name: customerName } = customer;
          void doStep(jobId, "bind", { customerId, customerName, asset, assetName });
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
  readonly onBack: () => void;
  readonly onAsset: (asset: Readonly<Record<string, string>>, name: string) => void;
}

function AssetChoice({ customer, onBack, onAsset }: AssetChoiceProps) {
  const { t } = useSpeech();
  const { list } = useNames(`assets ${customer.id}`, () => assetsOf(customer.id));
  const [kind, setKind] = useState<string>(KINDS[0]);
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
      <Choices
        list={list ?? []}
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
        <strong>{t("field.bind.new")}</strong>
        <label>
          {t("field.bind.kind")}
          <select
            value={kind}
            onChange={(event) => {
              setKind(event.target.value);
            }}
          >
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {t(`field.kind.${each}`)}
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

const isNamed = (value: unknown): value is Named =>
  typeof value === "object" && value !== null && "id" in value && "name" in value;

/** What the server says, else what it said last time. */
function useNames(
  key: string,
  find: () => Promise<readonly Named[]>,
): { readonly list: readonly Named[] | undefined; readonly isOffline: boolean } {
  const [found, setFound] = useState<{ key: string; list: readonly Named[]; isOffline: boolean }>();
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void read();
    }, 200);
    const read = async (): Promise<void> => {
      let list: readonly Named[];
      let isOffline = false;
      try {
        list = await find();
        await keep(key, list);
      } catch {
        isOffline = true; // said on the screen; what was seen before is shown
        const before = await kept(key);
        list = Array.isArray(before) ? before.filter(isNamed) : [];
      }
      if (current) setFound({ key, list, isOffline });
    };
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);
  return { list: found?.list, isOffline: found?.isOffline === true };
}
