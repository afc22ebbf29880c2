import { Alert, Checkbox, Input, Select } from "antd";
import type { CommandOutlook, ProfileCommand } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { ArgumentFields } from "./argument-fields.tsx";
import { ClassMark } from "./command-marks.tsx";
import { useCommandWords } from "./command-words.ts";
import { type CommandTarget, type Draft, expiriesOf, NEW_DRAFT, PLACE_RADIUS_M } from "./draft.ts";
import { type Checked, Envelope } from "./envelope.tsx";
import { Forecast } from "./forecast.tsx";

const NOTE_MAX = 500;

interface CommandFormProps {
  readonly terminal: CommandTarget;
  readonly commands: readonly ProfileCommand[];
  readonly outlook: CommandOutlook;
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
  readonly error: unknown;
}

/** What is to be sent, whether it may go, and how soon it would be there. */
export function CommandForm(props: CommandFormProps) {
  const { commands, outlook, draft, change, error } = props;
  const { w, label } = useCommandWords();
  if (commands.length === 0) return <p>{w("send.none")}</p>;
  const command = commands.find(({ name }) => name === draft.name);
  const checked = outlook.commands.find(({ name }) => name === draft.name);
  return (
    <div className="command-form">
      <Field label={w("send.command")}>
        <Select
          aria-label={w("send.command")}
          autoFocus
          showSearch={{ optionFilterProp: "title" }}
          placeholder={w("send.choose")}
          value={draft.name ?? null}
          onChange={(name) => {
            change({ ...NEW_DRAFT, note: draft.note, name });
          }}
          options={commands.map((each) => ({
            value: each.name,
            title: label(each.label),
            label: (
              <>
                {label(each.label)} <ClassMark of={each.safetyClass} />
              </>
            ),
          }))}
        />
      </Field>
      {command === undefined || checked === undefined ? undefined : (
        <>
          <Chosen {...props} command={command} checked={checked} />
          <Forecast forecast={checked.forecast} />
        </>
      )}
      <Refusal error={error} />
    </div>
  );
}

interface ChosenProps extends CommandFormProps {
  readonly command: ProfileCommand;
  readonly checked: Checked;
}

function Chosen({ terminal, command, checked, draft, change }: ChosenProps) {
  const { w, worded } = useCommandWords();
  const { judgement, secondPerson } = checked;
  return (
    <>
      <ArgumentFields
        command={command}
        given={draft.given}
        change={(given) => {
          change({ ...draft, given });
        }}
      />
      <Envelope checked={checked} profile={terminal.profile} />
      {judgement.refusal === null ? undefined : (
        <Alert
          type="warning"
          showIcon
          title={w("send.refused.now", { reason: worded("reason", judgement.refusal) })}
        />
      )}
      <Limits
        terminal={terminal}
        command={command}
        checked={checked}
        draft={draft}
        change={change}
      />
      <Field label={w("send.note")} hint={w(secondPerson ? "send.note.needed" : "send.note.help")}>
        <Input
          maxLength={NOTE_MAX}
          required={secondPerson}
          value={draft.note}
          onChange={(event) => {
            change({ ...draft, note: event.target.value });
          }}
        />
      </Field>
      {secondPerson ? <Alert type="info" showIcon title={w("send.second")} /> : undefined}
    </>
  );
}

type LimitsProps = Pick<ChosenProps, "terminal" | "command" | "checked" | "draft" | "change">;

/** Until when, where, and whether in earnest. */
function Limits({ terminal, command, checked, draft, change }: LimitsProps) {
  const { w, format } = useCommandWords();
  const { expiryS, expiryMaxS } = checked;
  const timeOf = (seconds: number): string => format.duration(seconds * 1000);
  const isGrave = ["life-safety", "dangerous"].includes(command.safetyClass);
  return (
    <>
      <Field label={w("send.expiry")}>
        <Select
          aria-label={w("send.expiry")}
          value={draft.expiryS ?? expiryS}
          onChange={(next) => {
            change({ ...draft, expiryS: next === expiryS ? undefined : next });
          }}
          options={expiriesOf(expiryS, expiryMaxS).map((value) => ({
            value,
            label:
              value === expiryS ? w("send.expiry.usual", { time: timeOf(value) }) : timeOf(value),
          }))}
        />
      </Field>
      {isGrave && terminal.latitude !== null ? (
        <Checkbox
          checked={draft.isBoundToPlace}
          onChange={({ target }) => {
            change({ ...draft, isBoundToPlace: target.checked });
          }}
        >
          {w("send.place", { metres: format.number(PLACE_RADIUS_M) })}
        </Checkbox>
      ) : undefined}
      {isGrave ? (
        <Checkbox
          checked={draft.isDrill}
          onChange={({ target }) => {
            change({ ...draft, isDrill: target.checked });
          }}
        >
          {w("send.drill")}
        </Checkbox>
      ) : undefined}
    </>
  );
}
