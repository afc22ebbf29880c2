import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { Loaded } from "../parts/states.tsx";
import type { CustomerPart } from "./contacts-card.tsx";
import { type Site, sitesQuery } from "./customer-queries.ts";
import { SiteDialog } from "./site-dialog.tsx";
import { SitesMap } from "./sites-map.tsx";

/** Where the customer is, on a small map. */
export function SitesCard({ customer, mayChange }: CustomerPart) {
  const { t } = useSpeech();
  const query = useQuery(sitesQuery(customer.id));
  const [open, setOpen] = useState<Site | "new">();
  return (
    <section className="card">
      <h2>
        {t("customers.sites")}
        {mayChange ? (
          <Button
            size="small"
            onClick={() => {
              setOpen("new");
            }}
          >
            {t("customers.sites.add")}
          </Button>
        ) : undefined}
      </h2>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t("customers.sites.none")}</p>
          ) : (
            <>
              <SitesMap sites={items} />
              <ul className="rows">
                {items.map((site) => (
                  <Row
                    key={site.id}
                    site={site}
                    {...(mayChange
                      ? {
                          onEdit: () => {
                            setOpen(site);
                          },
                        }
                      : {})}
                  />
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
      {open === undefined ? undefined : (
        <SiteDialog
          customerId={customer.id}
          site={open === "new" ? undefined : open}
          onDone={() => {
            setOpen(undefined);
          }}
        />
      )}
    </section>
  );
}

function Row({ site, onEdit }: { readonly site: Site; readonly onEdit?: () => void }) {
  const { t, format } = useSpeech();
  const { name, address, latitude, longitude } = site;
  return (
    <li>
      <span className="contact">
        <strong>{name}</strong>
        <span className="soft lines">{address}</span>
        {latitude === null || longitude === null ? (
          <span className="soft">{t("customers.sites.unplaced")}</span>
        ) : (
          <span className="mono soft">{format.coordinates(latitude, longitude)}</span>
        )}
      </span>
      {onEdit === undefined ? undefined : (
        <Button className="end" size="small" type="text" onClick={onEdit}>
          {t("customers.edit")}
        </Button>
      )}
    </li>
  );
}
