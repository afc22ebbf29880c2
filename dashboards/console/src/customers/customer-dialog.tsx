import { useQuery } from "@tanstack/react-query";
import { Input, Modal, Segmented, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { CustomerChoice } from "./customer-choice.tsx";
import {
  type Customer,
  type CustomerKind,
  customerChanged,
  customerTagsQuery,
  ifMatch,
} from "./customer-queries.ts";
import { Field } from "./field.tsx";
import { Refusal } from "./refusal.tsx";
import { useDoing } from "./use-doing.ts";

interface CustomerDialogProps {
  /** Undefined: a new one. */
  readonly customer?: Customer;
  /** Undefined: nothing was saved. */
  readonly onDone: (saved: { readonly id: string } | undefined) => void;
}

const ZONES: readonly string[] = Intl.supportedValuesOf("timeZone");
const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

interface Draft {
  readonly kind: CustomerKind;
  readonly name: string;
  readonly parentId: string | null;
  readonly email: string;
  readonly phone: string;
  readonly address: string;
  readonly taxId: string;
  readonly language: Customer["language"];
  readonly timeZone: string;
  readonly tags: Customer["tags"];
}

const BLANK: Omit<Draft, "language"> = {
  kind: "organisation",
  name: "",
  parentId: null,
  email: "",
  phone: "",
  address: "",
  taxId: "",
  timeZone: OWN_ZONE,
  tags: [],
};

function draftOf(customer: Customer | undefined, language: Draft["language"]): Draft {
  if (customer === undefined) return { ...BLANK, language };
  return {
    kind: customer.kind,
    name: customer.name,
    parentId: customer.parentId,
    email: customer.email ?? "",
    phone: customer.phone ?? "",
    address: customer.address ?? "",
    taxId: customer.taxId ?? "",
    language: customer.language,
    timeZone: customer.timeZone,
    tags: customer.tags,
  };
}

/** A customer's own fields, of a new one or of one that is there. */
export function CustomerDialog({ customer, onDone }: CustomerDialogProps) {
  const { t, language } = useSpeech();
  const [draft, setDraft] = useState(() => draftOf(customer, language));
  const doing = useDoing();
  const set = (next: Partial<Draft>): void => {
    setDraft((old) => ({ ...old, ...next }));
  };
  const save = async (): Promise<void> => {
    let id = customer?.id;
    const isDone = await doing.run(async () => {
      id = await saved(customer, draft);
      await customerChanged(id);
    });
    if (isDone && id !== undefined) onDone({ id });
  };
  return (
    <Modal
      open
      title={t(customer ? "customers.edit" : "customers.add")}
      okText={t("customers.save")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ disabled: draft.name.trim() === "" }}
      confirmLoading={doing.isBusy}
      width={640}
      onOk={() => void save()}
      onCancel={() => {
        onDone(undefined);
      }}
    >
      <div className="form">
        <Segmented<CustomerKind>
          className="field-wide"
          aria-label={t("customers.kind")}
          value={draft.kind}
          onChange={(kind) => {
            set({ kind });
          }}
          options={[
            { value: "organisation", label: t("customers.kind.organisation") },
            { value: "person", label: t("customers.kind.person") },
          ]}
        />
        <TextFields draft={draft} set={set} />
        <Choices draft={draft} set={set} customer={customer} />
        <div className="field-wide">
          <Refusal error={doing.error} />
        </div>
      </div>
    </Modal>
  );
}

async function saved(customer: Customer | undefined, draft: Draft): Promise<string> {
  if (customer === undefined)
    return (await answerOf(api.POST("/api/customers", { body: draft }))).id;
  const call = api.PATCH("/api/customers/{id}", {
    params: { path: { id: customer.id } },
    headers: ifMatch(customer.version),
    body: draft,
  });
  return (await answerOf(call)).id;
}

interface DraftProps {
  readonly draft: Draft;
  readonly set: (next: Partial<Draft>) => void;
}

function TextFields({ draft, set }: DraftProps) {
  const { t } = useSpeech();
  const fields = ["name", "email", "phone", "taxId", "address"] as const;
  return fields.map((name) => (
    <Field key={name} label={t(`customers.${name}`)} wide={name === "name" || name === "address"}>
      {name === "address" ? (
        <Input.TextArea
          autoSize={{ minRows: 1, maxRows: 4 }}
          value={draft.address}
          maxLength={500}
          onChange={(event) => {
            set({ address: event.target.value });
          }}
        />
      ) : (
        <Input
          value={draft[name]}
          maxLength={200}
          autoFocus={name === "name"}
          onChange={(event) => {
            set({ [name]: event.target.value });
          }}
        />
      )}
    </Field>
  ));
}

function Choices({
  draft,
  set,
  customer,
}: DraftProps & { readonly customer: Customer | undefined }) {
  const { t } = useSpeech();
  const tags = useQuery(customerTagsQuery).data?.items ?? [];
  return (
    <>
      <Field label={t("customers.parent")} hint={t("customers.parent.hint")} wide>
        <CustomerChoice
          value={draft.parentId}
          kind="organisation"
          except={customer?.id}
          nobody={t("customers.parent.none")}
          onChange={(parentId) => {
            set({ parentId });
          }}
        />
      </Field>
      <Field label={t("customers.language")}>
        <Select<"en" | "zh-CN">
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
      <Field label={t("customers.timeZone")}>
        <Select
          showSearch
          value={draft.timeZone}
          onChange={(timeZone: string) => {
            set({ timeZone });
          }}
          options={ZONES.map((zone) => ({ value: zone, label: zone }))}
        />
      </Field>
      <Field label={t("customers.tags")} hint={t("customers.tags.hint")} wide>
        <Select<string[]>
          mode="tags"
          tokenSeparators={[","]}
          value={draft.tags}
          onChange={(next) => {
            set({ tags: next });
          }}
          options={tags.map(({ tag }) => ({ value: tag, label: tag }))}
        />
      </Field>
    </>
  );
}
