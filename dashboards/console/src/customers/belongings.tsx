import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { freshnessOf } from "../parts/freshness.ts";
import { Glyph } from "../parts/icon.tsx";
import { Loaded } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useNow } from "../time/use-now.ts";
import {
  type Customer,
  type CustomerAsset,
  customerAssetsQuery,
  customerUsersQuery,
} from "./customer-queries.ts";

/** What the customer has, and whether its terminals are heard. */
export function AssetsCard({ customer }: { readonly customer: Customer }) {
  const { t, format } = useSpeech();
  const query = useQuery(customerAssetsQuery(customer.id));
  return (
    <section className="card">
      <h2>
        {t("customers.assets")}
        <span className="soft">
          {customer.terminals === 0
            ? ""
            : t("customers.terminals.count", { count: format.number(customer.terminals) })}
        </span>
      </h2>
      <Loaded query={query} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t("customers.assets.none")}</p>
          ) : (
            <ul className="rows">
              {items.map((asset) => (
                <Asset key={asset.id} asset={asset} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function Asset({ asset }: { readonly asset: CustomerAsset }) {
  const { t, named } = useSpeech();
  const profiles = useProfiles();
  const now = useNow();
  const { terminals } = asset;
  return (
    <li className="asset-row">
      <span className="asset-name">
        <strong>{asset.name}</strong>
        <span className="soft">
          {named("asset.kind", asset.kind)}
          {asset.plate === null ? "" : ` · ${asset.plate}`}
        </span>
      </span>
      {terminals.length === 0 ? (
        <span className="soft">{t("customers.assets.bare")}</span>
      ) : (
        <span className="asset-terminals">
          {terminals.map((terminal) => {
            const state = freshnessOf(terminal.profile, terminal.receivedAt, now);
            return (
              <span key={terminal.address} className="type-cell">
                <i className={`dot dot-${state}`} title={t(`state.${state}`)} />
                <Glyph name={profiles.glyph(terminal.profile)} size={16} />
                <Link to="/terminals/$address" params={{ address: String(terminal.address) }}>
                  {terminal.name === "" ? terminal.serial : terminal.name}
                </Link>
                <span className="soft">{named("lifecycle", terminal.lifeCycle)}</span>
                <span className={`state-${state}`}>
                  {terminal.receivedAt === null ? (
                    t("terminals.never")
                  ) : (
                    <Age at={terminal.receivedAt} />
                  )}
                </span>
              </span>
            );
          })}
        </span>
      )}
    </li>
  );
}

/** Its people who may sign in. */
export function UsersCard({ customer }: { readonly customer: Customer }) {
  const { t, named } = useSpeech();
  const query = useQuery(customerUsersQuery(customer.id));
  return (
    <section className="card">
      <h2>{t("customers.users")}</h2>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t("customers.users.none")}</p>
          ) : (
            <ul className="rows">
              {items.map((user) => (
                <li key={user.id}>
                  <span className="cut">
                    <strong>{user.name}</strong> <span className="soft">{user.email}</span>
                  </span>
                  <span className="tag">{named("role", user.role)}</span>
                  <span className="soft end">
                    {user.isDisabled ? (
                      t("customers.users.disabled")
                    ) : user.lastSeenAt === null ? (
                      t("customers.users.never")
                    ) : (
                      <Age at={user.lastSeenAt} />
                    )}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
