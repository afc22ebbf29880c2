import { useQuery } from "@tanstack/react-query";
import { Button, Input, InputNumber, Modal, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Loaded } from "../parts/states.tsx";
import type { CustomerPart } from "./contacts-card.tsx";
import { customerChanged, ifMatch, type Site, sitesQuery } from "./customer-queries.ts";
import { Field } from "./field.tsx";
import { Refusal } from "./refusal.tsx";
import { SitesMap } from "./sites-map.tsx";
import { useDoing } from "./use-doing.ts";

/** Where the customer is, on a small map. */
export function SitesCard({ customer, mayChange }: CustomerPart) {
  const { t, format } = useSpeech();
  const query = useQuery(sitesQuery(customer.id));
  const [open, setOpen] = useState<Site | "new">();
  return (
    <section className="card">
      <h2>
        {t("customers.sites")}
        {mayChange ? (
          <Button
            size="small"
            onClick={() => {
              setOpen("new");
            }}
          >
            {t("customers.sites.add")}
          </Button>
        ) : undefined}
      </h2>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t("customers.sites.none")}</p>
          ) : (
            <>
              <SitesMap sites={items} />
              <ul className="rows">
                {items.map((site) => (
                  <li key={site.id}>
                    <span className="contact">
                      <strong>{site.name}</strong>
                      <span className="soft lines">{site.address}</span>
                      {site.latitude === null || site.longitude === null ? (
                        <span className="soft">{t("customers.sites.unplaced")}</span>
                      ) : (
                        <span className="mono soft">
                          {format.coordinates(site.latitude, site.longitude)}
                        </span>
                      )}
                    </span>
                    {mayChange ? (
                      <Button
                        className="end"
                        size="small"
                        type="text"
                        onClick={() => {
                          setOpen(site);
                        }}
                      >
                        {t("customers.edit")}
                      </Button>
                    ) : undefined}
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
      {open === undefined ? undefined : (
        <SiteDialog
          customerId={customer.id}
          site={open === "new" ? undefined : open}
          onDone={() => {
            setOpen(undefined);
          }}
        />
      )}
    </section>
  );
}

interface SiteDialogProps {
  readonly customerId: string;
  readonly site: Site | undefined;
  readonly onDone: () => void;
}

function SiteDialog({ customerId, site, onDone }: SiteDialogProps) {
  const { t } = useSpeech();
  const [draft, setDraft] = useState({
    name: site?.name ?? "",
    address: site?.address ?? "",
    latitude: site?.latitude ?? null,
    longitude: site?.longitude ?? null,
  });
  const doing = useDoing();
  const params = { path: { id: customerId, siteId: site?.id ?? "" } };
  const headers = ifMatch(site?.version ?? 0);
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    const isDone = await doing.run(async () => {
      await work();
      await customerChanged(customerId);
    });
    if (isDone) onDone();
  };
  const save = (): Promise<unknown> =>
    site === undefined
      ? answerOf(
          api.POST("/api/customers/{id}/sites", {
            params: { path: { id: customerId } },
            body: draft,
          }),
        )
      : answerOf(api.PATCH("/api/customers/{id}/sites/{siteId}", { params, headers, body: draft }));
  return (
    <Modal
      open
      title={t(site ? "customers.sites.edit" : "customers.sites.add")}
      onCancel={onDone}
      footer={
        <div className="dialog-foot">
          {site === undefined ? undefined : (
            <Popconfirm
              title={t("customers.remove.sure")}
              okText={t("customers.remove")}
              cancelText={t("customers.cancel")}
              onConfirm={() =>
                void act(() =>
                  doneOf(api.DELETE("/api/customers/{id}/sites/{siteId}", { params, headers })),
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
            disabled={draft.name.trim() === ""}
            onClick={() => void act(save)}
          >
            {t("customers.save")}
          </Button>
        </div>
      }
    >
      <div className="form">
        <Field label={t("customers.sites.name")} wide>
          <Input
            autoFocus
            value={draft.name}
            maxLength={200}
            onChange={(event) => {
              setDraft((old) => ({ ...old, name: event.target.value }));
            }}
          />
        </Field>
        <Field label={t("customers.address")} wide>
          <Input.TextArea
            autoSize={{ minRows: 1, maxRows: 4 }}
            value={draft.address}
            maxLength={500}
            onChange={(event) => {
              setDraft((old) => ({ ...old, address: event.target.value }));
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
                setDraft((old) => ({ ...old, [name]: value }));
              }}
            />
          </Field>
        ))}
        <div className="field-wide">
          <Refusal error={doing.error} />
        </div>
      </div>
    </Modal>
  );
}
