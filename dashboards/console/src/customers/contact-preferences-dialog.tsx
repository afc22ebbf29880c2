import { useQuery } from "@tanstack/react-query";
import { Button, ConfigProvider, Modal } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import type { MyPreferences, Preferences } from "../notifications/notification-queries.ts";
import { PreferencesFields } from "../notifications/preferences-fields.tsx";
import { Loaded } from "../parts/states.tsx";
import type { Contact } from "./customer-queries.ts";
import { Refusal } from "./refusal.tsx";
import { contactPreferencesQuery, saveContactPreferences } from "./told-queries.ts";
import { useDoing } from "./use-doing.ts";

interface ContactPreferencesProps {
  readonly customerId: string;
  /** By whose clock the contact's quiet hours are. */
  readonly timeZone: string;
  readonly contact: Contact;
  readonly mayChange: boolean;
  readonly close: () => void;
}

/** What a contact, who has no account, is told and how. */
export function ContactPreferencesDialog(props: ContactPreferencesProps) {
  const { customerId, contact, close } = props;
  const { t } = useSpeech();
  const query = useQuery(contactPreferencesQuery({ id: customerId, contactId: contact.id }));
  return (
    <Modal open title={t("told.title", { name: contact.name })} footer={null} onCancel={close}>
      <p className="soft">
        {t("told.by", {
          email: contact.email ?? t("told.none"),
          phone: contact.phone ?? t("told.none"),
        })}
      </p>
      <Loaded query={query} rows={6}>
        {(stored) => <Form {...props} stored={stored} />}
      </Loaded>
    </Modal>
  );
}

function Form(props: ContactPreferencesProps & { readonly stored: MyPreferences }) {
  const { customerId, timeZone, contact, mayChange, close, stored } = props;
  const { t } = useSpeech();
  const [given, setGiven] = useState<Preferences>(stored.preferences);
  const doing = useDoing();
  const save = async (): Promise<void> => {
    const path = { id: customerId, contactId: contact.id };
    const isDone = await doing.run(() => saveContactPreferences(path, given, stored.version));
    if (isDone) close();
  };
  return (
    <form
      className="told-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset className="plain-set" disabled={!mayChange}>
        <ConfigProvider componentDisabled={!mayChange}>
          <PreferencesFields
            given={given}
            setGiven={setGiven}
            setUp={stored.setUp}
            zone={timeZone}
          />
        </ConfigProvider>
      </fieldset>
      <Refusal error={doing.error} />
      {mayChange ? (
        <Button type="primary" htmlType="submit" loading={doing.isBusy}>
          {t("form.save")}
        </Button>
      ) : undefined}
    </form>
  );
}
