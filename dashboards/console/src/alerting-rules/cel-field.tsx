import { type RefObject, useId, useRef } from "react";
import type { Field } from "../api/types.ts";
import type { RuleText } from "../i18n/rules-en.ts";
import { distinct, examplesOf, marked } from "./cel-help.ts";
import type { RuleProblem } from "./rule-queries.ts";
import { problemText, useWords } from "./rule-words.ts";

const CHARACTERS_MAX = 500;

interface CelFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly fields: readonly Field[];
  /** What is wrong with this text as it stands; undefined while it is not known. */
  readonly problems: readonly RuleProblem[] | undefined;
}

/** A condition in CEL: what is wrong is marked where it stands, and what can be named is offered. */
export function CelField(props: CelFieldProps) {
  const { label, hint, value, onChange, fields } = props;
  const { w } = useWords();
  const area = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const problems = distinct(props.problems ?? []);
  const insert = (text: string): void => {
    const { selectionStart = value.length, selectionEnd = value.length } = area.current ?? {};
    onChange(
      (value.slice(0, selectionStart) + text + value.slice(selectionEnd)).slice(0, CHARACTERS_MAX),
    );
    area.current?.focus();
  };
  return (
    <div className="field field-wide cel-field">
      <span id={id}>{label}</span>
      <Editor area={area} labelId={id} {...props} problems={problems} />
      <div className="cel-state" role="status">
        {problems.length > 0 ? (
          <ul className="cel-problems">
            {problems.map((problem) => (
              <li key={JSON.stringify(problem)}>{problemText(w, problem)}</li>
            ))}
          </ul>
        ) : value.trim() === "" ? (
          <small className="soft">{hint}</small>
        ) : (
          <small className="soft">
            {w(props.problems === undefined ? "check.busy" : "check.ok")}
          </small>
        )}
        <small className="soft">{w("cel.length", { length: value.length })}</small>
      </div>
      <Help fields={fields} insert={insert} take={onChange} />
    </div>
  );
}

interface EditorProps extends CelFieldProps {
  readonly area: RefObject<HTMLTextAreaElement | null>;
  readonly labelId: string;
  readonly problems: readonly RuleProblem[];
}

/** The text that is typed stands over its own copy, which carries the marks. */
function Editor({ area, labelId, value, onChange, problems }: EditorProps) {
  return (
    <div className="cel-box">
      <pre className="cel-text" aria-hidden="true">
        {marked(value, problems).map(({ text, isWrong }, at) =>
          isWrong ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
        )}{" "}
      </pre>
      <textarea
        ref={area}
        className="cel-text"
        aria-labelledby={labelId}
        aria-invalid={problems.length > 0}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        rows={2}
        maxLength={CHARACTERS_MAX}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </div>
  );
}

interface HelpProps {
  readonly fields: readonly Field[];
  readonly insert: (text: string) => void;
  readonly take: (text: string) => void;
}

function Help({ fields, insert, take }: HelpProps) {
  const { w } = useWords();
  return (
    <details className="cel-help">
      <summary>{w("cel.fields")}</summary>
      {fields.length === 0 ? (
        <p className="soft">{w("cel.fields.none")}</p>
      ) : (
        <ul className="cel-fields">
          {fields.map((field) => (
            <FieldHelp key={field.name} field={field} insert={insert} />
          ))}
        </ul>
      )}
      <p className="soft">{w("cel.rules")}</p>
      <p className="soft">{w("cel.previous")}</p>
      {fields.length === 0 ? undefined : (
        <>
          <h4>{w("cel.examples")}</h4>
          <ul className="cel-examples">
            {examplesOf(fields).map((example) => (
              <li key={example}>
                <button
                  type="button"
                  className="mono"
                  onClick={() => {
                    take(example);
                  }}
                >
                  {example}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}

const typeText = ({ kind }: Field): RuleText =>
  kind === "bool" ? "cel.type.bool" : kind === "enum" ? "cel.type.enum" : "cel.type.number";

interface FieldHelpProps {
  readonly field: Field;
  readonly insert: (text: string) => void;
}

function FieldHelp({ field, insert }: FieldHelpProps) {
  const { w, label } = useWords();
  const { name, unit, values } = field;
  return (
    <li>
      <button
        type="button"
        className="mono"
        aria-label={w("cel.take", { name })}
        onClick={() => {
          insert(name);
        }}
      >
        {name}
      </button>
      <span>{label(field.label)}</span>
      <span className="soft">
        {w(typeText(field))}
        {unit === "" ? "" : `, ${unit}`}
        {values === undefined ? "" : `: ${values.map((value) => `"${value}"`).join(", ")}`}
      </span>
    </li>
  );
}
