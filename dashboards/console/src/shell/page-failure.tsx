import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useSpeech } from "../i18n/language.tsx";
import { Empty } from "../parts/states.tsx";

export function PageFailure() {
  const { t } = useSpeech();
  return (
    <Empty title={t("app.broken")} detail={t("app.broken.detail")}>
      <Button
        type="primary"
        onClick={() => {
          window.location.reload();
        }}
      >
        {t("app.reload")}
      </Button>
    </Empty>
  );
}

export function PageMissing() {
  const { t } = useSpeech();
  return (
    <Empty title={t("app.notfound")}>
      <Link to="/">{t("app.notfound.home")}</Link>
    </Empty>
  );
}
