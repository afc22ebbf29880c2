import { useQuery } from "@tanstack/react-query";
import { Alert, Input, Modal } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Loaded } from "../parts/states.tsx";
import {
  type Customer,
  customerChanged,
  type ErasureSurvey,
  erasureQuery,
} from "./customer-queries.ts";
import { Field } from "./field.tsx";
import { Refusal } from "./refusal.tsx";
import { useDoing } from "./use-doing.ts";

interface ErasureDialogProps {
  readonly customer: Customer;
  readonly onDone: () => void;
}

/** Says what goes and what stays and why; the number is typed, because nothing brings it back. */
export function ErasureDialog({ customer, onDone }: ErasureDialogProps) {
  const { t } = useSpeech();
  const query = useQuery(erasureQuery(customer.id));
  const [number, setNumber] = useState("");
  const [reason, setReason] = useState("");
  const doing = useDoing();
  const isServing = (query.data?.serving.length ?? 1) > 0;
  const isSure =
    number.trim().toUpperCase() === customer.number.toUpperCase() && reason.trim() !== "";
  const erase = async (): Promise<void> => {
    const isDone = await doing.run(async () => {
      await answerOf(
        api.POST("/api/customers/{id}/erasure", {
          params: { path: { id: customer.id } },
          body: { number, reason },
        }),
      );
      await customerChanged();
    });
    if (isDone) onDone();
  };
  return (
    <Modal
      open
      title={t("customers.erase.title", { name: customer.name })}
      okText={t("customers.erase.now")}
      cancelText={t("customers.cancel")}
      okButtonProps={{ danger: true, disabled: isServing || !isSure }}
      confirmLoading={doing.isBusy}
      width={620}
      onOk={() => void erase()}
      onCancel={onDone}
    >
      <Loaded query={query} rows={5}>
        {(survey) => (
          <>
            <Survey survey={survey} />
            {isServing ? undefined : (
              <div className="form">
                <Field label={t("customers.erase.type", { number: customer.number })}>
                  <Input
                    value={number}
                    autoComplete="off"
                    onChange={(event) => {
                      setNumber(event.target.value);
                    }}
                  />
                </Field>
                <Field label={t("customers.erase.reason")}>
                  <Input
                    value={reason}
                    maxLength={500}
                    placeholder={t("customers.erase.reason.hint")}
                    onChange={(event) => {
                      setReason(event.target.value);
                    }}
                  />
                </Field>
                <div className="field-wide">
                  <Refusal error={doing.error} />
                </div>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Modal>
  );
}

function Survey({ survey }: { readonly survey: ErasureSurvey }) {
  const { t, named, format } = useSpeech();
  return (
    <div className="survey">
      {survey.serving.length === 0 ? undefined : (
        <Alert
          type="warning"
          showIcon
          title={t("customers.erase.serving", { serials: survey.serving.join(", ") })}
        />
      )}
      <h3>{t("customers.erase.goes")}</h3>
      <p>
        {survey.erased
          .map(({ table, count }) => `${named("customers.thing", table)} (${format.number(count)})`)
          .join(" · ")}
      </p>
      <h3>{t("customers.erase.stays")}</h3>
      <ul>
        {survey.kept.map(({ reason, why, count }) => (
          <li key={reason}>
            {named("customers.kept", reason) === reason.replaceAll("-", " ")
              ? why
              : named("customers.kept", reason)}{" "}
            <span className="soft">({format.number(count)})</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
