import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { Loaded } from "../parts/states.tsx";
import { ContactDialog } from "./contact-dialog.tsx";
import { ContactPreferencesDialog } from "./contact-preferences-dialog.tsx";
import { type Contact, type Customer, contactsQuery } from "./customer-queries.ts";

export interface CustomerPart {
  readonly customer: Customer;
  readonly mayChange: boolean;
}

/** Whom one speaks to. */
export function ContactsCard({ customer, mayChange }: CustomerPart) {
  const { t } = useSpeech();
  const query = useQuery(contactsQuery(customer.id));
  const [open, setOpen] = useState<Contact | "new">();
  const [told, setTold] = useState<Contact>();
  const mayTell = useMay()("preferences:write") && customer.erasedAt === null;
  return (
    <section className="card">
      <h2>
        {t("customers.contacts")}
        {mayChange ? (
          <Button
            size="small"
            onClick={() => {
              setOpen("new");
            }}
          >
            {t("customers.contacts.add")}
          </Button>
        ) : undefined}
      </h2>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t("customers.contacts.none")}</p>
          ) : (
            <ul className="rows">
              {items.map((contact) => (
                <Row
                  key={contact.id}
                  contact={contact}
                  onTold={() => {
                    setTold(contact);
                  }}
                  {...(mayChange
                    ? {
                        onEdit: () => {
                          setOpen(contact);
                        },
                      }
                    : {})}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {told === undefined ? undefined : (
        <ContactPreferencesDialog
          customerId={customer.id}
          timeZone={customer.timeZone}
          contact={told}
          mayChange={mayTell}
          close={() => {
            setTold(undefined);
          }}
        />
      )}
      {open === undefined ? undefined : (
        <ContactDialog
          customerId={customer.id}
          contact={open === "new" ? undefined : open}
          onDone={() => {
            setOpen(undefined);
          }}
        />
      )}
    </section>
  );
}

interface RowProps {
  readonly contact: Contact;
  readonly onTold: () => void;
  readonly onEdit?: () => void;
}

function Row({ contact, onTold, onEdit }: RowProps) {
  const { t } = useSpeech();
  const { name, role, phone, email } = contact;
  return (
    <li>
      <span className="contact">
        <span>
          <strong>{name}</strong> <span className="soft">{role}</span>
        </span>
        <span className="contact-ways">
          {phone === null ? undefined : (
            <a href={`tel:${phone.replaceAll(/[^+\d]/g, "")}`}>{phone}</a>
          )}
          {email === null ? undefined : <a href={`mailto:${email}`}>{email}</a>}
        </span>
      </span>
      <Button
        className="end"
        size="small"
        type="text"
        aria-label={t("told.title", { name })}
        onClick={onTold}
      >
        {t("told.open")}
      </Button>
      {onEdit === undefined ? undefined : (
        <Button size="small" type="text" onClick={onEdit}>
          {t("customers.edit")}
        </Button>
      )}
    </li>
  );
}
