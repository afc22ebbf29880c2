import { Link } from "@tanstack/react-router";
import { Alert } from "antd";
import type { Format } from "../i18n/format.ts";
import { Time } from "../parts/age.tsx";
import type { DrillMember } from "./drill-queries.ts";
import { useWords } from "./drill-words.ts";

interface MemberProps {
  readonly member: DrillMember;
  readonly isOver: boolean;
}

/** One terminal's part: where the time went, and whom it reached. */
export function MemberCards({ member, isOver }: MemberProps) {
  const { w } = useWords();
  const { address, name, problem, commandState } = member;
  return (
    <section className="drill-member">
      <h2>
        <Link to="/terminals/$address" params={{ address: String(address) }}>
          {name}
        </Link>{" "}
        <Evidence member={member} />
      </h2>
      {problem === null ? undefined : (
        <Alert type="warning" showIcon title={w("problem", { problem })} />
      )}
      {commandState === "drafted" ? (
        <Alert type="info" showIcon title={w("second-person")} />
      ) : undefined}
      <div className="card-columns drill-columns">
        <Hops member={member} />
        <Contacts member={member} isOver={isOver} />
      </div>
    </section>
  );
}

function Evidence({ member: { packetId, alarmIds } }: Pick<MemberProps, "member">) {
  const { w } = useWords();
  const [alarm] = alarmIds;
  return (
    <small className="soft drill-evidence">
      {packetId === null ? undefined : (
        <Link to="/packets" search={{ mode: "past", packet: packetId }}>
          {w("packet")}
        </Link>
      )}
      {alarm === undefined ? undefined : (
        <Link to="/alarms" search={{ state: "all", show: "drills", alarm }}>
          {w("alarm")}
        </Link>
      )}
    </small>
  );
}

function Hops({ member: { hops, acknowledgedByName } }: Pick<MemberProps, "member">) {
  const { w, format } = useWords();
  return (
    <div className="card">
      <h2>{w("hops")}</h2>
      <table className="row-table">
        <thead>
          <tr>
            <th>{w("hop")}</th>
            <th>{w("at")}</th>
            <th>{w("took")}</th>
            <th>{w("limit")}</th>
          </tr>
        </thead>
        <tbody>
          {hops.map(({ hop, at, tookMs, limitMs, verdict }) => (
            <tr key={hop}>
              <td data-label={w("hop")} className="wide">
                <span className="two-lines">
                  <span>{w(`hop.${hop}`)}</span>
                  <span className={`drill-${verdict}`}>
                    {w(`verdict.${verdict}`)}
                    {hop === "acknowledged" && acknowledgedByName !== null
                      ? ` · ${w("hop.by", { name: acknowledgedByName })}`
                      : ""}
                  </span>
                </span>
              </td>
              <td data-label={w("at")}>{at === null ? "—" : <Time at={at} />}</td>
              <td data-label={w("took")}>{tookMs === null ? "—" : tookText(format, tookMs)}</td>
              <td data-label={w("limit")} className="soft">
                {format.duration(limitMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const SHORT_MS = 60_000;

/** Hops are told apart by tenths of a second. */
const tookText = ({ number, duration }: Format, ms: number): string =>
  ms < SHORT_MS ? `${number(ms / 1_000, 1)} s` : duration(ms);

function Contacts({ member: { contacts }, isOver }: MemberProps) {
  const { w } = useWords();
  return (
    <div className="card">
      <h2>{w("contacts")}</h2>
      {contacts.length === 0 ? (
        <p className="small-empty">{w(isOver ? "contacts.none.over" : "contacts.none")}</p>
      ) : (
        <table className="row-table">
          <thead>
            <tr>
              <th>{w("contact")}</th>
              <th>{w("reached")}</th>
              <th>{w("answered")}</th>
            </tr>
          </thead>
          <tbody>
            {contacts.map((contact) => (
              <ContactRow key={`${contact.kind} ${contact.id}`} contact={contact} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function ContactRow({ contact }: { readonly contact: DrillMember["contacts"][number] }) {
  const speech = useWords();
  const { w, t } = speech;
  const { name, kind, isOfOperator, verdict, reachedAt, acknowledgedAt, channels } = contact;
  const isMachine = kind === "webhook" || kind === "topic";
  return (
    <tr>
      <td data-label={w("contact")} className="wide">
        <span className="two-lines">
          <span>
            {name ?? <span className="soft">{w("contact.unknown")}</span>}{" "}
            {isOfOperator ? <span className="soft">{w("contact.operator")}</span> : undefined}
            {isMachine ? <span className="soft">{w(`kind.${kind}`)}</span> : undefined}
          </span>
          <span className="soft">
            {channels
              .map(({ channel, state, reason }) =>
                [t(`channel.${channel}`), t(`delivery.${state}`), reasonOf(speech, state, reason)]
                  .filter((text) => text !== "")
                  .join(" "),
              )
              .join(" · ")}
          </span>
        </span>
      </td>
      <td data-label={w("reached")} className="wide">
        <span className="two-lines">
          <span className={`drill-${verdict}`}>{w(`reach.${verdict}`)}</span>
          {reachedAt === null ? undefined : (
            <span className="soft">
              <Time at={reachedAt} />
            </span>
          )}
        </span>
      </td>
      <td data-label={w("answered")}>
        {acknowledgedAt === null ? undefined : <Time at={acknowledgedAt} />}
      </td>
    </tr>
  );
}

/** A reason is a word of ours for what was held back, else the other side's own words. */
function reasonOf(
  { named }: Pick<ReturnType<typeof useWords>, "named">,
  state: string,
  reason: string | null,
): string {
  if (reason === null) return "";
  return `(${state === "suppressed" ? named("held", reason) : reason})`;
}
