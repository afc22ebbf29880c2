import { useEffect, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import {
  pressSimulated,
  type SimulatedSeen,
  type SimulatedStocked,
  simulatedInStock,
  simulatedTerminal,
} from "./server.ts";

const LOOK_EVERY_MS = 2_000;

/** The device in the engineer's hands, where the job's terminal is simulated. Nothing for a real one. */
export function SimulatedTerminal({ address }: { readonly address: number | null | undefined }) {
  // one of its own for each terminal: what was seen of the one before is not shown as this one's
  return typeof address === "number" ? <Device key={address} address={address} /> : undefined;
}

function Device({ address }: { readonly address: number }) {
  const { t } = useSpeech();
  const [terminal, see] = useSimulated(address);
  const [isAway, setAway] = useState(false);
  if (terminal === undefined) return undefined;
  const { state, buttons } = terminal;
  const press = (button: string): void => {
    pressSimulated(address, button).then(
      (after) => {
        setAway(false);
        see(after);
      },
      () => {
        setAway(true);
      },
    );
  };
  return (
    <section className="field-simulated" aria-label={t("simulated.title")}>
      <h3>
        {t("simulated.title")}
        <span role="status">{t(`simulated.state.${state}`)}</span>
      </h3>
      <p className="soft">{t("simulated.explained")}</p>
      {buttons.map((button) => (
        <button
          key={button}
          type="button"
          className={button === "attach" ? "field-second" : "field-link"}
          onClick={() => {
            press(button);
          }}
        >
          {t(state === "off" ? "simulated.press.on" : `simulated.press.${button}`)}
        </button>
      ))}
      {isAway && (
        <p className="field-bad" role="alert">
          {t("simulated.away")}
        </p>
      )}
    </section>
  );
}

function useSimulated(address: number) {
  const [terminal, see] = useState<SimulatedSeen>();
  useEffect(() => {
    const look = (): void => {
      simulatedTerminal(address).then(see, () => undefined); // without a network it stays as it was seen
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [address]);
  return [terminal, see] as const;
}

/** Simulated terminals that nobody has yet; nothing where all are real. */
export function SimulatedStock({ onTake }: { readonly onTake: (serial: string) => void }) {
  const { t, language } = useSpeech();
  const [stocked, setStocked] = useState<readonly SimulatedStocked[]>([]);
  useEffect(() => {
    simulatedInStock().then(setStocked, () => undefined); // a serial can still be typed
  }, []);
  if (stocked.length === 0) return undefined;
  return (
    <section className="field-simulated" aria-label={t("simulated.stock")}>
      <h3>{t("simulated.stock")}</h3>
      <p className="soft">{t("simulated.stock.explained")}</p>
      <ul className="field-choices">
        {stocked.map(({ serial, profile }) => (
          <li key={serial}>
            <button
              type="button"
              onClick={() => {
                onTake(serial);
              }}
            >
              {profile[language]} <span className="soft">{serial}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
