import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { groupsQuery } from "../api/stock-queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay } from "../identity/me.tsx";
import { DEEDS, type Deed, DeedDialog } from "./deed-dialog.tsx";
import { GroupDialog } from "./group-dialog.tsx";

const DONE_AT_ONCE_MAX = 1_000;

interface SelectionProps {
  readonly selected: ReadonlySet<number>;
  /** The group whose members are shown, if the list is of one. */
  readonly groupId: number | undefined;
  readonly clear: () => void;
}

/** What may be done to all that are selected. */
export function Selection({ selected, groupId, clear }: SelectionProps) {
  const { t, format } = useSpeech();
  const may = useMay();
  const [open, setOpen] = useState<Deed | "group">();
  const isTooMany = selected.size > DONE_AT_ONCE_MAX;
  const close = (): void => {
    setOpen(undefined);
    clear();
  };
  return (
    <div className="selection" role="toolbar" aria-label={t("stock.selected", { count: "" })}>
      <strong>{t("stock.selected", { count: format.number(selected.size) })}</strong>
      {isTooMany ? t("stock.selected.max", { count: format.number(DONE_AT_ONCE_MAX) }) : undefined}
      {DEEDS.map((deed) => (
        <Button
          key={deed}
          size="small"
          danger={deed === "retire"}
          disabled={isTooMany}
          onClick={() => {
            setOpen(deed);
          }}
        >
          {t(`deed.${deed}`)}
        </Button>
      ))}
      {may("groups:write") ? (
        <Button
          size="small"
          disabled={isTooMany}
          onClick={() => {
            setOpen("group");
          }}
        >
          {t("group.add")}
        </Button>
      ) : undefined}
      {may("groups:write") && groupId !== undefined ? (
        <Leave groupId={groupId} addresses={[...selected]} isTooMany={isTooMany} done={clear} />
      ) : undefined}
      <Button size="small" type="text" onClick={clear}>
        {t("stock.unselect")}
      </Button>
      {open === undefined ? undefined : open === "group" ? (
        <GroupDialog addresses={[...selected]} close={close} />
      ) : (
        <DeedDialog deed={open} addresses={[...selected]} close={close} />
      )}
    </div>
  );
}

interface LeaveProps {
  readonly groupId: number;
  readonly addresses: readonly number[];
  readonly isTooMany: boolean;
  readonly done: () => void;
}

/** Takes those that are selected out of the group that the list shows. */
function Leave({ groupId, addresses, isTooMany, done }: LeaveProps) {
  const speech = useSpeech();
  const { t, format } = speech;
  const group = useQuery(groupsQuery).data?.items.find(({ id }) => id === groupId);
  const [fault, setFault] = useState<string>();
  const leave = async (): Promise<void> => {
    setFault(undefined);
    try {
      await answerOf(
        api.POST("/api/groups/{id}/members/remove", {
          params: { path: { id: groupId } },
          body: { addresses: [...addresses] },
        }),
      );
      done();
      await queryClient.invalidateQueries({ queryKey: ["groups"] });
      await queryClient.invalidateQueries({ queryKey: ["stock"] });
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  return (
    <>
      <Popconfirm
        title={t("groups.remove.confirm", {
          count: format.number(addresses.length),
          name: group?.name ?? "",
        })}
        disabled={isTooMany}
        onConfirm={() => void leave()}
      >
        <Button size="small" disabled={isTooMany}>
          {t("groups.remove.selected")}
        </Button>
      </Popconfirm>
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
    </>
  );
}
