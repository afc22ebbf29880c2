import { Button, Input, Modal, Popconfirm, QRCode, Select } from "antd";
import { type SyntheticEvent, useState } from "react";
import { Field } from "../customers/field.tsx";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { SecretText } from "../identity/secret-text.tsx";
import { Time } from "../parts/age.tsx";
import {
  makeLink,
  type RecoveryDetail,
  type RecoveryLink,
  revokeLink,
} from "./recovery-queries.ts";
import { useWords } from "./recovery-words.ts";

const HOURS = [1, 6, 24, 72, 168] as const;
const HOUR_MS = 3_600_000;

interface LinksProps {
  readonly one: RecoveryDetail;
  readonly mayWork: boolean;
}

/** Who may look without signing in, until when, and who did. */
export function LinksCard({ one, mayWork }: LinksProps) {
  const { w } = useWords();
  const [made, setMade] = useState<{ readonly url: string; readonly label: string }>();
  return (
    <section className="card" aria-label={w("links")}>
      <h2>{w("links")}</h2>
      <p className="recovery-text soft">{w("links.explained")}</p>
      {one.links.length === 0 ? (
        <p className="small-empty">{w("links.none")}</p>
      ) : (
        <ul className="recovery-links">
          {one.links.map((link) => (
            <Listed key={link.id} id={one.id} link={link} mayWork={mayWork} />
          ))}
        </ul>
      )}
      {mayWork && one.state !== "closed" ? <NewLink id={one.id} made={setMade} /> : undefined}
      <Modal
        open={made !== undefined}
        title={w("links.made", { label: made?.label ?? "" })}
        footer={null}
        onCancel={() => {
          setMade(undefined);
        }}
      >
        <p>{w("links.once")}</p>
        <SecretText key={made?.url} text={made?.url ?? ""} />
        <div className="recovery-qr">
          <QRCode value={made?.url ?? "-"} size={200} color="#000" bgColor="#fff" />
        </div>
      </Modal>
    </section>
  );
}

interface ListedProps {
  readonly id: string;
  readonly link: RecoveryLink;
  readonly mayWork: boolean;
}

function Listed({ id, link, mayWork }: ListedProps) {
  const { w, format, t } = useWords();
  const doing = useDoing();
  const { label, state, expiresAt, revokedAt, readings } = link;
  const time = format.fullTime(state === "revoked" ? (revokedAt ?? expiresAt) : expiresAt);
  return (
    <li>
      <div className="recovery-link">
        <span>
          <strong>{label}</strong>{" "}
          <span className={state === "valid" ? "recovery-valid" : "soft"}>
            {w(`links.state.${state}`)}
          </span>{" "}
          <span className="soft">
            {state === "valid" ? w("links.until", { time }) : time} ·{" "}
            {readings.length === 0
              ? w("links.unread")
              : w("links.read", { count: format.number(readings.length) })}
          </span>
        </span>
        {state === "valid" && mayWork ? (
          <Popconfirm
            title={w("links.revoke.sure")}
            okText={w("links.revoke")}
            cancelText={t("app.close")}
            onConfirm={() => void doing.run(() => revokeLink(id, link.id))}
          >
            <Button danger loading={doing.isBusy} aria-label={`${w("links.revoke")}: ${label}`}>
              {w("links.revoke")}
            </Button>
          </Popconfirm>
        ) : undefined}
      </div>
      <Refusal error={doing.error} />
      {readings.length === 0 ? undefined : (
        <details>
          <summary>{w("links.readings")}</summary>
          <ul>
            {readings.map(({ ip, firstAt, lastAt, requests }) => (
              <li key={`${ip} ${firstAt}`}>
                <Time at={firstAt} /> – <Time at={lastAt} /> <span className="mono">{ip}</span>{" "}
                <span className="soft">
                  {w("links.requests", { count: format.number(requests) })}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

interface NewLinkProps {
  readonly id: string;
  readonly made: (link: { readonly url: string; readonly label: string }) => void;
}

function NewLink({ id, made }: NewLinkProps) {
  const { w, format } = useWords();
  const doing = useDoing();
  const [label, setLabel] = useState("");
  const [hours, setHours] = useState<number>(24);
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const isDone = await doing.run(async () => {
      made(await makeLink(id, { label: label.trim(), hours }));
    });
    if (isDone) setLabel("");
  };
  return (
    <form className="case-form" onSubmit={(event) => void submit(event)}>
      <Field label={w("links.label")} hint={w("links.label.hint")}>
        <Input
          value={label}
          maxLength={100}
          onChange={(event) => {
            setLabel(event.target.value);
          }}
        />
      </Field>
      <Field label={w("links.hours")}>
        <Select<number>
          aria-label={w("links.hours")}
          value={hours}
          onChange={setHours}
          options={HOURS.map((value) => ({ value, label: format.duration(value * HOUR_MS) }))}
        />
      </Field>
      <Refusal error={doing.error} />
      <Button htmlType="submit" loading={doing.isBusy} disabled={label.trim() === ""}>
        {w("links.make")}
      </Button>
    </form>
  );
}
