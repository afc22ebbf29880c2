import { useInfiniteQuery } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Popconfirm } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { keysQuery } from "../api/identity-queries.ts";
import { queryClient } from "../api/queries.ts";
import type { Key } from "../api/types.ts";
import { CustomerName } from "../customers/customer-choice.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Age } from "../parts/age.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useNow } from "../time/use-now.ts";
import { faultText } from "./fault-text.ts";
import { KeyDrawer, RotateModal } from "./key-forms.tsx";
import { useMay } from "./me.tsx";
import { type Shown, ShownOnce } from "./shown-once.tsx";

export function KeysPage() {
  const { t } = useSpeech();
  useTitle(t("keys.title"));
  const [all, setAll] = useState(false);
  const [isMaking, setMaking] = useState(false);
  const [rotated, setRotated] = useState<Key>();
  const [shown, setShown] = useState<Shown>();
  const query = useInfiniteQuery(keysQuery(all));
  const first = query.data?.pages[0];
  return (
    <div className="page">
      <Head
        total={first?.total}
        all={all}
        setAll={setAll}
        make={() => {
          setMaking(true);
        }}
      />
      <Loaded query={query} rows={8}>
        {({ pages }) => {
          const keys = pages.flatMap(({ items }) => items);
          if (keys.length === 0)
            return <Empty title={t("keys.empty")} detail={t("keys.empty.detail")} />;
          return <KeyTable keys={keys} rotate={setRotated} />;
        }}
      </Loaded>
      <LoadMore query={query} />
      {isMaking ? (
        <KeyDrawer
          givable={first?.givable ?? []}
          close={() => {
            setMaking(false);
          }}
          show={setShown}
        />
      ) : undefined}
      {rotated === undefined ? undefined : (
        <RotateModal
          keyOf={rotated}
          close={() => {
            setRotated(undefined);
          }}
          show={setShown}
        />
      )}
      <ShownOnce
        title={t("keys.secret.title", { name: shown?.name ?? "" })}
        detail={t("keys.secret.detail")}
        shown={shown}
        close={() => {
          setShown(undefined);
        }}
      />
    </div>
  );
}

interface HeadProps {
  readonly total: number | undefined;
  readonly all: boolean;
  readonly setAll: (all: boolean) => void;
  readonly make: () => void;
}

function Head({ total, all, setAll, make }: HeadProps) {
  const { t, format } = useSpeech();
  const may = useMay();
  return (
    <div className="page-head">
      <h1>{t("keys.title")}</h1>
      <span className="soft" role="status">
        {total === undefined ? "" : t("keys.count", { count: format.number(total) })}
      </span>
      <span className="grow" />
      <Checkbox
        checked={all}
        onChange={(event) => {
          setAll(event.target.checked);
        }}
      >
        {t("keys.all")}
      </Checkbox>
      {may("keys:write") ? (
        <Button type="primary" onClick={make}>
          {t("keys.add")}
        </Button>
      ) : undefined}
    </div>
  );
}

interface KeyTableProps {
  readonly keys: readonly Key[];
  readonly rotate: (key: Key) => void;
}

function KeyTable({ keys, rotate }: KeyTableProps) {
  const speech = useSpeech();
  const { t } = speech;
  const [fault, setFault] = useState<string>();
  const revoke = async ({ id }: Key): Promise<void> => {
    setFault(undefined);
    try {
      await answerOf(api.DELETE("/api/keys/{id}", { params: { path: { id } } }));
    } catch (error) {
      setFault(faultText(speech, error));
    }
    await queryClient.invalidateQueries({ queryKey: ["keys"] });
  };
  return (
    <>
      {fault === undefined ? undefined : (
        <Alert type="error" showIcon title={fault} className="form-fault" role="alert" />
      )}
      <div className="card">
        <table className="row-table">
          <thead>
            <tr>
              <th>{t("keys.name")}</th>
              <th>{t("user.customer")}</th>
              <th>{t("keys.scopes")}</th>
              <th>{t("keys.expires")}</th>
              <th>{t("keys.used")}</th>
              <th aria-label={t("user.state")} />
            </tr>
          </thead>
          <tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} of={key} rotate={rotate} revoke={revoke} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface KeyRowProps {
  readonly of: Key;
  readonly rotate: (key: Key) => void;
  readonly revoke: (key: Key) => Promise<void>;
}

function KeyRow({ of, rotate, revoke }: KeyRowProps) {
  const { t, format, named } = useSpeech();
  const may = useMay();
  const now = useNow();
  return (
    <tr>
      <td>
        <span className="two-lines">
          <strong>{of.name}</strong>
          <span className="mono soft">{of.prefix}…</span>
        </span>
      </td>
      <td data-label={t("user.customer")}>
        {of.customerId === null ? t("user.operator") : <CustomerName id={of.customerId} />}
      </td>
      <td data-label={t("keys.scopes")}>
        <span className="scope-list">
          {of.scopes.length === 0 ? t("keys.scopes.none") : undefined}
          {of.scopes.map((scope) => (
            <span key={scope} className="tag" title={scope}>
              {named("scope", scope)}
            </span>
          ))}
        </span>
      </td>
      <td data-label={t("keys.expires")}>
        {of.expiresAt === null ? t("keys.expires.never") : format.time(of.expiresAt, now)}
      </td>
      <td data-label={t("keys.used")}>
        {of.lastUsedAt === null ? t("user.never") : <Age at={of.lastUsedAt} />}
      </td>
      <td>
        <KeyActions
          of={of}
          state={stateOf(of, now)}
          mayWrite={may("keys:write")}
          rotate={rotate}
          revoke={revoke}
        />
      </td>
    </tr>
  );
}

type KeyState = "active" | "expired" | "revoked" | "replaced";

function stateOf({ revokedAt, expiresAt, replacedBy }: Key, nowMs: number): KeyState {
  if (revokedAt !== null) return "revoked";
  if (expiresAt !== null && Date.parse(expiresAt) <= nowMs) return "expired";
  return replacedBy === null ? "active" : "replaced";
}

interface KeyActionsProps {
  readonly of: Key;
  readonly state: KeyState;
  readonly mayWrite: boolean;
  readonly rotate: (key: Key) => void;
  readonly revoke: (key: Key) => Promise<void>;
}

function KeyActions({ of, state, mayWrite, rotate, revoke }: KeyActionsProps) {
  const { t } = useSpeech();
  const isOver = state === "expired" || state === "revoked";
  if (isOver || !mayWrite) return <span className="tag">{t(`keys.state.${state}`)}</span>;
  return (
    <span className="row-actions">
      {state === "replaced" ? (
        <span className="tag">{t("keys.state.replaced")}</span>
      ) : (
        <Button
          size="small"
          onClick={() => {
            rotate(of);
          }}
        >
          {t("keys.rotate")}
        </Button>
      )}
      <Popconfirm
        title={t("keys.revoke")}
        description={<span className="confirm-text">{t("keys.revoke.detail")}</span>}
        okButtonProps={{ danger: true }}
        onConfirm={() => void revoke(of)}
      >
        <Button size="small" danger>
          {t("keys.revoke")}
        </Button>
      </Popconfirm>
    </span>
  );
}
