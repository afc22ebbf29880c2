import { useQuery } from "@tanstack/react-query";
import { Button, QRCode } from "antd";
import { queryClient } from "../api/queries.ts";
import { pressSimulated, simulatedQuery } from "../api/simulated-queries.ts";
import type { CaseButton } from "../api/types.ts";
import { Refusal } from "../customers/refusal.tsx";
import { useDoing } from "../customers/use-doing.ts";
import { useSpeech } from "../i18n/language.tsx";

/** The case of a simulated terminal: its label and its buttons. Nothing for a real one. */
export function SimulatedCard({ address }: { readonly address: number }) {
  const { t } = useSpeech();
  const query = simulatedQuery(address);
  const terminal = useQuery(query).data;
  const doing = useDoing();
  if (terminal === undefined) return undefined;
  const { serial, state, buttons } = terminal;
  const press = (button: CaseButton) =>
    doing.run(async () => {
      queryClient.setQueryData(query.queryKey, await pressSimulated(address, button));
    });
  return (
    <section className="card simulated-card" aria-label={t("simulated.title")}>
      <h2>
        {t("simulated.title")}
        <span className={`simulated-${state}`} role="status">
          {t(`simulated.state.${state}`)}
        </span>
      </h2>
      <div className="simulated-case">
        <figure>
          <QRCode value={serial} size={104} color="#000" bgColor="#fff" />
          <figcaption>
            <span className="soft">{t("simulated.label")}</span>
            <span className="mono">{serial}</span>
          </figcaption>
        </figure>
        <div>
          <p className="soft">{t("simulated.explained")}</p>
          {buttons.map((button) => (
            <Button
              key={button}
              type={button === "attach" ? "primary" : "default"}
              danger={button !== "attach"}
              loading={doing.isBusy}
              onClick={() => void press(button)}
            >
              {t(state === "off" ? "simulated.press.on" : `simulated.press.${button}`)}
            </Button>
          ))}
          <Refusal error={doing.error} />
        </div>
      </div>
    </section>
  );
}
