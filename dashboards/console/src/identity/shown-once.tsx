import { Alert, Modal } from "antd";
import type { ReactNode } from "react";
import type { Role } from "../api/types.ts";
import { SecretText } from "./secret-text.tsx";

/** What was made and is shown this once. */
export interface Shown {
  readonly name: string;
  readonly secret: string;
  /** Of the person whose password it is. */
  readonly role?: Role;
  readonly email?: string;
}

interface ShownOnceProps {
  readonly title: string;
  readonly detail: string;
  readonly shown: Shown | undefined;
  readonly close: () => void;
  /** What else whoever gets it must be told. */
  readonly children?: ReactNode;
}

export function ShownOnce({ title, detail, shown, close, children }: ShownOnceProps) {
  return (
    <Modal open={shown !== undefined} title={title} footer={null} onCancel={close}>
      <Alert type="warning" showIcon title={detail} />
      <SecretText key={shown?.secret} text={shown?.secret ?? ""} />
      {children}
    </Modal>
  );
}
