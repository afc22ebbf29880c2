import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Popconfirm, Tag } from "antd";
import { useState } from "react";
import { queryClient } from "../api/queries.ts";
import type { Calendar, DeviceGroup, GroupCalendar, GroupOutlook } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { CalendarForm } from "./calendar-form.tsx";
import { CalendarPicture } from "./calendar-picture.tsx";
import { calendarQuery, deleteCalendar, judgeCalendar, saveCalendar } from "./group-queries.ts";

interface CalendarCardProps {
  readonly group: DeviceGroup;
  readonly outlook: GroupOutlook;
}

export function CalendarCard({ group, outlook }: CalendarCardProps) {
  const { t } = useSpeech();
  return (
    <section className="card" aria-label={t("calendar.title")}>
      <h2>{t("calendar.title")}</h2>
      <div className="group-body">
        <Loaded query={useQuery(calendarQuery(group.id))} rows={5}>
          {(stored) => (
            <Shown key={stored?.version ?? 0} stored={stored} outlook={outlook} group={group} />
          )}
        </Loaded>
      </div>
    </section>
  );
}

interface ShownProps extends CalendarCardProps {
  readonly stored: GroupCalendar | null;
}

function Shown({ group, outlook, stored }: ShownProps) {
  const speech = useSpeech();
  const { t } = speech;
  const may = useMay();
  const timeZone = useMe().user?.timeZone ?? "UTC";
  const [draft, setDraft] = useState<Calendar>();
  const [fault, setFault] = useState<string>();
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    setFault(undefined);
    try {
      await work();
      await queryClient.invalidateQueries({ queryKey: ["group-calendar", group.id] });
      await queryClient.invalidateQueries({ queryKey: ["groups"] });
      setDraft(undefined);
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  const shown = draft ?? stored?.calendar;
  return (
    <>
      {stored === null ? undefined : <Standing stored={stored} />}
      <Waiting
        stored={stored}
        outlook={outlook}
        judge={(how, version) => void attempt(() => judgeCalendar(group.id, how, version))}
      />
      {shown === undefined ? (
        <p className="soft">{t("calendar.none")}</p>
      ) : (
        <CalendarPicture calendar={shown} outlook={outlook} />
      )}
      {draft === undefined ? undefined : (
        <CalendarForm calendar={draft} outlook={outlook} change={setDraft} />
      )}
      {may("groups:command") && outlook.profile !== null ? (
        <CalendarDeeds
          isNew={stored === null}
          isEdited={draft !== undefined}
          edit={() => {
            setDraft(stored?.calendar ?? newCalendar(outlook, timeZone));
          }}
          leave={() => {
            setDraft(undefined);
          }}
          save={() =>
            void attempt(async () => {
              if (draft) await saveCalendar(group.id, draft, stored?.version ?? 0);
            })
          }
          remove={() => void attempt(() => deleteCalendar(group.id))}
        />
      ) : undefined}
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
    </>
  );
}

interface WaitingProps {
  readonly stored: GroupCalendar | null;
  readonly outlook: GroupOutlook;
  readonly judge: (how: "approve" | "reject", version: number) => void;
}

/** What somebody asked for and a second person must approve, drawn as it would be. */
function Waiting({ stored, outlook, judge }: WaitingProps) {
  const { t } = useSpeech();
  const mayJudge = useMay()("commands:approve");
  const { id: myId } = useMe();
  if (stored === null || stored.draft === null) return undefined;
  const { calendar, askedAt, askedById, askedByName } = stored.draft;
  const { version } = stored;
  return (
    <section className="group-forecast" aria-label={t("calendar.draft")}>
      <h3>{t("calendar.draft")}</h3>
      <p>
        {t("calendar.draft.asked", { name: askedByName })} <Time at={askedAt} />
      </p>
      <CalendarPicture calendar={calendar} outlook={outlook} />
      {mayJudge ? (
        <div className="roll-deeds">
          {myId === askedById ? undefined : (
            <Button
              type="primary"
              onClick={() => {
                judge("approve", version);
              }}
            >
              {t("tell.approve")}
            </Button>
          )}
          <Button
            onClick={() => {
              judge("reject", version);
            }}
          >
            {t("tell.reject")}
          </Button>
        </div>
      ) : undefined}
    </section>
  );
}

interface CalendarDeedsProps {
  readonly isNew: boolean;
  readonly isEdited: boolean;
  readonly edit: () => void;
  readonly leave: () => void;
  readonly save: () => void;
  readonly remove: () => void;
}

function CalendarDeeds({ isNew, isEdited, edit, leave, save, remove }: CalendarDeedsProps) {
  const { t } = useSpeech();
  return (
    <div className="roll-deeds">
      {isEdited ? (
        <>
          <Button type="primary" onClick={save}>
            {t("form.save")}
          </Button>
          <Button onClick={leave}>{t("form.cancel")}</Button>
        </>
      ) : (
        <Button onClick={edit}>{t(isNew ? "calendar.new" : "calendar.edit")}</Button>
      )}
      {isNew ? undefined : (
        <Popconfirm
          title={t("calendar.delete")}
          description={t("calendar.delete.detail")}
          okButtonProps={{ danger: true }}
          onConfirm={remove}
        >
          <Button danger>{t("calendar.delete")}</Button>
        </Popconfirm>
      )}
    </div>
  );
}

function Standing({ stored: { calendar, nextAt, problem } }: { readonly stored: GroupCalendar }) {
  const { t } = useSpeech();
  return (
    <>
      <p>
        <Tag>{t(calendar.isActive ? "calendar.active" : "calendar.paused")}</Tag>
        {nextAt === null ? undefined : (
          <>
            {t("tell.next")} <Time at={nextAt} />
          </>
        )}
      </p>
      {problem === null ? undefined : (
        <Alert type="warning" showIcon title={t("calendar.problem", { problem })} />
      )}
    </>
  );
}

/** Where most of its members are, by the clocks of whoever makes it. */
const newCalendar = ({ place }: GroupOutlook, timeZone: string): Calendar => ({
  ...{ isActive: true, timeZone, switches: [] },
  latitude: rounded(place?.latitude ?? 0),
  longitude: rounded(place?.longitude ?? 0),
});

const rounded = (degrees: number): number => Math.round(degrees * 10_000) / 10_000;
