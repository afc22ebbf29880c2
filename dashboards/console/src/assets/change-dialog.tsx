import { Alert, Form, Input, Modal } from "antd";
import { type ReactNode, useState } from "react";
import { assetsChanged } from "../api/asset-queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { faultText } from "../identity/fault-text.ts";

interface ChangeDialogProps<Values extends object> {
  readonly title: string;
  readonly detail?: string;
  readonly ok: string;
  readonly initial?: Partial<Values>;
  readonly close: () => void;
  readonly change: (values: Values) => Promise<unknown>;
  readonly children?: ReactNode;
}

/** One change with its fields and its reason; what was refused is said beside the button. */
export function ChangeDialog<Values extends object>(props: ChangeDialogProps<Values>) {
  const { title, detail, ok, initial, close, change, children } = props;
  const speech = useSpeech();
  const [form] = Form.useForm<Values>();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const finish = async (values: Values): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      await change(values);
      await assetsChanged();
      close();
    } catch (error) {
      setFault(faultText(speech, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={title}
      okText={ok}
      cancelText={speech.t("assets.cancel")}
      confirmLoading={isBusy}
      onCancel={close}
      onOk={() => {
        form.submit();
      }}
    >
      {detail === undefined ? undefined : <p className="soft">{detail}</p>}
      <Form<Values>
        form={form}
        layout="vertical"
        {...(initial === undefined ? {} : { initialValues: initial })}
        onFinish={(values) => void finish(values)}
      >
        {children}
        {fault === undefined ? undefined : (
          <Alert type="error" showIcon title={fault} role="alert" />
        )}
      </Form>
    </Modal>
  );
}

/** When it happened, empty for now; and why. */
export function WhenAndWhy() {
  const { t } = useSpeech();
  return (
    <>
      <Form.Item name="at" label={t("assets.at")} extra={t("assets.at.now")}>
        <Input type="datetime-local" step={1} />
      </Form.Item>
      <Why />
    </>
  );
}

export function Why() {
  const { t } = useSpeech();
  return (
    <Form.Item name="reason" label={t("assets.reason")}>
      <Input maxLength={500} />
    </Form.Item>
  );
}

export interface When {
  readonly at?: string;
  readonly reason?: string;
}

/** What was said, in the API's words. */
export const saidOf = ({ at, reason }: When) => ({
  ...(at ? { at: new Date(at).toISOString() } : {}),
  ...(reason ? { reason } : {}),
});
