import { Input, Select } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { type Language, useSpeech } from "../i18n/language.tsx";
import { type Contact, ifMatch } from "./customer-queries.ts";
import { Field } from "./field.tsx";
import { PartDialog } from "./part-dialog.tsx";

interface ContactDialogProps {
  readonly customerId: string;
  /** Undefined: a new one. */
  readonly contact: Contact | undefined;
  readonly onDone: () => void;
}

interface Draft {
  readonly name: string;
  readonly role: string;
  readonly phone: string;
  readonly email: string;
  readonly language: Language;
}

export function ContactDialog({ customerId, contact, onDone }: ContactDialogProps) {
  const { t, language } = useSpeech();
  const [draft, setDraft] = useState(() => draftOf(contact, language));
  return (
    <PartDialog
      customerId={customerId}
      title={t(contact ? "customers.contacts.edit" : "customers.contacts.add")}
      isComplete={draft.name.trim() !== "" && draft.role.trim() !== ""}
      save={() => save(customerId, contact, draft)}
      remove={contact && (() => remove(customerId, contact))}
      onDone={onDone}
    >
      <DraftFields
        draft={draft}
        set={(next) => {
          setDraft((old) => ({ ...old, ...next }));
        }}
      />
    </PartDialog>
  );
}

function draftOf(contact: Contact | undefined, language: Language): Draft {
  if (contact === undefined) return { name: "", role: "", phone: "", email: "", language };
  return {
    name: contact.name,
    role: contact.role,
    phone: contact.phone ?? "",
    email: contact.email ?? "",
    language: contact.language,
  };
}

function save(customerId: string, contact: Contact | undefined, draft: Draft): Promise<unknown> {
  if (contact === undefined)
    return answerOf(
      api.POST("/api/customers/{id}/contacts", {
        params: { path: { id: customerId } },
        body: draft,
      }),
    );
  return answerOf(
    api.PATCH("/api/customers/{id}/contacts/{contactId}", {
      ...one(customerId, contact),
      body: draft,
    }),
  );
}

const remove = (customerId: string, contact: Contact): Promise<unknown> =>
  doneOf(api.DELETE("/api/customers/{id}/contacts/{contactId}", one(customerId, contact)));

const one = (customerId: string, { id, version }: Contact) => ({
  params: { path: { id: customerId, contactId: id } },
  headers: ifMatch(version),
});

interface DraftFieldsProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
}

function DraftFields({ draft, set }: DraftFieldsProps) {
  const { t } = useSpeech();
  return (
    <>
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
              set({ [name]: event.target.value });
            }}
          />
        </Field>
      ))}
      <Field label={t("customers.language")}>
        <Select<Language>
          value={draft.language}
          onChange={(language) => {
            set({ language });
          }}
          options={[
            { value: "en", label: "English" },
            { value: "zh-CN", label: "简体中文" },
          ]}
        />
      </Field>
    </>
  );
}
