import type { Me } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Mark } from "../parts/icon.tsx";
import { LanguageSwitch } from "../shell/switches.tsx";
import { useTitle } from "../shell/use-title.ts";
import { PasswordForm } from "./password-form.tsx";
import { useSignOut } from "./use-sign-out.ts";

/** Before anything else: somebody else has made the password. */
export function FirstPassword({ me }: { readonly me: Me }) {
  const { t } = useSpeech();
  const signOut = useSignOut();
  useTitle(t("account.password"));
  return (
    <main id="content" className="sign-in">
      <div className="sign-in-top">
        <span className="brand">
          <Mark />
          <span>Hopline</span>
        </span>
        <LanguageSwitch />
        <button type="button" className="link" onClick={signOut}>
          {t("user.signout")}
        </button>
      </div>
      <div className="sign-in-body">
        <section className="card sign-in-card">
          <h1>{t("account.password.first")}</h1>
          <p className="soft">{t("account.password.first.detail", { name: me.name })}</p>
          <PasswordForm />
        </section>
      </div>
    </main>
  );
}
