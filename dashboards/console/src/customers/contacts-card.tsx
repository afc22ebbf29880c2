import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { useMay } from "../identity/me.tsx";
import { ContactDialog } from "./contact-dialog.tsx";
import { ContactPreferencesDialog } from "./contact-preferences-dialog.tsx";
import { type Contact, type Customer, contactsQuery } from "./customer-queries.ts";
import { PartsCard } from "./parts-card.tsx";

export interface CustomerPart {
  readonly customer: Customer;
  readonly mayChange: boolean;
}

const TEXTS = {
  title: "customers.contacts",
  add: "customers.contacts.add",
  none: "customers.contacts.none",
} as const;

/** Whom one speaks to. */
export function ContactsCard({ customer, mayChange }: CustomerPart) {
  const query = useQuery(contactsQuery(customer.id));
  const [told, setTold] = useState<Contact>();
  const mayTell = useMay()("preferences:write") && customer.erasedAt === null;
  return (
    <>
      <PartsCard
        texts={TEXTS}
        query={query}
        mayChange={mayChange}
        row={(contact, edit) => (
          <Row
            contact={contact}
            edit={edit}
            onTold={() => {
              setTold(contact);
            }}
          />
        )}
        dialog={(contact, onDone) => (
          <ContactDialog customerId={customer.id} contact={contact} onDone={onDone} />
        )}
      />
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
    </>
  );
}

interface RowProps {
  readonly contact: Contact;
  readonly edit: ReactNode;
  readonly onTold: () => void;
}

function Row({ contact, edit, onTold }: RowProps) {
  const { t } = useSpeech();
  const { name, role, phone, email } = contact;
  return (
    <>
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
      <Button size="small" type="text" aria-label={t("told.title", { name })} onClick={onTold}>
        {t("told.open")}
      </Button>
      {edit}
    </>
  );
}
