import { Alert, Button, Checkbox, Input, Select } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { DeviceGroup, GroupOutlook, GroupTellable } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay } from "../identity/me.tsx";
import { Acceptance } from "./acceptance.tsx";
import { Arguments, firstGiven, type Given, isComplete } from "./told-arguments.tsx";

interface TellProps {
  readonly group: DeviceGroup;
  readonly outlook: GroupOutlook;
}

/** What the group may be told, and what that takes. */
export function TellCard({ group, outlook }: TellProps) {
  const { t } = useSpeech();
  const may = useMay();
  if (!may("groups:command")) return undefined;
  return (
    <section className="card" aria-label={t("tell.title")}>
      <h2>{t("tell.title")}</h2>
      <div className="group-body">
        {outlook.inService === 0 ? (
          <p className="soft">{t("tell.none")}</p>
        ) : outlook.profile === null ? (
          <p className="soft">{t("tell.mixed")}</p>
        ) : (
          <TellForm group={group} outlook={outlook} />
        )}
      </div>
    </section>
  );
}

interface Draft {
  readonly command: GroupTellable | undefined;
  readonly given: Given;
  readonly note: string;
  readonly catchUp: boolean;
  readonly drill: boolean;
}

const NEW_DRAFT: Draft = { command: undefined, given: {}, note: "", catchUp: true, drill: false };

const send = (groupId: number, name: string, { given, note, catchUp, drill }: Draft) =>
  answerOf(
    api.POST("/api/groups/{id}/commands", {
      params: { path: { id: groupId } },
      body: { name, arguments: given, catchUp, drill, note: note.trim() },
    }),
  );

function TellForm({ group, outlook }: TellProps) {
  const speech = useSpeech();
  const { t, label } = speech;
  const [draft, setDraft] = useState(NEW_DRAFT);
  const [said, setSaid] = useState<string>();
  const [fault, setFault] = useState<string>();
  const { command } = draft;
  const tell = async (name: string): Promise<void> => {
    setFault(undefined);
    setSaid(undefined);
    try {
      const told = await send(group.id, name, draft);
      setSaid(t(told.state === "drafted" ? "tell.drafted" : "tell.sent"));
      await queryClient.invalidateQueries({ queryKey: ["group-commands", group.id] });
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  return (
    <form
      className="group-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (command) void tell(command.name);
      }}
    >
      <Field label={t("tell.command")}>
        <Select
          aria-label={t("tell.command")}
          placeholder={t("tell.choose")}
          value={command?.name ?? null}
          options={outlook.commands.map((one) => ({ value: one.name, label: label(one.label) }))}
          onChange={(name) => {
            const next = outlook.commands.find((one) => one.name === name);
            setDraft({ ...draft, command: next, given: next ? firstGiven(next) : {} });
            setSaid(undefined);
          }}
        />
      </Field>
      {command === undefined ? undefined : (
        <Chosen {...{ group, outlook, command, draft }} change={setDraft} />
      )}
      {said === undefined ? undefined : <p role="status">{said}</p>}
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
    </form>
  );
}

interface ChosenProps extends TellProps {
  readonly command: GroupTellable;
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
}

const RISKY = ["dangerous", "life-safety"];

function Chosen({ group, outlook, command, draft, change }: ChosenProps) {
  const { t, format } = useSpeech();
  const { given, note, catchUp, drill } = draft;
  const isBarred = command.needsAcceptance && outlook.dangerousAcceptance === null;
  return (
    <>
      <div className="group-fields">
        <Arguments
          command={command}
          given={given}
          change={(next) => {
            change({ ...draft, given: next });
          }}
        />
      </div>
      <Field label={t("tell.note")}>
        <Input
          maxLength={500}
          value={note}
          onChange={(event) => {
            change({ ...draft, note: event.target.value });
          }}
        />
      </Field>
      <Checkbox
        checked={catchUp}
        onChange={(event) => {
          change({ ...draft, catchUp: event.target.checked });
        }}
      >
        {t("tell.catch-up")}
      </Checkbox>
      <Checkbox
        checked={drill}
        onChange={(event) => {
          change({ ...draft, drill: event.target.checked });
        }}
      >
        {t("tell.drill")}
      </Checkbox>
      <Forecast outlook={outlook} command={command} />
      {command.needsAcceptance ? <Acceptance group={group} /> : undefined}
      <Button
        type="primary"
        htmlType="submit"
        danger={RISKY.includes(command.safetyClass)}
        disabled={isBarred || !isComplete(command, given)}
      >
        {t("tell.send", { count: format.number(outlook.inService) })}
      </Button>
    </>
  );
}

interface ForecastProps {
  readonly outlook: GroupOutlook;
  readonly command: GroupTellable;
}

function Forecast({ outlook, command }: ForecastProps) {
  const { t, format } = useSpeech();
  const { zones, slots, rollCallS } = outlook;
  return (
    <section className="group-forecast" aria-label={t("tell.forecast")}>
      <h3>{t("tell.forecast")}</h3>
      {zones.length === 0 ? (
        <p className="alert-text">{t("tell.forecast.no-gateway")}</p>
      ) : (
        <ul>
          <li>{t("tell.forecast.zones", { count: format.number(zones.length) })}</li>
          <li>
            {t("tell.forecast.air", {
              air: format.decimal((zones.length * command.pageMs) / 1000, 1),
            })}
          </li>
          <li>
            {t("tell.forecast.roll", {
              time: format.duration(rollCallS * 1000),
              slots: format.number(slots),
            })}
          </li>
          {zones.map(({ gatewayId, members }) => (
            <li key={gatewayId} className="soft">
              {gatewayId}: {t("tell.forecast.members", { count: format.number(members) })}
            </li>
          ))}
        </ul>
      )}
      {command.secondPerson ? <p>{t("tell.second")}</p> : undefined}
    </section>
  );
}
