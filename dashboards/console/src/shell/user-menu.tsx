import { Link } from "@tanstack/react-router";
import { type FocusEvent, type KeyboardEvent, useRef, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { useMe } from "../identity/me.tsx";
import { useSignOut } from "../identity/use-sign-out.ts";
import { Icon } from "../parts/icon.tsx";

/** Who is signed in, the way to the account, and out; closes when the focus leaves it. */
export function UserMenu() {
  const { t } = useSpeech();
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    if (!currentTarget.contains(relatedTarget)) setOpen(false);
  };
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key !== "Escape") return;
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div className="user" onBlur={onBlur} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className="plain"
        aria-label={t("user.menu", { name: me.name })}
        title={me.name}
        aria-haspopup="true"
        aria-expanded={isOpen}
        onClick={() => {
          setOpen(!isOpen);
        }}
      >
        <Icon name="user" />
      </button>
      {isOpen ? (
        <Menu
          close={() => {
            setOpen(false);
          }}
        />
      ) : undefined}
    </div>
  );
}

function Menu({ close }: { readonly close: () => void }) {
  const { t } = useSpeech();
  const me = useMe();
  const signOut = useSignOut();
  return (
    <div
      className="user-menu"
      // a press on what takes no focus, such as the name, would take it away and close this
      tabIndex={-1}
    >
      <p>
        <strong>{me.name}</strong>
        <span className="soft">{me.role === null ? "" : t(`role.${me.role}`)}</span>
        <span className="soft cut">{me.user?.email}</span>
      </p>
      <Link to="/account" onClick={close}>
        {t("account.title")}
      </Link>
      <button type="button" className="link" onClick={signOut}>
        {t("user.signout")}
      </button>
    </div>
  );
}
