import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Drawer, Dropdown } from "antd";
import { ApiError } from "../api/client.ts";
import type { AlarmDetail } from "../api/types.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { useMay, useMe } from "../identity/me.tsx";
import { Age, Time } from "../parts/age.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { whoText } from "../parts/who.ts";
import { AlarmHistory, Told } from "./alarm-history.tsx";
import { alarmQuery } from "./alarm-queries.ts";
import { AlarmTitle } from "./alarm-title.tsx";
import type { Asked } from "./deed-dialogs.tsx";
import { Explanation } from "./explanation.tsx";
import type { Deeds } from "./use-deeds.ts";

interface AlarmDrawerProps {
  readonly id: string;
  readonly deeds: Deeds;
  readonly ask: (asked: Asked) => void;
  readonly close: () => void;
}

/** One alarm: why it was raised, who was told, what happened since, and what one can do. */
export function AlarmDrawer({ id, deeds, ask, close }: AlarmDrawerProps) {
  const { t } = useSpeech();
  const isPhone = useIsPhone();
  const may = useMay();
  const query = useQuery(alarmQuery(id));
  const isMissing = query.error instanceof ApiError && query.error.status === 404;
  return (
    <Drawer
      open
      onClose={close}
      title={t("alarms.column.what")}
      size={isPhone ? "100%" : 560}
      mask={isPhone}
      styles={{ body: { padding: "14px 0" } }}
    >
      {isMissing ? (
        <Empty title={t("alarms.missing")} detail={t("alarms.missing.detail")} />
      ) : (
        <Loaded query={query} rows={12}>
          {(alarm) => (
            <>
              <AlarmTitle alarm={alarm} />
              <Facts alarm={alarm} />
              {may("alarms:work") ? <Work alarm={alarm} deeds={deeds} ask={ask} /> : undefined}
              <Explanation alarm={alarm} />
              {may("notifications:read") ? <Told id={alarm.id} /> : undefined}
              <AlarmHistory transitions={alarm.transitions} />
            </>
          )}
        </Loaded>
      )}
    </Drawer>
  );
}

interface AlarmProps {
  readonly alarm: AlarmDetail;
}

/** The address of an alarm that tells of the network itself. */
const OF_NO_TERMINAL = 0;

function OfTerminal({ alarm: { address, terminalName } }: AlarmProps) {
  const { t } = useSpeech();
  const may = useMay();
  if (address === OF_NO_TERMINAL) return undefined;
  return (
    <>
      <dt>{t("alarms.terminal")}</dt>
      <dd>
        <Link to="/terminals/$address" params={{ address: String(address) }}>
          {terminalName ?? address}
        </Link>{" "}
        {may("positions:read") ? (
          <>
            ·{" "}
            <Link to="/" search={{ terminal: address }}>
              {t("alarms.map")}
            </Link>
          </>
        ) : undefined}
      </dd>
    </>
  );
}

function Facts({ alarm }: AlarmProps) {
  const speech = useSpeech();
  const { t } = speech;
  return (
    <dl className="pairs">
      <OfTerminal alarm={alarm} />
      <Pair name={t("alarms.asset")} value={alarm.assetName} />
      <Pair name={t("alarms.customer")} value={alarm.customerName} />
      <dt>{t("alarms.began")}</dt>
      <dd>
        <Time at={alarm.openedAt} /> (<Age at={alarm.openedAt} />)
      </dd>
      <When name={t("alarms.ended")} at={alarm.clearedAt} />
      <When
        name={t("alarms.acknowledged.by")}
        at={alarm.acknowledgedAt}
        who={whoText(speech, alarm.acknowledgedBy, alarm.acknowledgedByName)}
      />
      <When name={t("alarms.shelved.until")} at={alarm.shelvedUntil} />
      <Pair
        name={t("alarms.column.assignee")}
        value={whoText(speech, alarm.assignee, alarm.assigneeName)}
      />
      <PartOf alarm={alarm} />
    </dl>
  );
}

/** The incident that it was folded into, and the case that it has opened. */
function PartOf({ alarm: { incidentId, caseId } }: AlarmProps) {
  const { t } = useSpeech();
  const may = useMay();
  return (
    <>
      {incidentId !== null && may("incidents:read") ? (
        <>
          <dt>{t("alarms.incident")}</dt>
          <dd>
            <Link to="/incidents/$id" params={{ id: incidentId }}>
              {t("alarms.incident.open")}
            </Link>
          </dd>
        </>
      ) : undefined}
      {caseId === null ? undefined : (
        <>
          <dt>{t("alarms.case")}</dt>
          <dd>
            <Link to="/cases/$id" params={{ id: caseId }}>
              {t("alarms.case.open")}
            </Link>
          </dd>
        </>
      )}
    </>
  );
}

function Pair({ name, value }: { readonly name: string; readonly value: string | null }) {
  if (value === null) return undefined;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

interface WhenProps {
  readonly name: string;
  readonly at: string | null;
  readonly who?: string | null;
}

function When({ name, at, who }: WhenProps) {
  if (at === null) return undefined;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Time at={at} /> {who}
      </dd>
    </>
  );
}

type WorkProps = AlarmProps & Pick<AlarmDrawerProps, "deeds" | "ask">;

function Work({ alarm, deeds, ask }: WorkProps) {
  const { t } = useSpeech();
  const me = useMe();
  const ids = [alarm.id];
  const isMine = alarm.assignee === me.id;
  const isShelved = alarm.shelvedUntil !== null;
  return (
    <div className="alarm-work">
      {alarm.acknowledgedAt === null ? (
        <Button
          type="primary"
          loading={deeds.doing.isBusy}
          onClick={() => void deeds.acknowledge(ids)}
        >
          {t("alarms.acknowledge")}
        </Button>
      ) : undefined}
      <Button onClick={() => void deeds.assign(ids, !isMine)}>
        {t(isMine ? "alarms.assign.nobody" : "alarms.assign.me")}
      </Button>
      <Button
        onClick={() => {
          if (isShelved) void deeds.shelve(ids, null, "");
          else ask({ deed: "shelve", ids });
        }}
      >
        {t(isShelved ? "alarms.unshelve" : "alarms.shelve")}
      </Button>
      <Button
        onClick={() => {
          ask({ deed: "comment", ids });
        }}
      >
        {t("alarms.comment")}
      </Button>
      {alarm.caseId === null && alarm.address !== OF_NO_TERMINAL && !alarm.isDrill ? (
        <OpenCase alarm={alarm} deeds={deeds} />
      ) : undefined}
      <Refusal error={deeds.doing.error} />
    </div>
  );
}

/** For an alarm whose rule opens none: somebody must be helped all the same. */
function OpenCase({ alarm, deeds }: Pick<WorkProps, "alarm" | "deeds">) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const open = async (kind: "panic" | "breakdown"): Promise<void> => {
    const opened = await deeds.openCase(alarm.id, kind);
    if (opened !== undefined) void navigate({ to: "/cases/$id", params: { id: opened } });
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: (["breakdown", "panic"] as const).map((kind) => ({
          key: kind,
          label: t(`cases.kind.${kind}`),
          onClick: () => void open(kind),
        })),
      }}
    >
      <Button>{t("alarms.case.new")}</Button>
    </Dropdown>
  );
}
