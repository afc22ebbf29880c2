import { Alert, Button, Drawer, Form } from "antd";
import { type ReactNode, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { faultText } from "./fault-text.ts";

interface FormDrawerProps<Given> {
  /** Also what its button says. */
  readonly title: string;
  readonly initial: Readonly<Record<string, unknown>>;
  /** Throws what goes wrong, which is then said. */
  readonly send: (given: Given) => Promise<void>;
  readonly close: () => void;
  /** Its fields. */
  readonly children: ReactNode;
}

/** Something new is asked for beside the list that it comes into. */
export function FormDrawer<Given extends object>(props: FormDrawerProps<Given>) {
  const { title, initial, send, close, children } = props;
  const speech = useSpeech();
  const isPhone = useIsPhone();
  const [fault, setFault] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (given: Given): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      await send(given);
    } catch (error) {
      setFault(faultText(speech, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Drawer open onClose={close} title={title} size={isPhone ? "100%" : 480}>
      <Form<Given>
        layout="vertical"
        requiredMark={false}
        disabled={isBusy}
        initialValues={initial}
        onFinish={(given) => void submit(given)}
      >
        {children}
        {fault === undefined ? undefined : (
          <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
        )}
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {title}
        </Button>
      </Form>
    </Drawer>
  );
}
