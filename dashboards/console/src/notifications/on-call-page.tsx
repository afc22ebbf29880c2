import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Input, Select } from "antd";
import { type SyntheticEvent, useState } from "react";
import { answerOf, api, doneOf } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useNow } from "../time/use-now.ts";
import { LadderCard } from "./ladder-card.tsx";
import { onCallQuery, type Shift } from "./notification-queries.ts";
import "./notifications.css";

const DAY_MS = 86_400_000;
const SHOWN_DAYS = 28;

export function OnCallPage() {
  const { t } = useSpeech();
  useTitle(t("oncall.title"));
  const { customerId } = useMe();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("oncall.title")}</h1>
      </div>
      <div className="account-grid">
        {customerId === null ? <Calendar /> : undefined}
        <LadderCard customerId={customerId} />
      </div>
    </div>
  );
}

/** Of whole days, so that the question stays the same while the page is open. */
function Calendar() {
  const { t } = useSpeech();
  const now = useNow();
  const may = useMay();
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const from = new Date(today - DAY_MS).toISOString();
  const to = new Date(today + SHOWN_DAYS * DAY_MS).toISOString();
  const query = useQuery(onCallQuery(from, to));
  return (
    <section className="card account-card">
      <h2>{t("oncall.shifts")}</h2>
      <Loaded query={query} rows={6}>
        {({ items, people }) => (
          <>
            <Now items={items} now={now} />
            {may("notifications:write") ? <ShiftForm people={people} /> : undefined}
            <Shifts items={items.filter(({ endsAt }) => Date.parse(endsAt) > now)} />
          </>
        )}
      </Loaded>
    </section>
  );
}

function Now({ items, now }: { readonly items: readonly Shift[]; readonly now: number }) {
  const { t } = useSpeech();
  const present = items.filter(
    ({ startsAt, endsAt }) => Date.parse(startsAt) <= now && now < Date.parse(endsAt),
  );
  const names = present.map(({ userName }) => userName).join(", ");
  return (
    <p role="status">
      {t("oncall.now")}: <strong>{names || t("oncall.now.nobody")}</strong>
    </p>
  );
}

function Shifts({ items }: { readonly items: readonly Shift[] }) {
  const speech = useSpeech();
  const { t, format } = speech;
  const now = useNow();
  const may = useMay();
  const [fault, setFault] = useState<string>();
  const remove = async (id: string): Promise<void> => {
    setFault(undefined);
    try {
      await doneOf(api.DELETE("/api/on-call/{id}", { params: { path: { id } } }));
    } catch (error) {
      setFault(faultText(speech, error));
    }
    await queryClient.invalidateQueries({ queryKey: ["on-call"] });
  };
  if (items.length === 0) return <p className="soft">{t("oncall.shifts.none")}</p>;
  return (
    <>
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
      )}
      <ul>
        {items.map(({ id, userName, startsAt, endsAt, note }) => (
          <li key={id} className="shift">
            <div>
              <strong>{userName}</strong> <span className="soft">{note}</span>
              <p className="soft">
                {t("oncall.range", {
                  from: format.time(startsAt, now),
                  to: format.time(endsAt, now),
                })}
              </p>
            </div>
            {may("notifications:write") ? (
              <Button size="small" onClick={() => void remove(id)}>
                {t("oncall.remove")}
              </Button>
            ) : undefined}
          </li>
        ))}
      </ul>
    </>
  );
}

interface ShiftFormProps {
  readonly people: readonly { readonly id: string; readonly name: string }[];
}

function ShiftForm({ people }: ShiftFormProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [userId, setUserId] = useState<string>();
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const [fault, setFault] = useState<string>();
  const add = async (): Promise<void> => {
    setFault(undefined);
    try {
      // the browser's own zone, as the fields are read
      const times = { startsAt: new Date(from).toISOString(), endsAt: new Date(to).toISOString() };
      await answerOf(api.POST("/api/on-call", { body: { userId: userId ?? "", note, ...times } }));
      setNote("");
    } catch (error) {
      setFault(faultText(speech, error));
    }
    await queryClient.invalidateQueries({ queryKey: ["on-call"] });
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void add();
  };
  return (
    <form className="shift-form" onSubmit={submit}>
      <label htmlFor="shift-who">
        {t("oncall.who")}
        <Select
          id="shift-who"
          className="shift-who"
          showSearch={{ optionFilterProp: "label" }}
          value={userId ?? null}
          onChange={(value) => {
            setUserId(value);
          }}
          options={people.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </label>
      <TimeField text={t("oncall.from")} value={from} set={setFrom} />
      <TimeField text={t("oncall.to")} value={to} set={setTo} />
      <label>
        {t("oncall.note")}
        <Input
          value={note}
          maxLength={200}
          onChange={(event) => {
            setNote(event.target.value);
          }}
        />
      </label>
      <Button htmlType="submit" disabled={userId === undefined || from === "" || to === ""}>
        {t("oncall.add")}
      </Button>
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="full" role="alert" />
      )}
    </form>
  );
}

interface TimeFieldProps {
  readonly text: string;
  readonly value: string;
  readonly set: (value: string) => void;
}

function TimeField({ text, value, set }: TimeFieldProps) {
  return (
    <label>
      {text}
      <input
        type="datetime-local"
        required
        value={value}
        onChange={(event) => {
          set(event.target.value);
        }}
      />
    </label>
  );
}
