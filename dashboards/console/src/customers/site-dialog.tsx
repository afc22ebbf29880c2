import { Input, InputNumber, Modal } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { customerChanged, ifMatch, type Site } from "./customer-queries.ts";
import { DialogFoot } from "./dialog-foot.tsx";
import { Field } from "./field.tsx";
import { Refusal } from "./refusal.tsx";
import { useDoing } from "./use-doing.ts";

interface SiteDialogProps {
  readonly customerId: string;
  /** Undefined: a new one. */
  readonly site: Site | undefined;
  readonly onDone: () => void;
}

interface Draft {
  readonly name: string;
  readonly address: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export function SiteDialog({ customerId, site, onDone }: SiteDialogProps) {
  const { t } = useSpeech();
  const [draft, setDraft] = useState(() => draftOf(site));
  const doing = useDoing();
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    const isDone = await doing.run(async () => {
      await work();
      await customerChanged(customerId);
    });
    if (isDone) onDone();
  };
  return (
    <Modal
      open
      title={t(site ? "customers.sites.edit" : "customers.sites.add")}
      onCancel={onDone}
      footer={
        <DialogFoot
          isBusy={doing.isBusy}
          isComplete={draft.name.trim() !== ""}
          onSave={() => void act(() => save(customerId, site, draft))}
          onCancel={onDone}
          onRemove={site && (() => void act(() => remove(customerId, site)))}
        />
      }
    >
      <div className="form">
        <DraftFields
          draft={draft}
          set={(next) => {
            setDraft((old) => ({ ...old, ...next }));
          }}
        />
        <div className="field-wide">
          <Refusal error={doing.error} />
        </div>
      </div>
    </Modal>
  );
}

function draftOf(site: Site | undefined): Draft {
  if (site === undefined) return { name: "", address: "", latitude: null, longitude: null };
  const { name, address, latitude, longitude } = site;
  return { name, address, latitude, longitude };
}

function save(customerId: string, site: Site | undefined, draft: Draft): Promise<unknown> {
  if (site === undefined)
    return answerOf(
      api.POST("/api/customers/{id}/sites", {
        params: { path: { id: customerId } },
        body: draft,
      }),
    );
  return answerOf(
    api.PATCH("/api/customers/{id}/sites/{siteId}", { ...one(customerId, site), body: draft }),
  );
}

const remove = (customerId: string, site: Site): Promise<unknown> =>
  doneOf(api.DELETE("/api/customers/{id}/sites/{siteId}", one(customerId, site)));

const one = (customerId: string, { id, version }: Site) => ({
  params: { path: { id: customerId, siteId: id } },
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
      <Field label={t("customers.sites.name")} wide>
        <Input
          autoFocus
          value={draft.name}
          maxLength={200}
          onChange={(event) => {
            set({ name: event.target.value });
          }}
        />
      </Field>
      <Field label={t("customers.address")} wide>
        <Input.TextArea
          autoSize={{ minRows: 1, maxRows: 4 }}
          value={draft.address}
          maxLength={500}
          onChange={(event) => {
            set({ address: event.target.value });
          }}
        />
      </Field>
      {(["latitude", "longitude"] as const).map((name) => (
        <Field key={name} label={t(`customers.${name}`)}>
          <InputNumber<number>
            value={draft[name]}
            min={name === "latitude" ? -90 : -180}
            max={name === "latitude" ? 90 : 180}
            step={0.0001}
            onChange={(value) => {
              set({ [name]: value });
            }}
          />
        </Field>
      ))}
    </>
  );
}
