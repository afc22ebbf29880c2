import type { Modem } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";

const HOT_C = 70;
/** A clock worse than this spoils what the network computes from arrival times. */
const CLOCK_ERROR_NS = 10_000;

interface Sign {
  readonly text: string;
  readonly value: string;
  readonly isBad: boolean;
}

function useSigns(modem: Modem): readonly Sign[] {
  const { t, named, format } = useSpeech();
  const { clockErrorNs, temperatureC } = modem;
  const clock = named("modem.clock", String(modem.clockState));
  return [
    {
      text: t("modem.clock"),
      value:
        clockErrorNs === null
          ? clock
          : `${clock} ${t("modem.clock.error", { error: format.clockError(clockErrorNs) })}`,
      isBad: modem.clockState === 0 || (clockErrorNs ?? 0) > CLOCK_ERROR_NS,
    },
    { text: t("modem.headers"), value: format.number(modem.headersFound), isBad: false },
    { text: t("modem.overruns"), value: format.number(modem.overruns), isBad: modem.overruns > 0 },
    { text: t("modem.bad"), value: format.number(modem.badFrames), isBad: modem.badFrames > 0 },
    {
      text: t("modem.temperature"),
      value: temperatureC === null ? "—" : `${format.number(temperatureC)} °C`,
      isBad: (temperatureC ?? 0) >= HOT_C,
    },
    { text: t("modem.uptime"), value: format.duration(modem.uptimeS * 1000), isBad: false },
    { text: t("modem.firmware"), value: modem.firmware, isBad: false },
  ];
}

/** How a radio modem is: what is out of order stands out. */
export function ModemHealth({ modem }: { readonly modem: Modem }) {
  const { t } = useSpeech();
  const signs = useSigns(modem);
  const isTold = modem.connected || modem.firmware !== ""; // one that was never reached has told nothing
  return (
    <section className={`modem ${modem.connected ? "" : "modem-away"}`} aria-label={modem.name}>
      <h3>
        <i className={`dot ${modem.connected ? "dot-fresh" : "dot-alert"}`} />
        {modem.name}
        <span className="soft">
          {t(modem.connected ? "modem.connected" : "modem.disconnected")}
        </span>
      </h3>
      {isTold ? (
        <dl className="modem-signs">
          {signs.map(({ text, value, isBad }) => (
            <div key={text}>
              <dt>{text}</dt>
              <dd className={isBad ? "bad" : ""}>{value}</dd>
            </div>
          ))}
        </dl>
      ) : undefined}
    </section>
  );
}
