import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal, Popconfirm, Select } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Loaded } from "../parts/states.tsx";
import {
  type Contact,
  type Customer,
  contactsQuery,
  customerChanged,
  ifMatch,
} from "./customer-queries.ts";
import { Field } from "./field.tsx";
import { Refusal } from "./refusal.tsx";
import { useDoing } from "./use-doing.ts";

export interface CustomerPart {
  readonly customer: Customer;
  readonly mayChange: boolean;
}

/** Whom one speaks to. */
export function ContactsCard({ customer, mayChange }: CustomerPart) {
  const { t } = useSpeech();
  const query = useQuery(contactsQuery(customer.id));
  const [open, setOpen] = useState<Contact | "new">();
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

function Row({ contact, onEdit }: { readonly contact: Contact; readonly onEdit?: () => void }) {
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
      {onEdit === undefined ? undefined : (
        <Button className="end" size="small" type="text" onClick={onEdit}>
          {t("customers.edit")}
        </Button>
      )}
    </li>
  );
}

interface ContactDialogProps {
  readonly customerId: string;
  readonly contact: Contact | undefined;
  readonly onDone: () => void;
}

function ContactDialog({ customerId, contact, onDone }: ContactDialogProps) {
  const { t, language } = useSpeech();
  const [draft, setDraft] = useState({
    name: contact?.name ?? "",
    role: contact?.role ?? "",
    phone: contact?.phone ?? "",
    email: contact?.email ?? "",
    language: contact?.language ?? language,
  });
  const doing = useDoing();
  const params = { path: { id: customerId, contactId: contact?.id ?? "" } };
  const headers = ifMatch(contact?.version ?? 0);
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    const isDone = await doing.run(async () => {
      await work();
      await customerChanged(customerId);
    });
    if (isDone) onDone();
  };
  const save = (): Promise<unknown> =>
    contact === undefined
      ? answerOf(
          api.POST("/api/customers/{id}/contacts", {
            params: { path: { id: customerId } },
            body: draft,
          }),
        )
      : answerOf(
          api.PATCH("/api/customers/{id}/contacts/{contactId}", { params, headers, body: draft }),
        );
  return (
    <Modal
      open
      title={t(contact ? "customers.contacts.edit" : "customers.contacts.add")}
      footer={
        <div className="dialog-foot">
          {contact === undefined ? undefined : (
            <Popconfirm
              title={t("customers.remove.sure")}
              okText={t("customers.remove")}
              cancelText={t("customers.cancel")}
              onConfirm={() =>
                void act(() =>
                  doneOf(
                    api.DELETE("/api/customers/{id}/contacts/{contactId}", { params, headers }),
                  ),
                )
              }
            >
              <Button danger>{t("customers.remove")}</Button>
            </Popconfirm>
          )}
          <span className="grow" />
          <Button onClick={onDone}>{t("customers.cancel")}</Button>
          <Button
            type="primary"
            loading={doing.isBusy}
            disabled={draft.name.trim() === "" || draft.role.trim() === ""}
            onClick={() => void act(save)}
          >
            {t("customers.save")}
          </Button>
        </div>
      }
      onCancel={onDone}
    >
      <div className="form">
        {(["name", "role", "phone", "email"] as const).map((name) => (
          <Field
            key={name}
            label={t(name === "name" ? "customers.contacts.name" : `customers.${name}`)}
          >
            <Input
              value={draft[name]}
              maxLength={200}
              autoFocus={name === "name"}
              placeholder={name === "role" ? t("customers.role.example") : ""}
              onChange={(event) => {
                setDraft((old) => ({ ...old, [name]: event.target.value }));
              }}
            />
          </Field>
        ))}
        <Field label={t("customers.language")}>
          <Select<"en" | "zh-CN">
            value={draft.language}
            onChange={(next) => {
              setDraft((old) => ({ ...old, language: next }));
            }}
            options={[
              { value: "en", label: "English" },
              { value: "zh-CN", label: "简体中文" },
            ]}
          />
        </Field>
        <div className="field-wide">
          <Refusal error={doing.error} />
        </div>
      </div>
    </Modal>
  );
}
