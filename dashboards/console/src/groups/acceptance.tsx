import { Alert, Button, Input } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import type { DeviceGroup } from "../api/types.ts";
import { Field } from "../customers/field.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";
import { useMay } from "../identity/me.tsx";

const LETTERS_MIN = 20;

/** That dangerous commands may go to this group at all, in the words of who accepted it. */
export function Acceptance({ group }: { readonly group: DeviceGroup }) {
  const speech = useSpeech();
  const { t } = speech;
  const may = useMay();
  const [text, setText] = useState("");
  const [fault, setFault] = useState<string>();
  const { id, version, dangerousAcceptance: accepted } = group;
  const change = async (dangerousAcceptance: string | null): Promise<void> => {
    setFault(undefined);
    try {
      await answerOf(
        api.PATCH("/api/groups/{id}", {
          params: { path: { id } },
          headers: { "If-Match": `"${version}"` },
          body: { dangerousAcceptance },
        }),
      );
      await queryClient.invalidateQueries({ queryKey: ["groups"] });
      await queryClient.invalidateQueries({ queryKey: ["group-outlook", id] });
    } catch (error) {
      setFault(faultText(speech, error));
    }
  };
  return (
    <section className="group-acceptance">
      <h3>{t("tell.acceptance.title")}</h3>
      <p>{accepted ?? t("tell.acceptance")}</p>
      {!may("groups:write") ? undefined : accepted === null ? (
        <>
          <Field label={t("tell.acceptance.field")} hint={t("tell.acceptance.hint")}>
            <Input.TextArea
              rows={2}
              maxLength={2_000}
              value={text}
              onChange={(event) => {
                setText(event.target.value);
              }}
            />
          </Field>
          <Button
            disabled={text.trim().length < LETTERS_MIN}
            onClick={() => void change(text.trim())}
          >
            {t("tell.acceptance.give")}
          </Button>
        </>
      ) : (
        <Button onClick={() => void change(null)}>{t("tell.acceptance.end")}</Button>
      )}
      {fault === undefined ? undefined : <Alert type="error" showIcon title={fault} role="alert" />}
    </section>
  );
}
