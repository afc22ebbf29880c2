import { Link } from "@tanstack/react-router";
import { Popover } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { useMe } from "../identity/me.tsx";
import { useSignOut } from "../identity/use-sign-out.ts";
import { Icon } from "../parts/icon.tsx";

export function UserMenu() {
  const { t } = useSpeech();
  const me = useMe();
  const signOut = useSignOut();
  const [isOpen, setOpen] = useState(false);
  const menu = (
    <div className="user-menu">
      <p>
        <strong>{me.name}</strong>
        <span className="soft">{me.role === null ? "" : t(`role.${me.role}`)}</span>
        <span className="soft cut">{me.user?.email}</span>
      </p>
      <Link
        to="/account"
        onClick={() => {
          setOpen(false);
        }}
      >
        {t("account.title")}
      </Link>
      <button type="button" className="link" onClick={signOut}>
        {t("user.signout")}
      </button>
    </div>
  );
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      content={menu}
    >
      <button
        type="button"
        className="plain user-button"
        aria-label={t("user.menu", { name: me.name })}
        title={me.name}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
      >
        <Icon name="user" />
      </button>
    </Popover>
  );
}
