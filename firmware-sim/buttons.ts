import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Log } from "../base/log.ts";
import type { Running } from "../base/run-process.ts";

/** The button on the case of a simulated terminal by which it attaches. */
export interface Button {
  readonly serial: string;
  press(): void;
}

/**
 * Whose button a line of input presses: the one whose serial it is, in upper or lower case; an empty line presses
 * all. Empty where no terminal has that serial.
 */
export function buttonsFor<T extends Pick<Button, "serial">>(
  line: string,
  buttons: readonly T[],
): readonly T[] {
  const serial = line.trim().toUpperCase();
  return serial === "" ? buttons : buttons.filter((one) => one.serial.toUpperCase() === serial);
}

/** Presses buttons as the lines of `input` say, until it is stopped or the input ends. */
export function listenToButtons(input: Readable, buttons: readonly Button[], log: Log): Running {
  log.info({ first: buttons[0]?.serial }, "type a terminal's serial and Enter to press its button");
  const lines = createInterface({ input });
  lines.on("line", (line) => {
    const pressed = buttonsFor(line, buttons);
    for (const button of pressed) {
      button.press();
      log.info({ serial: button.serial }, "button pressed");
    }
    if (pressed.length === 0) log.warn({ serial: line.trim() }, "no terminal has this serial");
  });
  return {
    async stop() {
      lines.close();
    },
  };
}
