import "./jobs.css";
import { QRCode } from "antd";
import { useSpeech } from "../i18n/language.tsx";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Where an engineer's phone finds the field app, to be typed or held before its camera. */
export function FieldAddress() {
  const { t } = useSpeech();
  const { origin, protocol, hostname } = window.location;
  const address = `${origin}/field/`;
  const isLocal = LOOPBACK.has(hostname);
  return (
    <section className="field-address" aria-label={t("jobs.address")}>
      {/* a phone that read this one would look for the app on itself */}
      {isLocal ? undefined : <QRCode value={address} size={132} color="#000" bgColor="#fff" />}
      <div>
        <h3>{t("jobs.address")}</h3>
        <a href="/field/">{address}</a>
        <p className="soft">{t(isLocal ? "jobs.address.here" : "jobs.address.detail")}</p>
        {isLocal || protocol === "https:" ? undefined : (
          <p className="soft">{t("jobs.address.plain")}</p>
        )}
      </div>
    </section>
  );
}
