import { useQuery } from "@tanstack/react-query";
import { Button, InputNumber } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { PERSON_CHANNELS } from "../notifications/notification-queries.ts";
import { Loaded } from "../parts/states.tsx";
import { Field } from "./field.tsx";
import { Refusal } from "./refusal.tsx";
import { capsQuery, type MessageCaps, saveCaps } from "./told-queries.ts";
import { useDoing } from "./use-doing.ts";

/** As the API takes them. */
const CAP_MAX = 10_000_000;

interface CapsCardProps {
  readonly customerId: string;
  readonly mayChange: boolean;
}

/** How many messages a month the customer's plan has in it. */
export function CapsCard({ customerId, mayChange }: CapsCardProps) {
  const { t } = useSpeech();
  const query = useQuery(capsQuery(customerId));
  return (
    <section className="card">
      <h2>{t("caps.title")}</h2>
      <div className="caps">
        <p className="soft">{t("caps.detail")}</p>
        <Loaded query={query} rows={3}>
          {(caps) =>
            mayChange ? <Form caps={caps} customerId={customerId} /> : <Told caps={caps} />
          }
        </Loaded>
      </div>
    </section>
  );
}

function Told({ caps }: { readonly caps: MessageCaps }) {
  const { t, format } = useSpeech();
  return (
    <dl className="facts-list">
      {PERSON_CHANNELS.map((channel) => {
        const cap = caps[channel];
        return [
          <dt key={`${channel} name`}>{t(`channel.${channel}`)}</dt>,
          <dd key={channel}>{cap === null ? t("caps.none") : format.number(cap)}</dd>,
        ];
      })}
    </dl>
  );
}

function Form({ caps, customerId }: { readonly caps: MessageCaps; readonly customerId: string }) {
  const { t } = useSpeech();
  const [given, setGiven] = useState(caps);
  const [isSaved, setSaved] = useState(false);
  const doing = useDoing();
  const save = async (): Promise<void> => {
    setSaved(false);
    setSaved(await doing.run(() => saveCaps(customerId, given)));
  };
  return (
    <form
      className="caps-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {PERSON_CHANNELS.map((channel) => (
        <Field key={channel} label={t(`channel.${channel}`)}>
          <InputNumber
            min={0}
            max={CAP_MAX}
            precision={0}
            placeholder={t("caps.none")}
            value={given[channel]}
            onChange={(value) => {
              setGiven({ ...given, [channel]: value });
            }}
          />
        </Field>
      ))}
      <Refusal error={doing.error} />
      <Button htmlType="submit" loading={doing.isBusy}>
        {t("form.save")}
      </Button>
      <span className="soft" role="status">
        {isSaved ? t("form.saved") : ""}
      </span>
    </form>
  );
}
