import "./stock.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Input, Modal, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { groupsQuery } from "../api/stock-queries.ts";
import type { DeviceGroup } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay } from "../identity/me.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";

export function GroupsPage() {
  const { t } = useSpeech();
  useTitle(t("nav.groups"));
  const may = useMay();
  const query = useQuery(groupsQuery);
  const [open, setOpen] = useState<DeviceGroup | "new">();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("nav.groups")}</h1>
        <span className="grow" />
        {may("groups:write") ? (
          <Button
            type="primary"
            onClick={() => {
              setOpen("new");
            }}
          >
            {t("groups.new")}
          </Button>
        ) : undefined}
      </div>
      <Loaded query={query} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t("groups.empty")} detail={t("groups.empty.detail")} />
          ) : (
            <div className="group-grid">
              {items.map((group) => (
                <GroupCard key={group.id} group={group} edit={setOpen} />
              ))}
            </div>
          )
        }
      </Loaded>
      {open === undefined ? undefined : (
        <GroupForm
          group={open === "new" ? undefined : open}
          close={() => {
            setOpen(undefined);
          }}
        />
      )}
    </div>
  );
}

interface GroupCardProps {
  readonly group: DeviceGroup;
  readonly edit: (group: DeviceGroup) => void;
}

function GroupCard({ group, edit }: GroupCardProps) {
  const { t, format } = useSpeech();
  const may = useMay();
  return (
    <article className="card" aria-label={group.name}>
      <h2>{group.name}</h2>
      <p className="soft">{group.note}</p>
      <div className="import-actions">
        <span>{t("groups.members.count", { count: format.number(group.members) })}</span>
        <Link to="/stock" search={{ groupId: group.id }}>
          {t("groups.members.show")}
        </Link>
        {may("groups:write") ? (
          <Button
            size="small"
            onClick={() => {
              edit(group);
            }}
          >
            {t("gateway.manage")}
          </Button>
        ) : undefined}
      </div>
    </article>
  );
}

const requestOf = ({ id, version }: DeviceGroup) => ({
  params: { path: { id } },
  headers: { "If-Match": `"${version}"` },
});

const deleteGroup = (group: DeviceGroup) =>
  doneOf(api.DELETE("/api/groups/{id}", requestOf(group)));

const saveGroup = (
  group: DeviceGroup | undefined,
  body: { readonly name: string; readonly note: string },
) =>
  group === undefined
    ? answerOf(api.POST("/api/groups", { body }))
    : answerOf(api.PATCH("/api/groups/{id}", { ...requestOf(group), body }));

interface GroupFormProps {
  readonly group: DeviceGroup | undefined;
  readonly close: () => void;
}

function GroupForm({ group, close }: GroupFormProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [name, setName] = useState(group?.name ?? "");
  const [note, setNote] = useState(group?.note ?? "");
  const [fault, setFault] = useState<string>();
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    setFault(undefined);
    try {
      await work();
      await queryClient.invalidateQueries({ queryKey: groupsQuery.queryKey });
      close();
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  const body = { name: name.trim(), note: note.trim() };
  const save = () => attempt(() => saveGroup(group, body));
  return (
    <Modal
      open
      title={group === undefined ? t("groups.new") : group.name}
      okText={t("form.save")}
      cancelText={t("form.cancel")}
      okButtonProps={{ disabled: body.name === "" }}
      onOk={() => void save()}
      onCancel={close}
    >
      <label className="form-field">
        {t("groups.name")}
        <Input
          autoFocus
          maxLength={200}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </label>
      <label className="form-field">
        {t("groups.note")}
        <Input.TextArea
          rows={3}
          maxLength={2_000}
          value={note}
          onChange={(event) => {
            setNote(event.target.value);
          }}
        />
      </label>
      <p className="soft">{t("groups.fill")}</p>
      {group === undefined ? undefined : (
        <Popconfirm
          title={t("groups.delete")}
          description={t("groups.delete.detail")}
          okButtonProps={{ danger: true }}
          onConfirm={() => void attempt(() => deleteGroup(group))}
        >
          <Button danger>{t("groups.delete")}</Button>
        </Popconfirm>
      )}
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
    </Modal>
  );
}
