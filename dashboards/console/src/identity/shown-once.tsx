import { Alert, Modal } from "antd";
import { SecretText } from "./secret-text.tsx";

/** What was made and is shown this once. */
export interface Shown {
  readonly name: string;
  readonly secret: string;
}

interface ShownOnceProps {
  readonly title: string;
  readonly detail: string;
  readonly shown: Shown | undefined;
  readonly close: () => void;
}

export function ShownOnce({ title, detail, shown, close }: ShownOnceProps) {
  return (
    <Modal open={shown !== undefined} title={title} footer={null} onCancel={close}>
      <Alert type="warning" showIcon title={detail} />
      <SecretText key={shown?.secret} text={shown?.secret ?? ""} />
    </Modal>
  );
}
