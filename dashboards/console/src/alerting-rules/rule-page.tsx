import "../notifications/notifications.css";
import "../customers/customers.css";
import "./rules.css";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Alert, Button } from "antd";
import { useState } from "react";
import { ApiError } from "../api/client.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { SeverityMark } from "../notifications/severity.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { useTitle } from "../shell/use-title.ts";
import { draftOf, NEW_DRAFT } from "./draft.ts";
import { RetireDialog } from "./retire-dialog.tsx";
import { RuleEditor } from "./rule-editor.tsx";
import {
  changeRule,
  createRule,
  type RuleDetail,
  ruleQuery,
  rulesChanged,
} from "./rule-queries.ts";
import { RuleState } from "./rule-table.tsx";
import { problemText, useWords } from "./rule-words.ts";
import { useUnjudged } from "./use-unjudged.ts";
import { VersionsCard } from "./versions-card.tsx";
import { WhyNotCard } from "./why-not.tsx";

/** A rule that is not there yet. */
export function NewRulePage() {
  const { w } = useWords();
  useTitle(w("add.title"));
  const navigate = useNavigate();
  const { customerId } = useMe();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("add.title")}</h1>
        <span className="grow" />
        <Link to="/rules">{w("to.list")}</Link>
      </div>
      <RuleEditor
        start={customerId === null ? NEW_DRAFT : { ...NEW_DRAFT, customers: [customerId] }}
        okText={w("save.new")}
        save={async (spec, reason) => {
          const made = await createRule(spec, reason);
          await rulesChanged();
          await navigate({ to: "/rules/$id", params: { id: made.id } });
        }}
      />
    </div>
  );
}

export function RulePage() {
  const { w } = useWords();
  const { id } = useParams({ from: "/rules/$id" });
  const query = useQuery(ruleQuery(id));
  if (query.error instanceof ApiError && query.error.status === 404)
    return (
      <Empty title={w("missing")} detail={w("missing.detail")}>
        <Link to="/rules">{w("to.list")}</Link>
      </Empty>
    );
  return (
    <Loaded query={query} rows={12}>
      {(rule) => <OneRule rule={rule} />}
    </Loaded>
  );
}

interface RuleProps {
  readonly rule: RuleDetail;
}

function OneRule({ rule }: RuleProps) {
  const { w, label } = useWords();
  useTitle(label(rule.spec.title));
  const mayWrite = useMay()("rules:write");
  const { customerId } = useMe();
  const isOwn = customerId === null || rule.customerId !== null;
  const isRetired = rule.retiredAt !== null;
  const mayChange = mayWrite && isOwn && !isRetired;
  const [profile = ""] = rule.spec.scope.profiles;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{label(rule.spec.title)}</h1>
        <SeverityMark of={rule.spec.severity} />
        <RuleState rule={rule} />
        <span className="soft" role="status">
          {w("version.number", { version: rule.version })}
        </span>
        <span className="grow" />
        {mayChange ? <Work rule={rule} /> : undefined}
        <Link to="/rules">{w("to.list")}</Link>
      </div>
      {isRetired ? <p className="soft rule-note">{w("retired.detail")}</p> : undefined}
      <Unjudged rule={rule} />
      {mayWrite && !isOwn && !isRetired ? (
        <p className="soft rule-note">{w("own.detail")}</p>
      ) : undefined}
      {/* what somebody else has changed starts the editor anew: what was written on the old one would overwrite it */}
      <RuleEditor
        key={JSON.stringify(rule.spec)}
        start={draftOf(rule.spec)}
        okText={w("save")}
        save={
          mayChange
            ? async (spec, reason) => {
                await changeRule(rule, { spec }, reason);
                await rulesChanged();
              }
            : undefined
        }
      >
        {isRetired ? undefined : <WhyNotCard rule={rule.id} profile={profile} />}
        <VersionsCard versions={rule.versions} />
      </RuleEditor>
    </div>
  );
}

/** It was right when it was saved: why it is not judged today, for which device types, and what to do. */
function Unjudged({ rule }: RuleProps) {
  const { w } = useWords();
  const profiles = useProfiles();
  const unjudged = useUnjudged(rule);
  if (!unjudged) return undefined;
  return (
    <Alert
      className="rule-note"
      type="error"
      showIcon
      role="alert"
      title={unjudged.detail}
      description={
        <ul>
          {rule.problems.map((problem) => (
            <li key={JSON.stringify(problem)}>
              {problem.profile === undefined ? "" : `${profiles.label(problem.profile)}: `}
              {problemText(w, problem)}
            </li>
          ))}
        </ul>
      }
    />
  );
}

function Work({ rule }: RuleProps) {
  const { w } = useWords();
  const doing = useDoing();
  const [isRetiring, setRetiring] = useState(false);
  const { isEnabled } = rule;
  return (
    <>
      <Refusal error={doing.error} />
      <Button
        loading={doing.isBusy}
        onClick={() =>
          void doing.run(async () => {
            await changeRule(rule, { isEnabled: !isEnabled }, "");
            await rulesChanged();
          })
        }
      >
        {w(isEnabled ? "switch.off" : "switch.on")}
      </Button>
      <Button
        danger
        onClick={() => {
          setRetiring(true);
        }}
      >
        {w("retire")}
      </Button>
      {isRetiring ? (
        <RetireDialog
          rule={rule}
          close={() => {
            setRetiring(false);
          }}
        />
      ) : undefined}
    </>
  );
}
