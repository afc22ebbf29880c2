import type { CommandDetail } from "../api/types.ts";
import { Time } from "../parts/age.tsx";
import { isOver, STATE_ORDER, useCommandWords } from "./command-words.ts";

const STEPS = [
  ["asked", "drafted"],
  ["approved", "approved"],
  ["queued", "queued"],
  ["scheduled", "scheduled"],
  ["on-air", "on-air"],
  ["sent", "sent"],
  ["acknowledged", "acknowledged"],
  ["done", "done"],
] as const;

/** The way of a command, each step with the time at which it was first taken; what comes is still empty. */
export function CommandSteps({ command }: { readonly command: CommandDetail }) {
  const { w } = useCommandWords();
  const firstAt = (state: string): string | undefined =>
    command.evidence.find((each) => each.state === state)?.at;
  const steps = command.secondPerson ? STEPS : STEPS.filter(([name]) => name !== "asked");
  const current = STATE_ORDER.indexOf(command.state);
  const hasFailed = isOver(command) && command.state !== "done";
  return (
    <ol className="command-steps" aria-label={w("steps")}>
      {steps.map(([name, state]) => {
        const at = firstAt(state);
        const isNow = !hasFailed && STATE_ORDER.indexOf(state) === current;
        return (
          <li
            key={name}
            className={at === undefined ? "" : "step-taken"}
            {...(isNow ? { "aria-current": "step" as const } : {})}
          >
            <span className="dot" aria-hidden="true" />
            <span>
              {w(!command.secondPerson && name === "approved" ? "step.asked" : `step.${name}`)}
            </span>
            <small className="soft">{at === undefined ? "" : <Time at={at} />}</small>
          </li>
        );
      })}
      {hasFailed ? (
        <li className="step-failed">
          <span className="dot" aria-hidden="true" />
          <span>{w(`state.${command.state}`)}</span>
          <small className="soft">
            {command.endedAt === null ? "" : <Time at={command.endedAt} />}
          </small>
        </li>
      ) : undefined}
    </ol>
  );
}
