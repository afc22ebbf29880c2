import { useSpeech } from "../i18n/language.tsx";

const BARS = 5;

/** From what the decoder just reads (-20 dB) to a terminal beside the mast (+15 dB). */
const barsOf = (snrDb: number): number =>
  Math.max(1, Math.min(BARS, Math.ceil(((snrDb + 20) / 35) * BARS)));

interface SignalProps {
  readonly rssiDbm: number | null;
  readonly snrDb: number | null;
  readonly short?: boolean;
}

export function Signal({ rssiDbm, snrDb, short = false }: SignalProps) {
  const { t, format } = useSpeech();
  if (snrDb === null) return <span className="soft">—</span>;
  const lit = barsOf(snrDb);
  const rssi = rssiDbm === null ? "" : `${format.number(rssiDbm, 0)} dBm`;
  const snr = `${format.decimal(snrDb, 1)} dB`;
  const spoken = `${t("signal.rssi")} ${rssi}, ${t("signal.snr")} ${snr}`;
  return (
    <span className={`signal signal-${lit <= 1 ? "weak" : "good"}`} title={spoken}>
      <svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true">
        {Array.from({ length: BARS }, (_, bar) => (
          <rect
            key={bar}
            x={bar * 4.5}
            y={11 - bar * 2.5}
            width="3"
            height={3 + bar * 2.5}
            rx="0.8"
            opacity={bar < lit ? 1 : 0.22}
            fill="currentColor"
          />
        ))}
      </svg>
      <span className="visually-hidden">{spoken}</span>
      <span aria-hidden="true">{short ? snr : `${rssi} · ${snr}`}</span>
    </span>
  );
}
