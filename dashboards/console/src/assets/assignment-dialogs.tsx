import { Form, Select } from "antd";
import { answerOf, api } from "../api/client.ts";
import type { Asset } from "../api/types.ts";
import { CustomerChoice } from "../customers/customer-choice.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { ChangeDialog, saidOf, type When, WhenAndWhy } from "./change-dialog.tsx";
import { TerminalChoice } from "./choices.tsx";

export type AssignmentChange = "assign" | "swap" | "end" | "transfer";

interface DialogProps {
  readonly asset: Asset;
  readonly close: () => void;
}

export function AssignmentDialog({ kind, ...props }: DialogProps & { kind: AssignmentChange }) {
  switch (kind) {
    case "assign":
      return <AssignDialog {...props} />;
    case "swap":
      return <SwapDialog {...props} />;
    case "end":
      return <EndDialog {...props} />;
    case "transfer":
      return <TransferDialog {...props} />;
  }
}

const pathOf = ({ id, version }: Asset) => ({
  path: { id },
  header: { "if-match": `"${version}"` },
});

function AssignDialog({ asset, close }: DialogProps) {
  const { t } = useSpeech();
  return (
    <ChangeDialog<When & { address: number }>
      title={t("assets.assign")}
      ok={t("assets.assign.short")}
      close={close}
      change={({ address, ...said }) => {
        const { at, ...reason } = saidOf(said);
        const body = { address, ...(at === undefined ? {} : { from: at }), ...reason };
        return answerOf(
          api.POST("/api/assets/{id}/assign", { params: { path: { id: asset.id } }, body }),
        );
      }}
    >
      <TerminalField name="address" label={t("assets.terminal")} />
      <WhenAndWhy />
    </ChangeDialog>
  );
}

function TerminalField({ name, label }: { readonly name: string; readonly label: string }) {
  const { t } = useSpeech();
  return (
    <Form.Item
      name={name}
      label={label}
      rules={[{ required: true, message: t("assets.required") }]}
    >
      <TerminalChoice />
    </Form.Item>
  );
}

/** One of those that are on it. */
function OnItField({ asset, name, label }: { asset: Asset; name: string; label: string }) {
  const { t } = useSpeech();
  return (
    <Form.Item
      name={name}
      label={label}
      rules={[{ required: true, message: t("assets.required") }]}
    >
      <Select
        options={asset.terminals.map((terminal) => ({
          value: terminal.address,
          label: `${terminal.serial} · ${terminal.name}`,
        }))}
      />
    </Form.Item>
  );
}

function SwapDialog({ asset, close }: DialogProps) {
  const { t } = useSpeech();
  const [first] = asset.terminals;
  return (
    <ChangeDialog<When & { oldAddress: number; newAddress: number }>
      title={t("assets.swap")}
      detail={t("assets.swap.detail")}
      ok={t("assets.swap.short")}
      initial={first ? { oldAddress: first.address } : {}}
      close={close}
      change={({ oldAddress, newAddress, ...said }) =>
        answerOf(
          api.POST("/api/assets/{id}/swap", {
            params: { path: { id: asset.id } },
            body: { oldAddress, newAddress, ...saidOf(said) },
          }),
        )
      }
    >
      <OnItField asset={asset} name="oldAddress" label={t("assets.terminal.old")} />
      <TerminalField name="newAddress" label={t("assets.terminal.new")} />
      <WhenAndWhy />
    </ChangeDialog>
  );
}

function EndDialog({ asset, close }: DialogProps) {
  const { t } = useSpeech();
  const [first] = asset.terminals;
  return (
    <ChangeDialog<When & { address: number }>
      title={t("assets.take.title")}
      detail={t("assets.take.detail")}
      ok={t("assets.take")}
      initial={first ? { address: first.address } : {}}
      close={close}
      change={({ address, ...said }) =>
        answerOf(
          api.POST("/api/assets/{id}/end", {
            params: { path: { id: asset.id } },
            body: { address, ...saidOf(said) },
          }),
        )
      }
    >
      <OnItField asset={asset} name="address" label={t("assets.terminal")} />
      <WhenAndWhy />
    </ChangeDialog>
  );
}

function TransferDialog({ asset, close }: DialogProps) {
  const { t } = useSpeech();
  return (
    <ChangeDialog<When & { customerId: string }>
      title={t("assets.transfer")}
      detail={t("assets.transfer.detail")}
      ok={t("assets.transfer.short")}
      close={close}
      change={({ customerId, ...said }) => {
        const { path, header } = pathOf(asset);
        return answerOf(
          api.POST("/api/assets/{id}/transfer", {
            params: { path },
            headers: header,
            body: { customerId: customerId.trim(), ...saidOf(said) },
          }),
        );
      }}
    >
      <Form.Item
        name="customerId"
        label={t("assets.transfer.to")}
        rules={[{ required: true, message: t("assets.required") }]}
      >
        <CustomerChoice />
      </Form.Item>
      <WhenAndWhy />
    </ChangeDialog>
  );
}
