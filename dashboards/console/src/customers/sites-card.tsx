import { useQuery } from "@tanstack/react-query";
import { useSpeech } from "../i18n/language.tsx";
import type { CustomerPart } from "./contacts-card.tsx";
import { type Site, sitesQuery } from "./customer-queries.ts";
import { PartsCard } from "./parts-card.tsx";
import { SiteDialog } from "./site-dialog.tsx";
import { SitesMap } from "./sites-map.tsx";

const TEXTS = {
  title: "customers.sites",
  add: "customers.sites.add",
  none: "customers.sites.none",
} as const;

/** Where the customer is, on a small map. */
export function SitesCard({ customer, mayChange }: CustomerPart) {
  const query = useQuery(sitesQuery(customer.id));
  return (
    <PartsCard
      texts={TEXTS}
      query={query}
      mayChange={mayChange}
      above={(sites) => <SitesMap sites={sites} />}
      row={(site, edit) => (
        <>
          <SiteText site={site} />
          {edit}
        </>
      )}
      dialog={(site, onDone) => <SiteDialog customerId={customer.id} site={site} onDone={onDone} />}
    />
  );
}

function SiteText({ site }: { readonly site: Site }) {
  const { t, format } = useSpeech();
  const { name, address, latitude, longitude } = site;
  return (
    <span className="contact">
      <strong>{name}</strong>
      <span className="soft lines">{address}</span>
      {latitude === null || longitude === null ? (
        <span className="soft">{t("customers.sites.unplaced")}</span>
      ) : (
        <span className="mono soft">{format.coordinates(latitude, longitude)}</span>
      )}
    </span>
  );
}
