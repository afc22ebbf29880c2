import { Link } from "@tanstack/react-router";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import type { IncidentMember } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Time } from "../parts/age.tsx";
import { MEMBER_STATES, type MemberState, memberState, membersShown } from "./incident-steps.ts";

/** So many stand there at first: more make a phone slow and are found by typing. */
const FIRST = 200;

interface MembersCardProps {
  readonly members: readonly IncidentMember[];
  /** More than are listed when the incident is larger than a list can be. */
  readonly total: number;
}

/** Each terminal by its name: those that stayed dead first, the others in columns. */
export function MembersCard({ members, total }: MembersCardProps) {
  const { t, format } = useSpeech();
  const [state, setState] = useState<MemberState>();
  const [text, setText] = useState("");
  const [isAll, setAll] = useState(false);
  const shown = membersShown(members, { state, text });
  const listed = isAll ? shown : shown.slice(0, FIRST);
  const count = (of: MemberState): number =>
    members.filter((each) => memberState(each) === of).length;
  return (
    <section className="card">
      <h2>{t("incidents.terminals", { count: format.number(total) })}</h2>
      <div className="member-filters">
        <Select<MemberState | "">
          aria-label={t("incidents.state")}
          value={state ?? ""}
          onChange={(value) => {
            setState(value === "" ? undefined : value);
          }}
          options={[
            { value: "", label: t("incidents.member.all") },
            ...MEMBER_STATES.map((value) => ({
              value,
              label: `${t(`incidents.member.${value}`)} (${format.number(count(value))})`,
            })),
          ]}
        />
        <Input
          allowClear
          aria-label={t("incidents.member.find")}
          placeholder={t("incidents.member.find")}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </div>
      {shown.length === 0 ? <p className="small-empty">{t("incidents.member.none")}</p> : undefined}
      <ul className="members">
        {listed.map((member) => (
          <Member key={member.address} member={member} />
        ))}
      </ul>
      {listed.length < shown.length ? (
        <div className="more">
          <Button
            onClick={() => {
              setAll(true);
            }}
          >
            {t("incidents.member.more", { count: format.number(shown.length) })}
          </Button>
        </div>
      ) : undefined}
      {members.length < total ? (
        <p className="small-empty">
          {t("incidents.member.cut", { count: format.number(members.length) })}
        </p>
      ) : undefined}
    </section>
  );
}

function Member({ member }: { readonly member: IncidentMember }) {
  const { t } = useSpeech();
  const { address, terminalName, heardAt, backAt } = member;
  const state = memberState(member);
  return (
    <li className={`member member-${state}`}>
      <i className={`dot dot-${state === "back" ? "fresh" : "silent"}`} />
      <span className="cut">
        <Link to="/terminals/$address" params={{ address: String(address) }}>
          {terminalName ?? address}
        </Link>
        <small className="soft">
          {state === "dead" ? `${t("incidents.member.dead")}, ` : ""}
          {t(backAt === null ? "incidents.member.heard" : "incidents.member.again")}{" "}
          <Time at={backAt ?? heardAt} />
        </small>
      </span>
    </li>
  );
}
