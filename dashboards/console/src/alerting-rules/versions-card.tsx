import { Time } from "../parts/age.tsx";
import { whoText } from "../parts/who.ts";
import type { RuleSpec, RuleVersion } from "./rule-queries.ts";
import { useWords } from "./rule-words.ts";
import { specChanges } from "./spec-changes.ts";

/** Each version with what became otherwise, the newest first. */
export function VersionsCard({ versions }: { readonly versions: readonly RuleVersion[] }) {
  const words = useWords();
  const { w } = words;
  return (
    <section className="card rule-part" aria-label={w("versions")}>
      <h2>{w("versions")}</h2>
      <ol className="versions">
        {versions.map(({ version, at, byName, spec }, index) => (
          <li key={version}>
            <strong>{w("version.number", { version })}</strong>{" "}
            <span className="soft">
              <Time at={at} />{" "}
              {w("versions.by", { name: whoText(words, byName, byName) ?? byName })}
            </span>
            <Changes before={versions[index + 1]?.spec} after={spec} isFirst={version === 1} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface ChangesProps {
  /** Undefined: the first, or the one before it is no longer told. */
  readonly before: RuleSpec | undefined;
  readonly after: RuleSpec;
  readonly isFirst: boolean;
}

function Changes({ before, after, isFirst }: ChangesProps) {
  const { w } = useWords();
  if (before === undefined)
    return isFirst ? <p className="soft">{w("versions.first")}</p> : undefined;
  const changes = specChanges(before, after);
  if (changes.length === 0) return <p className="soft">{w("versions.same")}</p>;
  return (
    <div className="changes">
      {changes.map((change) => (
        <dl key={change.path}>
          <dt className="mono">{change.path}</dt>
          {change.before === undefined ? undefined : <dd className="gone">{change.before}</dd>}
          {change.after === undefined ? undefined : <dd className="come">{change.after}</dd>}
        </dl>
      ))}
    </div>
  );
}
