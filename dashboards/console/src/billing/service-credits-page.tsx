import "../customers/customers.css";
import "./billing.css";
import "./service.css";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Drawer, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { useTitle } from "../shell/use-title.ts";
import { useMyZone } from "../time/use-my-zone.ts";
import { useNow } from "../time/use-now.ts";
import {
  billingChanged,
  entitiesQuery,
  serviceCreditQuery,
  serviceCreditsQuery,
} from "./billing-queries.ts";
import {
  SERVICE_CREDIT_STATES,
  type ServiceCreditsSearch,
  validServiceCreditsSearch,
} from "./billing-search.ts";
import { useBilling } from "./billing-words.ts";
import { monthsBefore } from "./months.ts";
import { ProofView } from "./proof-view.tsx";
import { ServiceCreditItem } from "./service-credit-item.tsx";

type Go = (next: { [K in keyof ServiceCreditsSearch]?: string | undefined }) => void;

/** What missed promises give back: drafted by a month close or from here, approved or rejected by a person. */
export function ServiceCreditsPage() {
  const { w } = useBilling();
  useTitle(w("serviceCredits"));
  const search = validServiceCreditsSearch({ ...useSearch({ from: "/service-credits" }) });
  const navigate = useNavigate();
  const query = useInfiniteQuery(serviceCreditsQuery(search));
  const go: Go = (next) =>
    void navigate({
      to: "/service-credits",
      search: validServiceCreditsSearch({ ...search, ...next }),
      replace: true,
    });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("serviceCredits")}</h1>
      </div>
      <Filters search={search} go={go} />
      <Loaded query={query} rows={8}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0)
            return (
              <Empty title={w("serviceCredit.empty")} detail={w("serviceCredit.empty.detail")} />
            );
          return (
            <>
              <ul className="service-credits">
                {items.map((credit) => (
                  <li key={credit.id} className="card service-credit">
                    <ServiceCreditItem
                      credit={credit}
                      why={() => {
                        go({ credit: credit.id });
                      }}
                    />
                  </li>
                ))}
              </ul>
              <LoadMore query={query} end={w("end")} />
            </>
          );
        }}
      </Loaded>
      {search.credit === undefined ? undefined : (
        <Why
          id={search.credit}
          close={() => {
            go({ credit: undefined });
          }}
        />
      )}
    </div>
  );
}

interface FiltersProps {
  readonly search: ServiceCreditsSearch;
  readonly go: Go;
}

function Filters({ search, go }: FiltersProps) {
  const { w, known, format } = useBilling();
  const mayWrite = useMay()("billing:write");
  const months = monthsBefore(useNow(), useMyZone());
  return (
    <div className="filters customer-filters">
      <Select
        aria-label={w("month")}
        value={search.month ?? ""}
        onChange={(month) => {
          go({ month });
        }}
        options={[
          { value: "", label: w("serviceCredits.months") },
          ...months.map((value) => ({ value, label: format.month(value) })),
        ]}
      />
      <Select
        aria-label={w("state")}
        value={search.state ?? ""}
        onChange={(state) => {
          go({ state });
        }}
        options={[
          { value: "", label: w("state.all") },
          ...SERVICE_CREDIT_STATES.map((state) => ({
            value: state,
            label: known("serviceCredit.state", state),
          })),
        ]}
      />
      {mayWrite && search.month !== undefined ? <DraftButton month={search.month} /> : undefined}
    </div>
  );
}

/** Of all issuers, as their closes of the month would. */
function DraftButton({ month }: { readonly month: string }) {
  const { w, format } = useBilling();
  const entities = useQuery(entitiesQuery).data?.items ?? [];
  const [told, setTold] = useState("");
  const doing = useDoing();
  const draft = (): Promise<boolean> =>
    doing.run(async () => {
      const sum = { drafted: 0, waiting: 0, parked: 0 };
      for (const { id } of entities) {
        const body = { legalEntityId: id, month };
        const done = await answerOf(api.POST("/api/billing/service-credits", { body }));
        sum.drafted += done.drafted;
        sum.waiting += done.waiting;
        sum.parked += done.parked;
      }
      const count = format.number(sum.drafted);
      const waiting = w("serviceCredit.drafted.waiting", { count: format.number(sum.waiting) });
      const parked = w("serviceCredit.drafted.parked", { count: format.number(sum.parked) });
      setTold(
        [
          sum.drafted === 0 ? w("serviceCredit.nothing") : w("serviceCredit.drafted", { count }),
          ...(sum.waiting === 0 ? [] : [waiting]),
          ...(sum.parked === 0 ? [] : [parked]),
        ].join(" · "),
      );
      await billingChanged();
    });
  return (
    <>
      <Button
        type="primary"
        loading={doing.isBusy}
        disabled={entities.length === 0}
        onClick={() => void draft()}
      >
        {w("serviceCredit.draft")}
      </Button>
      <span role="status" className="soft">
        {told}
      </span>
      <Refusal error={doing.error} />
    </>
  );
}

interface WhyProps {
  readonly id: string;
  readonly close: () => void;
}

/** The proof that it was drafted by, as it was then. */
function Why({ id, close }: WhyProps) {
  const { w } = useBilling();
  const isPhone = useIsPhone();
  return (
    <Drawer open onClose={close} title={w("proof.title")} size={isPhone ? "100%" : 620}>
      <Loaded query={useQuery(serviceCreditQuery(id))} rows={8}>
        {(credit) => (
          <>
            <div className="service-credit">
              <ServiceCreditItem credit={credit} />
            </div>
            {credit.proofs.map((proof) => (
              <section key={`${proof.address} ${proof.held.from}`}>
                <h3 className="proof-holder">
                  {credit.terminals.find(({ address }) => address === proof.address)?.name ??
                    `#${proof.address}`}
                </h3>
                <ProofView proof={proof} />
              </section>
            ))}
          </>
        )}
      </Loaded>
    </Drawer>
  );
}
