import "../customers/customers.css";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { CapsCard } from "../customers/caps-card.tsx";
import { ContactPreferencesDialog } from "../customers/contact-preferences-dialog.tsx";
import { type Contact, contactsQuery, customerQuery } from "../customers/customer-queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { LadderCard } from "../notifications/ladder-card.tsx";
import { Loaded } from "../parts/states.tsx";

interface ToldProps {
  readonly customerId: string;
}

/** Who else of one's organisation is told, and how much of it the plan has in it. */
export function ToldCards({ customerId }: ToldProps) {
  const may = useMay();
  return (
    <>
      <ContactsTold customerId={customerId} />
      <CapsCard customerId={customerId} mayChange={false} />
      {may("notifications:read") ? <LadderCard customerId={customerId} /> : undefined}
    </>
  );
}

function ContactsTold({ customerId }: ToldProps) {
  const { t } = useSpeech();
  const mayChange = useMay()("preferences:write");
  const query = useQuery(contactsQuery(customerId));
  const timeZone = useQuery(customerQuery(customerId)).data?.timeZone ?? "UTC";
  const [open, setOpen] = useState<Contact>();
  return (
    <section className="card">
      <h2>{t("told.contacts")}</h2>
      <p className="small-empty">{t("told.contacts.detail")}</p>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t("told.contacts.none")}</p>
          ) : (
            <ul className="rows">
              {items.map((contact) => (
                <li key={contact.id}>
                  <span className="contact">
                    <strong>{contact.name}</strong> <span className="soft">{contact.role}</span>
                  </span>
                  <Button
                    className="end"
                    size="small"
                    aria-label={t("told.title", { name: contact.name })}
                    onClick={() => {
                      setOpen(contact);
                    }}
                  >
                    {t("told.open")}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {open === undefined ? undefined : (
        <ContactPreferencesDialog
          customerId={customerId}
          timeZone={timeZone}
          contact={open}
          mayChange={mayChange}
          close={() => {
            setOpen(undefined);
          }}
        />
      )}
    </section>
  );
}
