import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Drawer } from "antd";
import { ApiError } from "../api/client.ts";
import type { AlarmDetail } from "../api/types.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { useMay, useMe } from "../identity/me.tsx";
import { SeverityMark } from "../notifications/severity.tsx";
import { Age, Time } from "../parts/age.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { AlarmHistory, Told } from "./alarm-history.tsx";
import { alarmQuery } from "./alarm-queries.ts";
import { AlarmMarks, AlarmState } from "./alarm-row.tsx";
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
              <Head alarm={alarm} />
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

function Head({ alarm }: AlarmProps) {
  const { label } = useSpeech();
  return (
    <>
      <div className="alarm-title">
        <SeverityMark of={alarm.severity} />
        <h2>{label(alarm.title)}</h2>
        <AlarmState alarm={alarm} />
        <AlarmMarks alarm={alarm} />
      </div>
      <Facts alarm={alarm} />
    </>
  );
}

function Facts({ alarm }: AlarmProps) {
  const { t } = useSpeech();
  const may = useMay();
  return (
    <dl className="pairs">
      <dt>{t("alarms.terminal")}</dt>
      <dd>
        <Link to="/terminals/$address" params={{ address: String(alarm.address) }}>
          {alarm.terminalName ?? alarm.address}
        </Link>{" "}
        {may("positions:read") ? (
          <>
            ·{" "}
            <Link to="/" search={{ terminal: alarm.address }}>
              {t("alarms.map")}
            </Link>
          </>
        ) : undefined}
      </dd>
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
        who={alarm.acknowledgedByName}
      />
      <When name={t("alarms.shelved.until")} at={alarm.shelvedUntil} />
      <Pair name={t("alarms.column.assignee")} value={alarm.assigneeName} />
    </dl>
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
      <Refusal error={deeds.doing.error} />
    </div>
  );
}
