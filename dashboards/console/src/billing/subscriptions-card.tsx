import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Dropdown } from "antd";
import { useState } from "react";
import { useMay } from "../identity/me.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Loaded } from "../parts/states.tsx";
import { type Account, type Subscription, subscriptionsQuery } from "./billing-queries.ts";
import { useBilling } from "./billing-words.ts";
import { type DayDeed, DayDialog } from "./day-dialog.tsx";
import { SubscriptionDialog } from "./subscription-dialog.tsx";
import { termNow } from "./subscription-terms.ts";

interface SubscriptionsCardProps {
  readonly account: Account;
}

type Open =
  | { readonly deed: "start" }
  | { readonly deed: "move" | DayDeed; readonly subscription: Subscription };

/** What a customer pays for, and how that changes. */
export function SubscriptionsCard({ account }: SubscriptionsCardProps) {
  const { w } = useBilling();
  const mayWrite = useMay()("billing:write");
  const [open, setOpen] = useState<Open>();
  const close = (): void => {
    setOpen(undefined);
  };
  const query = useInfiniteQuery(subscriptionsQuery(account.customerId));
  return (
    <section className="card">
      <h2>
        {w("subscriptions")}
        {mayWrite ? (
          <Button
            size="small"
            onClick={() => {
              setOpen({ deed: "start" });
            }}
          >
            {w("subscription.add")}
          </Button>
        ) : undefined}
      </h2>
      <Loaded query={query} rows={3}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className="small-empty">{w("subscriptions.none")}</p>;
          return (
            <>
              <ul className="rows">
                {items.map((one) => (
                  <Row key={one.id} subscription={one} open={setOpen} mayWrite={mayWrite} />
                ))}
              </ul>
              {query.hasNextPage ? <LoadMore query={query} /> : undefined}
            </>
          );
        }}
      </Loaded>
      {open === undefined ? undefined : open.deed === "start" ? (
        <SubscriptionDialog {...{ account, close }} />
      ) : open.deed === "move" ? (
        <SubscriptionDialog {...{ account, close, subscription: open.subscription }} />
      ) : (
        <DayDialog deed={open.deed} subscription={open.subscription} close={close} />
      )}
    </section>
  );
}

interface RowProps {
  readonly subscription: Subscription;
  readonly open: (open: Open) => void;
  readonly mayWrite: boolean;
}

function Row({ subscription, open, mayWrite }: RowProps) {
  const { w, known, format } = useBilling();
  const mayPlans = useMay()("plans:read");
  const { address, terminalName, state, planCode, endsOn, startsOn, trialUntil } = subscription;
  const deeds = deedsOf(subscription);
  const plan = `${planCode} ${w("version", { version: subscription.planVersion })}`;
  return (
    <li>
      <span className="contact">
        <strong>
          {address === null ? (
            w("subscription.account")
          ) : (
            <Link to="/terminals/$address" params={{ address: String(address) }}>
              {terminalName === null || terminalName === "" ? `#${address}` : terminalName}
            </Link>
          )}
        </strong>
        <span className="soft">
          {mayPlans ? (
            <Link to="/plans/$code" params={{ code: planCode }}>
              {plan}
            </Link>
          ) : (
            plan
          )}
          <AddOns subscription={subscription} />
          {startsOn === null ? "" : ` · ${w("subscription.from", { day: format.day(startsOn) })}`}
          {state === "trial" && trialUntil !== null
            ? ` · ${w("subscription.trial", { day: format.day(trialUntil) })}`
            : ""}
          {endsOn === null ? "" : ` · ${w("subscription.to", { day: format.day(endsOn) })}`}
        </span>
      </span>
      <span className={`tag end subscription-${state}`}>{known("subscription.state", state)}</span>
      {mayWrite && deeds.length > 0 ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: deeds.map((deed) => ({ key: deed, label: w(`deed.${deed}`) })),
            onClick: ({ key }) => {
              const deed = deeds.find((one) => one === key);
              if (deed !== undefined) open({ deed, subscription });
            },
          }}
        >
          <Button size="small">{w("change")}</Button>
        </Dropdown>
      ) : undefined}
    </li>
  );
}

function AddOns({ subscription }: Pick<RowProps, "subscription">) {
  const addOns = termNow(subscription)?.addOns ?? [];
  return addOns.map(({ code, quantity }) => ` + ${quantity} × ${code}`).join("");
}

function deedsOf({ state, endsOn, pauses }: Subscription): readonly ("move" | DayDeed)[] {
  if (endsOn !== null || state === "ended" || state === "waiting") return [];
  const isPaused = pauses.at(-1)?.to === null;
  return ["move", isPaused ? "resume" : "pause", "end"];
}
