import { Button, Popconfirm } from "antd";
import { useSpeech } from "../i18n/language.tsx";

interface DialogFootProps {
  readonly isBusy: boolean;
  readonly isComplete: boolean;
  readonly onSave: () => void;
  readonly onCancel: () => void;
  /** Undefined: there is nothing to remove yet. */
  readonly onRemove: (() => void) | undefined;
}

/** Under the form of something that one adds, changes or removes. */
export function DialogFoot({ isBusy, isComplete, onSave, onCancel, onRemove }: DialogFootProps) {
  const { t } = useSpeech();
  return (
    <div className="dialog-foot">
      {onRemove === undefined ? undefined : (
        <Popconfirm
          title={t("customers.remove.sure")}
          okText={t("customers.remove")}
          cancelText={t("customers.cancel")}
          onConfirm={onRemove}
        >
          <Button danger>{t("customers.remove")}</Button>
        </Popconfirm>
      )}
      <span className="grow" />
      <Button onClick={onCancel}>{t("customers.cancel")}</Button>
      <Button type="primary" loading={isBusy} disabled={!isComplete} onClick={onSave}>
        {t("customers.save")}
      </Button>
    </div>
  );
}
