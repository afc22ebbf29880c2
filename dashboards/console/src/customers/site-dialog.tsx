import { Input, InputNumber } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { ifMatch, type Site } from "./customer-queries.ts";
import { Field } from "./field.tsx";
import { PartDialog } from "./part-dialog.tsx";

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
  return (
    <PartDialog
      customerId={customerId}
      title={t(site ? "customers.sites.edit" : "customers.sites.add")}
      isComplete={draft.name.trim() !== ""}
      save={() => save(customerId, site, draft)}
      remove={site && (() => remove(customerId, site))}
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
