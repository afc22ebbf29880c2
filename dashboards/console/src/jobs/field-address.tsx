import "./jobs.css";
import { QRCode } from "antd";
import { useSpeech } from "../i18n/language.tsx";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Where an engineer's phone finds the field app, to be typed or held before its camera. */
export function FieldAddress() {
  const { t } = useSpeech();
  const { origin, protocol, hostname } = window.location;
  const address = `${origin}/field/`;
  return (
    <section className="field-address" aria-label={t("jobs.address")}>
      <QRCode value={address} size={132} color="#000" bgColor="#fff" />
      <div>
        <h3>{t("jobs.address")}</h3>
        <a href="/field/">{address}</a>
        <p className="soft">{t("jobs.address.detail")}</p>
        {LOOPBACK.has(hostname) ? (
          <p className="soft">{t("jobs.address.here")}</p>
        ) : protocol === "https:" ? undefined : (
          <p className="soft">{t("jobs.address.plain")}</p>
        )}
      </div>
    </section>
  );
}
