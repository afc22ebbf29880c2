import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { GroupCommand, GroupCommandDetail, RollEntry } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { Loaded } from "../parts/states.tsx";
import { groupCommandQuery, outlookQuery, type RollState, rollQuery } from "./group-queries.ts";
import { ToldState } from "./told-state.tsx";
import { useToldWords } from "./told-words.ts";

/** The roll call of what the group was told last. */
export function RollCard({ latest }: { readonly latest: GroupCommand | undefined }) {
  const { t } = useSpeech();
  return (
    <section className="card" aria-label={t("tell.roll")}>
      <h2>{t("tell.roll")}</h2>
      <div className="group-body">
        {latest === undefined ? (
          <p className="soft">{t("tell.roll.none")}</p>
        ) : (
          <Latest key={latest.id} id={latest.id} />
        )}
      </div>
    </section>
  );
}

function Latest({ id }: { readonly id: string }) {
  return (
    <Loaded query={useQuery(groupCommandQuery(id))} rows={6}>
      {(command) => (
        <>
          <Head command={command} />
          <Deeds command={command} />
          {command.roll.members === 0 ? undefined : (
            <>
              <Counts roll={command.roll} />
              <Board command={command} />
              <Unanswered command={command} />
            </>
          )}
        </>
      )}
    </Loaded>
  );
}

interface CommandProps {
  readonly command: GroupCommandDetail;
}

function Head({ command }: CommandProps) {
  const { t, format } = useSpeech();
  const outlook = useQuery({
    ...outlookQuery(command.groupId ?? 0),
    enabled: command.groupId !== null,
  });
  const words = useToldWords(outlook.data?.commands);
  const { name, airMs, answersUntil, endedAt, createdAt, createdByName, roll } = command;
  return (
    <div className="roll-head">
      <strong>{words.commandName(name)}</strong>{" "}
      <span>{words.argumentsOf(name, command.arguments)}</span>
      <p>
        <ToldState command={command} />{" "}
        <span className="soft">
          <Time at={createdAt} /> {t("tell.by", { name: createdByName })}
        </span>
      </p>
      {roll.members === 0 ? undefined : (
        <p>
          {t("tell.roll.summary", {
            done: format.number(roll.done),
            members: format.number(roll.members),
          })}
          {" · "}
          {t("tell.roll.air", { air: format.decimal(airMs / 1000, 1) })}
          {endedAt === null && answersUntil !== null ? (
            <>
              {" · "}
              {t("tell.roll.until")} <Time at={answersUntil} />
            </>
          ) : undefined}
        </p>
      )}
    </div>
  );
}

const asked = (id: string) => ({ params: { path: { id } }, body: {} });
const DEEDS = {
  approve: (id: string) => api.POST("/api/group-commands/{id}/approve", asked(id)),
  reject: (id: string) => api.POST("/api/group-commands/{id}/reject", asked(id)),
  withdraw: (id: string) => api.POST("/api/group-commands/{id}/withdraw", asked(id)),
};

function Deeds({ command: { id, state, endedAt, createdById } }: CommandProps) {
  const speech = useSpeech();
  const { t } = speech;
  const may = useMay();
  const me = useMe();
  const [fault, setFault] = useState<string>();
  if (endedAt !== null) return undefined;
  const does = async (deed: keyof typeof DEEDS): Promise<void> => {
    setFault(undefined);
    try {
      await answerOf(DEEDS[deed](id));
      await queryClient.invalidateQueries({ queryKey: ["group-commands"] });
      await queryClient.invalidateQueries({ queryKey: ["group-command", id] });
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  const mayJudge = state === "drafted" && may("commands:approve");
  return (
    <div className="roll-deeds">
      {mayJudge && me.id !== createdById ? (
        <Button type="primary" onClick={() => void does("approve")}>
          {t("tell.approve")}
        </Button>
      ) : undefined}
      {mayJudge ? (
        <Button onClick={() => void does("reject")}>{t("tell.reject")}</Button>
      ) : undefined}
      {may("groups:command") ? (
        <Button onClick={() => void does("withdraw")}>{t("tell.withdraw")}</Button>
      ) : undefined}
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
    </div>
  );
}

const STATES: readonly RollState[] = [
  "answered",
  "awaited",
  "silent",
  "catching-up",
  "missed",
  "overtaken",
];

interface RollProps {
  readonly roll: GroupCommandDetail["roll"];
}

const countsOf = ({
  catchingUp,
  ...roll
}: RollProps["roll"]): Readonly<Record<RollState, number>> => ({
  ...roll,
  "catching-up": catchingUp,
});

function Counts({ roll }: RollProps) {
  const { t, format } = useSpeech();
  const counts = countsOf(roll);
  const shown = STATES.filter((state) => counts[state] > 0);
  return (
    <>
      <div className="roll-bar" aria-hidden="true">
        {shown.map((state) => (
          <i key={state} className={`roll-${state}`} style={{ flexGrow: counts[state] }} />
        ))}
      </div>
      <ul className="roll-legend">
        {shown.map((state) => (
          <li key={state}>
            <i className={`roll-dot roll-${state}`} aria-hidden="true" /> {t(`tell.roll.${state}`)}{" "}
            <strong>{format.number(counts[state])}</strong>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Every member a square, by address; whoever cannot see it has the counts and the list. */
function Board({ command: { id, endedAt } }: CommandProps) {
  const { t } = useSpeech();
  const query = useInfiniteQuery(rollQuery(id, endedAt === null));
  const members = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <div className="roll-board" role="img" aria-label={t("tell.roll.grid")}>
        {members.map((member) => (
          <Square key={member.address} member={member} />
        ))}
      </div>
      {query.hasNextPage ? (
        <Button
          size="small"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("tell.roll.more")}
        </Button>
      ) : undefined}
    </>
  );
}

function Square({ member: { terminalName, state } }: { readonly member: RollEntry }) {
  const { t } = useSpeech();
  return (
    <i className={`roll-dot roll-${state}`} title={`${terminalName}: ${t(`tell.roll.${state}`)}`} />
  );
}

const OPEN: readonly RollState[] = ["silent", "catching-up", "missed"];

function Unanswered({ command }: CommandProps) {
  const { t } = useSpeech();
  const { id, endedAt, roll } = command;
  const counts = countsOf(roll);
  const open = OPEN.filter((state) => counts[state] > 0);
  if (open.length === 0)
    return roll.awaited > 0 ? undefined : <p role="status">{t("tell.roll.open.none")}</p>;
  return (
    <>
      <h3>{t("tell.roll.open")}</h3>
      {open.map((state) => (
        <OpenList key={state} id={id} state={state} isOpen={endedAt === null} />
      ))}
    </>
  );
}

interface OpenListProps {
  readonly id: string;
  readonly state: RollState;
  readonly isOpen: boolean;
}

const LISTED_MAX = 100;

function OpenList({ id, state, isOpen }: OpenListProps) {
  const { t } = useSpeech();
  const query = useInfiniteQuery(rollQuery(id, isOpen, state));
  const members = query.data?.pages[0]?.items.slice(0, LISTED_MAX) ?? [];
  return (
    <ul className="roll-open">
      {members.map(({ address, terminalName, since, hasKey, lastAnsweredAt }) => (
        <li key={address}>
          <i className={`roll-dot roll-${state}`} aria-hidden="true" />
          <Link to="/terminals/$address" params={{ address: String(address) }}>
            {terminalName}
          </Link>
          <span>{t(`tell.roll.${state}`)}</span>
          <span className="soft">
            {t("tell.roll.since")} <Time at={since} />
            {hasKey ? "" : ` · ${t("tell.roll.no-key")}`}
            {" · "}
            {t("tell.roll.before")}{" "}
            {lastAnsweredAt === null ? t("tell.roll.never") : <Time at={lastAnsweredAt} />}
          </span>
        </li>
      ))}
    </ul>
  );
}
