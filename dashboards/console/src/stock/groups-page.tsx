import "./stock.css";
import "../groups/groups.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Alert, Button, Input, Modal, Popconfirm, Segmented } from "antd";
import { useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { groupsQuery } from "../api/stock-queries.ts";
import type { DeviceGroup } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { BOARDS, type Board as BoardName } from "../groups/groups-search.ts";
import { ToldState } from "../groups/told-state.tsx";
import { useToldWords } from "../groups/told-words.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";

export function GroupsPage() {
  const { t } = useSpeech();
  useTitle(t("nav.groups"));
  const may = useMay();
  const query = useQuery(groupsQuery);
  const { board } = useSearch({ from: "/groups" });
  const navigate = useNavigate({ from: "/groups" });
  useLiveEvent(useLive(), "group-command", () => {
    void queryClient.invalidateQueries({ queryKey: groupsQuery.queryKey });
  });
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
      <Segmented<BoardName | "all">
        className="group-boards"
        aria-label={t("tell.board")}
        value={board ?? "all"}
        options={[
          { value: "all", label: t("tell.all") },
          ...BOARDS.map((one) => ({ value: one, label: t(`tell.board.${one}`) })),
        ]}
        onChange={(next) => {
          void navigate({ search: next === "all" ? {} : { board: next }, replace: true });
        }}
      />
      <Loaded query={query} rows={8}>
        {({ items }) => <Board items={items} board={board} edit={setOpen} />}
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

interface BoardProps {
  readonly items: readonly DeviceGroup[];
  readonly board: BoardName | undefined;
  readonly edit: (group: DeviceGroup) => void;
}

function Board({ items, board, edit }: BoardProps) {
  const { t } = useSpeech();
  const shown = items.filter(({ profile }) => board === undefined || profile === board);
  if (items.length === 0)
    return <Empty title={t("groups.empty")} detail={t("groups.empty.detail")} />;
  if (shown.length === 0) return <Empty title={t("tell.board.none")} />;
  return (
    <div className="group-grid">
      {shown.map((group) => (
        <GroupCard key={group.id} group={group} edit={edit} />
      ))}
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
      <h2>
        <Link to="/groups/$id" params={{ id: String(group.id) }}>
          {group.name}
        </Link>
      </h2>
      <p className="soft">{group.note}</p>
      <LastTold group={group} />
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

function LastTold({ group: { last, nextSwitchAt } }: { readonly group: DeviceGroup }) {
  const { t } = useSpeech();
  const words = useToldWords();
  return (
    <div className="group-last">
      {last === null ? (
        <span className="soft">{t("tell.last.none")}</span>
      ) : (
        <span>
          {t("tell.last")}: <strong>{words.commandName(last.name)}</strong>{" "}
          {words.argumentsOf(last.name, last.arguments)} <Time at={last.createdAt} />{" "}
          <ToldState command={last} />
        </span>
      )}
      {nextSwitchAt === null ? undefined : (
        <span className="soft">
          {t("tell.next")} <Time at={nextSwitchAt} />
        </span>
      )}
    </div>
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
