import { Modal } from "antd";
import type { ReactNode } from "react";
import { customerChanged } from "./customer-queries.ts";
import { DialogFoot } from "./dialog-foot.tsx";
import { Refusal } from "./refusal.tsx";
import { useDoing } from "./use-doing.ts";

interface PartDialogProps {
  readonly customerId: string;
  readonly title: string;
  readonly isComplete: boolean;
  readonly save: () => Promise<unknown>;
  /** Undefined: there is nothing to remove yet. */
  readonly remove: (() => Promise<unknown>) | undefined;
  readonly onDone: () => void;
  readonly children: ReactNode;
}

/** Around the fields of something that a customer has several of. */
export function PartDialog(props: PartDialogProps) {
  const { customerId, title, isComplete, save, remove, onDone, children } = props;
  const doing = useDoing();
  const act = async (work: () => Promise<unknown>): Promise<void> => {
    const isDone = await doing.run(async () => {
      await work();
      await customerChanged(customerId);
    });
    if (isDone) onDone();
  };
  return (
    <Modal
      open
      title={title}
      onCancel={onDone}
      footer={
        <DialogFoot
          isBusy={doing.isBusy}
          isComplete={isComplete}
          onSave={() => void act(save)}
          onCancel={onDone}
          onRemove={remove && (() => void act(remove))}
        />
      }
    >
      <div className="form">
        {children}
        <div className="field-wide">
          <Refusal error={doing.error} />
        </div>
      </div>
    </Modal>
  );
}
