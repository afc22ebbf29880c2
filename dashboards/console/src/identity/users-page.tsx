import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { type UserFilter, usersQuery } from "../api/identity-queries.ts";
import type { Role, User } from "../api/types.ts";
import { CustomerName } from "../customers/customer-choice.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { FieldAddress } from "../jobs/field-address.tsx";
import { Age } from "../parts/age.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useNow, useSettled } from "../time/use-now.ts";
import { useMay, useMe } from "./me.tsx";
import { ROLE_NAMES, rolesFor } from "./role-names.ts";
import { type Shown, ShownOnce } from "./shown-once.tsx";
import { UserDrawer } from "./user-drawer.tsx";

const SETTLE_MS = 250;

export function UsersPage() {
  const { t, format } = useSpeech();
  useTitle(t("users.title"));
  const may = useMay();
  const [text, setText] = useState("");
  const [role, setRole] = useState<Role>();
  const [open, setOpen] = useState<User | "new">();
  const [shown, setShown] = useState<Shown>();
  const filter: UserFilter = { search: useSettled(text.trim(), SETTLE_MS) || undefined, role };
  const query = useInfiniteQuery(usersQuery(filter));
  const total = query.data?.pages[0]?.total;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("users.title")}</h1>
        <span className="soft" role="status">
          {total === undefined ? "" : t("users.count", { count: format.number(total) })}
        </span>
        <span className="grow" />
        <Filters text={text} setText={setText} setRole={setRole} />
        {may("users:write") ? (
          <Button
            type="primary"
            onClick={() => {
              setOpen("new");
            }}
          >
            {t("users.add")}
          </Button>
        ) : undefined}
      </div>
      <Loaded query={query} rows={10}>
        {({ pages }) => <UserTable users={pages.flatMap(({ items }) => items)} open={setOpen} />}
      </Loaded>
      <LoadMore query={query} />
      {open === undefined ? undefined : (
        <UserDrawer
          user={open}
          close={() => {
            setOpen(undefined);
          }}
          show={setShown}
        />
      )}
      <NewPassword
        of={shown}
        close={() => {
          setShown(undefined);
        }}
      />
    </div>
  );
}

interface NewPasswordProps {
  readonly of: Shown | undefined;
  readonly close: () => void;
}

/** With the address that it belongs to, and for an engineer where to sign in on the phone. */
function NewPassword({ of: shown, close }: NewPasswordProps) {
  const { t } = useSpeech();
  return (
    <ShownOnce
      title={t("users.password.title", { name: shown?.name ?? "" })}
      detail={t("users.password.detail", { email: shown?.email ?? "" })}
      shown={shown}
      close={close}
    >
      {shown?.role === "engineer" ? <FieldAddress /> : undefined}
    </ShownOnce>
  );
}

interface FiltersProps {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly setRole: (role: Role | undefined) => void;
}

function Filters({ text, setText, setRole }: FiltersProps) {
  const { t } = useSpeech();
  const me = useMe();
  return (
    <>
      <Input.Search
        allowClear
        value={text}
        placeholder={t("users.search")}
        aria-label={t("users.search")}
        style={{ width: 280 }}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <Select<Role>
        allowClear
        placeholder={t("users.anyrole")}
        aria-label={t("user.role")}
        style={{ width: 170 }}
        options={rolesFor(me.customerId).map((each) => ({
          value: each,
          label: t(ROLE_NAMES[each]),
        }))}
        onChange={(next?: Role) => {
          setRole(next);
        }}
      />
    </>
  );
}

interface UserTableProps {
  readonly users: readonly User[];
  readonly open: (user: User) => void;
}

function UserTable({ users, open }: UserTableProps) {
  const { t } = useSpeech();
  const me = useMe();
  if (users.length === 0) return <Empty title={t("users.none")} detail={t("users.none.detail")} />;
  return (
    <div className="card">
      <table className="row-table">
        <thead>
          <tr>
            <th>{t("user.name")}</th>
            <th>{t("user.role")}</th>
            <th>{t("user.customer")}</th>
            <th>{t("user.state")}</th>
            <th>{t("user.secondfactor")}</th>
            <th>{t("user.seen")}</th>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <tr key={user.id}>
              <td>
                <span className="two-lines">
                  <span>
                    <button
                      type="button"
                      className="link"
                      onClick={() => {
                        open(user);
                      }}
                    >
                      {user.name}
                    </button>{" "}
                    {user.id === me.id ? <span className="tag">{t("user.you")}</span> : undefined}
                  </span>
                  <span className="soft">{user.email}</span>
                </span>
              </td>
              <td data-label={t("user.role")}>{t(ROLE_NAMES[user.role])}</td>
              <td data-label={t("user.customer")}>
                {user.customerId === null ? (
                  t("user.operator")
                ) : (
                  <CustomerName id={user.customerId} />
                )}
              </td>
              <td data-label={t("user.state")}>
                <UserState user={user} />
              </td>
              <td data-label={t("user.secondfactor")}>
                {t(user.secondFactor ? "value.yes" : "value.no")}
              </td>
              <td data-label={t("user.seen")}>
                {user.lastSeenAt === null ? t("user.never") : <Age at={user.lastSeenAt} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UserState({ user }: { readonly user: User }) {
  const { t } = useSpeech();
  const now = useNow();
  const isLocked = user.lockedUntil !== null && Date.parse(user.lockedUntil) > now;
  const [state, verdict] = user.disabled
    ? (["disabled", "undecodable"] as const)
    : isLocked
      ? (["locked", "bad-tag"] as const)
      : user.mustChangePassword
        ? (["invited", "copy"] as const)
        : (["active", "new"] as const);
  return <span className={`verdict verdict-${verdict}`}>{t(`user.state.${state}`)}</span>;
}
