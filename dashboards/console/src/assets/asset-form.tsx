import { Form, Input, InputNumber, Select } from "antd";
import { answerOf, api } from "../api/client.ts";
import type { Asset, AssetKind } from "../api/types.ts";
import { CustomerChoice } from "../customers/customer-choice.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { useMe } from "../identity/me.tsx";
import { ChangeDialog, Why } from "./change-dialog.tsx";
import { ASSET_KINDS, isAssetKind } from "./kinds.ts";

interface Values {
  readonly customerId?: string;
  readonly kind: AssetKind;
  readonly name: string;
  readonly plate?: string;
  readonly vin?: string;
  readonly latitude?: number | null;
  readonly longitude?: number | null;
  readonly note?: string;
  readonly reason?: string;
}

interface AssetFormProps {
  /** undefined: a new one */
  readonly asset?: Asset | undefined;
  readonly close: () => void;
  readonly made?: (id: string) => void;
}

export function AssetForm({ asset, close, made }: AssetFormProps) {
  const { t } = useSpeech();
  const me = useMe();
  const save = async (values: Values): Promise<void> => {
    const body = bodyOf(values);
    if (asset === undefined) {
      const owner = me.customerId ?? values.customerId?.trim() ?? "";
      const one = await answerOf(api.POST("/api/assets", { body: { ...body, customerId: owner } }));
      made?.(one.id);
      return;
    }
    await answerOf(
      api.PATCH("/api/assets/{id}", {
        params: { path: { id: asset.id } },
        headers: { "if-match": `"${asset.version}"` },
        body,
      }),
    );
  };
  const needed = [{ required: true, whitespace: true, message: t("assets.required") }];
  return (
    <ChangeDialog<Values>
      title={t(asset === undefined ? "assets.add" : "assets.edit")}
      ok={t(asset === undefined ? "assets.create" : "assets.save")}
      initial={initialOf(asset)}
      close={close}
      change={save}
    >
      {asset !== undefined || me.customerId !== null ? undefined : (
        <Form.Item name="customerId" label={t("assets.customer")} rules={needed}>
          <CustomerChoice />
        </Form.Item>
      )}
      <Fields needed={needed} />
      <Why />
    </ChangeDialog>
  );
}

const bodyOf = ({ kind, name, plate, vin, latitude, longitude, note, reason }: Values) => ({
  kind,
  name: name.trim(),
  plate: plate?.trim() || null,
  vin: vin?.trim() || null,
  latitude: latitude ?? null,
  longitude: longitude ?? null,
  note: note ?? "",
  ...(reason ? { reason } : {}),
});

function Fields({ needed }: { readonly needed: { required: boolean; message: string }[] }) {
  const { t } = useSpeech();
  return (
    <>
      <div className="asset-pair">
        <Form.Item name="kind" label={t("assets.kind")} rules={needed}>
          <Select
            options={ASSET_KINDS.map((kind) => ({ value: kind, label: t(`asset.kind.${kind}`) }))}
          />
        </Form.Item>
        <Form.Item name="name" label={t("assets.name")} rules={needed}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="plate" label={t("assets.plate")}>
          <Input maxLength={20} />
        </Form.Item>
        <Form.Item name="vin" label={t("assets.vin")}>
          <Input maxLength={30} />
        </Form.Item>
        <Form.Item name="latitude" label={t("assets.latitude")}>
          <InputNumber min={-90} max={90} style={{ width: "100%" }} />
        </Form.Item>
        <Form.Item name="longitude" label={t("assets.longitude")}>
          <InputNumber min={-180} max={180} style={{ width: "100%" }} />
        </Form.Item>
      </div>
      <Form.Item name="note" label={t("assets.note")}>
        <Input.TextArea rows={2} maxLength={2000} />
      </Form.Item>
    </>
  );
}

function initialOf(asset: Asset | undefined): Partial<Values> {
  if (asset === undefined) return { kind: "vehicle" };
  const { kind, name, plate, vin, latitude, longitude, note } = asset;
  return {
    kind: isAssetKind(kind) ? kind : "other",
    name,
    plate: plate ?? "",
    vin: vin ?? "",
    latitude,
    longitude,
    note,
  };
}
