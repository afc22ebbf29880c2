import { Link, useNavigate } from "@tanstack/react-router";
import { SeverityMark } from "../notifications/severity.tsx";
import { Age } from "../parts/age.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import type { Rule } from "./rule-queries.ts";
import { useWords } from "./rule-words.ts";
import { useUnjudged } from "./use-unjudged.ts";

const COLUMNS = ["title", "severity", "kind", "scope", "state", "version", "changed"] as const;

interface RulesProps {
  readonly items: readonly Rule[];
}

export function RuleTable({ items }: RulesProps) {
  const { w } = useWords();
  const navigate = useNavigate();
  return (
    <div className="card table-card">
      <table className="terminal-table">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {w(`column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((rule) => (
            <tr
              key={rule.id}
              onClick={() => void navigate({ to: "/rules/$id", params: { id: rule.id } })}
            >
              <Cells rule={rule} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cells({ rule }: { readonly rule: Rule }) {
  const { w, label } = useWords();
  return (
    <>
      <td className="rule-title">
        <Link to="/rules/$id" params={{ id: rule.id }}>
          {label(rule.spec.title)}
        </Link>
      </td>
      <td>
        <SeverityMark of={rule.spec.severity} />
      </td>
      <td>{w(`kind.${rule.spec.signal.kind}`)}</td>
      <td className="rule-scope">
        <ScopeText rule={rule} />
      </td>
      <td>
        <RuleState rule={rule} />
      </td>
      <td>
        {rule.version}
        {rule.origin === "profile" && rule.isEdited ? (
          <>
            {" "}
            <span className="tag" title={w("edited.detail")}>
              {w("edited")}
            </span>
          </>
        ) : undefined}
      </td>
      <td className="soft">
        <Age at={rule.changedAt} />
      </td>
    </>
  );
}

type Stated = Pick<Rule, "isEnabled" | "retiredAt" | "problems" | "spec">;

export function RuleState({ rule }: { readonly rule: Stated }) {
  const { w } = useWords();
  const unjudged = useUnjudged(rule);
  const state = stateOf(rule);
  if (state === "on" && unjudged)
    return (
      <span className="rule-state tag unjudged" title={unjudged.detail}>
        {unjudged.title}
      </span>
    );
  return (
    <span className="rule-state">
      <span className={`dot ${state === "on" ? "dot-fresh" : ""}`} />
      {w(`filter.state.${state}`)}
    </span>
  );
}

function stateOf({ isEnabled, retiredAt }: Stated) {
  if (retiredAt !== null) return "retired";
  return isEnabled ? "on" : "off";
}

function ScopeText({ rule }: { readonly rule: Rule }) {
  const { w } = useWords();
  const profiles = useProfiles();
  const { profiles: names, groups, assets, customers } = rule.spec.scope;
  const isNarrowed = [groups, assets, customers].some((list) => list !== undefined);
  return (
    <>
      {names.map((name) => profiles.label(name)).join(", ")}
      {isNarrowed ? <span className="soft"> · {w("scope.narrowed")}</span> : undefined}
    </>
  );
}

/** The same list for a phone. */
export function RuleCards({ items }: RulesProps) {
  const { w, label } = useWords();
  return (
    <ul className="terminal-cards">
      {items.map((rule) => (
        <li key={rule.id} className="card">
          <Link to="/rules/$id" params={{ id: rule.id }}>
            <span className="cut">
              <strong>{label(rule.spec.title)}</strong>
              <span className="soft">
                {w(`kind.${rule.spec.signal.kind}`)} · <ScopeText rule={rule} />
              </span>
            </span>
            <span className="rule-card-end">
              <SeverityMark of={rule.spec.severity} />
              <RuleState rule={rule} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
