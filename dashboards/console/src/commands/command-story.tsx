import "./commands.css";
import { Link } from "@tanstack/react-router";
import { Button, Popconfirm } from "antd";
import type { CommandDetail } from "../api/types.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useMay, useMe } from "../identity/me.tsx";
import { Time } from "../parts/age.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { whoText } from "../parts/who.ts";
import { useNow } from "../time/use-now.ts";
import { ApprovalForm } from "./approval-form.tsx";
import { CommandEvidence } from "./command-evidence.tsx";
import { argumentTexts, ClassMark, commandName, StateMark } from "./command-marks.tsx";
import { CommandSteps } from "./command-steps.tsx";
import { isOver, useCommandWords } from "./command-words.ts";
import { useCommandDeeds } from "./use-command-deeds.ts";

interface CommandProps {
  readonly command: CommandDetail;
}

/** How far a command is, what proves it, and what one can still do about it. */
export function CommandStory({ command }: CommandProps) {
  return (
    <>
      <Head command={command} />
      <CommandSteps command={command} />
      <Decision command={command} />
      <Facts command={command} />
      <CommandEvidence command={command} />
    </>
  );
}

function Head({ command }: CommandProps) {
  const words = useCommandWords();
  const { w, label } = words;
  const profiles = useProfiles();
  const { state, reason, evidence } = command;
  const field = evidence.findLast((each) => each.reason === reason)?.detail?.["label"];
  return (
    <div className="command-head">
      <h2>{commandName(profiles, words, command)}</h2>
      <p>{argumentTexts(profiles, words, command).join(", ")}</p>
      <p role="status">
        <StateMark of={state} /> <span className="soft">{w(`meaning.${state}`)}</span>
      </p>
      {reason === null ? undefined : (
        <p className={isOver(command) ? "alert-text" : ""}>
          {isLabel(field)
            ? w("reason.of", { reason: words.worded("reason", reason), what: label(field) })
            : words.worded("reason", reason)}
        </p>
      )}
    </div>
  );
}

const isLabel = (value: unknown): value is { readonly en: string; readonly "zh-CN": string } =>
  typeof value === "object" && value !== null && "en" in value && "zh-CN" in value;

/** For the second person the decision, for whoever may send the way back. */
function Decision({ command }: CommandProps) {
  const { w, format } = useCommandWords();
  const may = useMay();
  const { id: myId } = useMe();
  const now = useNow();
  const isOwn = command.createdById === myId;
  if (isOver(command)) return undefined;
  return (
    <>
      {command.state === "drafted" && isOwn ? (
        <p className="command-note">
          {w("approve.own", { time: format.time(command.approveBy, now) })}
        </p>
      ) : undefined}
      {command.state === "drafted" && !isOwn && may("commands:approve") ? (
        <ApprovalForm command={command} />
      ) : undefined}
      {may("commands:send") && (isOwn || command.state !== "drafted") ? (
        <Withdraw command={command} />
      ) : undefined}
    </>
  );
}

function Withdraw({ command }: CommandProps) {
  const { w, t } = useCommandWords();
  const { doing, does } = useCommandDeeds();
  const isAsked = command.evidence.some(({ what }) => what === "withdraw");
  const isOut = command.evidence.some(({ state }) => state === "on-air");
  if (isAsked) return <p className="command-note">{w("withdraw.asked")}</p>;
  if (command.state === "acknowledged") return undefined;
  return (
    <div className="command-work">
      <Popconfirm
        title={w("withdraw.sure")}
        {...(isOut ? { description: w("withdraw.sure.out") } : {})}
        okText={w("withdraw.button")}
        cancelText={t("app.close")}
        onConfirm={() => void does(command, "withdraw", "")}
      >
        <Button loading={doing.isBusy}>{w("withdraw.button")}</Button>
      </Popconfirm>
      <Refusal error={doing.error} />
    </div>
  );
}

function Facts({ command }: CommandProps) {
  const words = useCommandWords();
  const { w, format } = words;
  const { address, terminalName, customerName, createdByName, approvedByName, place } = command;
  const rows: readonly (readonly [string, string | null])[] = [
    [w("customer"), customerName],
    [w("detail.asked"), whoText(words, createdByName, createdByName)],
    [w("detail.approved"), whoText(words, approvedByName, approvedByName)],
    [w("detail.reason"), command.note === "" ? null : command.note],
    [w("detail.attempts"), command.attempts === 0 ? null : format.number(command.attempts)],
  ];
  return (
    <dl className="pairs">
      <dt>{w("terminal")}</dt>
      <dd>
        <Link to="/terminals/$address" params={{ address: String(address) }}>
          {terminalName ?? address}
        </Link>
      </dd>
      <dt>{w("detail.class")}</dt>
      <dd>
        <ClassMark of={command.safetyClass} />{" "}
        {command.isDrill ? <span className="tag tag-drill">{w("detail.drill")}</span> : undefined}
      </dd>
      {rows.map(([name, value]) =>
        value === null
          ? undefined
          : [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>],
      )}
      <dt>{w("detail.expires")}</dt>
      <dd>
        {command.expiresAt === null ? (
          w("detail.expires.after", { time: format.duration(command.expiryS * 1000) })
        ) : (
          <Time at={command.expiresAt} />
        )}
      </dd>
      {place === null ? undefined : (
        <>
          <dt>{w("envelope.title")}</dt>
          <dd>
            {w("detail.place", {
              metres: format.number(place.radiusM),
              place: format.coordinates(place.latitude, place.longitude),
            })}
          </dd>
        </>
      )}
    </dl>
  );
}
