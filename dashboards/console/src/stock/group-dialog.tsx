import { useQuery } from "@tanstack/react-query";
import { Alert, Modal, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { groupsQuery } from "../api/stock-queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";

interface GroupDialogProps {
  readonly addresses: readonly number[];
  readonly close: () => void;
}

export function GroupDialog({ addresses, close }: GroupDialogProps) {
  const speech = useSpeech();
  const { t, format } = speech;
  const groups = useQuery(groupsQuery).data?.items ?? [];
  const [id, setId] = useState<number>();
  const [fault, setFault] = useState<string>();
  const [added, setAdded] = useState<{ readonly name: string; readonly count: number }>();
  const add = async (): Promise<void> => {
    if (id === undefined) return;
    setFault(undefined);
    try {
      const { changed, group } = await answerOf(
        api.POST("/api/groups/{id}/members/add", {
          params: { path: { id } },
          body: { addresses: [...addresses] },
        }),
      );
      setAdded({ name: group.name, count: changed });
      await queryClient.invalidateQueries({ queryKey: ["groups"] });
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  return (
    <Modal
      open
      title={t("deed.many", { deed: t("group.add"), count: format.number(addresses.length) })}
      okText={added === undefined ? t("group.add") : t("form.done")}
      cancelText={t("form.cancel")}
      okButtonProps={{ disabled: id === undefined }}
      onOk={() => {
        if (added === undefined) void add();
        else close();
      }}
      onCancel={close}
    >
      {added === undefined ? (
        <Select
          className="wide"
          aria-label={t("group.choose")}
          placeholder={t("group.choose")}
          showSearch={{ optionFilterProp: "label" }}
          value={id ?? null}
          onChange={setId}
          options={groups.map((group) => ({ value: group.id, label: group.name }))}
        />
      ) : (
        <p role="status">{t("group.added", { ...added, count: format.number(added.count) })}</p>
      )}
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
    </Modal>
  );
}
