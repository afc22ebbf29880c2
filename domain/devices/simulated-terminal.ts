/** The buttons on the case of a simulated terminal. Every one has `attach`, which also switches on what lay switched off. */
export const CASE_BUTTONS = ["attach", "panic", "call"] as const;
export type CaseButton = (typeof CASE_BUTTONS)[number];

/** `off` lies silent as it came from the factory, `calling` waits for the network's answer. */
export const SIMULATED_STATES = ["off", "calling", "attached"] as const;
export type SimulatedState = (typeof SIMULATED_STATES)[number];

/** A terminal that this process simulates, as somebody who stands beside it finds it. */
export interface SimulatedTerminal {
  readonly address: number;
  readonly state: SimulatedState;
  /** Those of its device type that do something now: while it is off `attach` alone. */
  readonly buttons: readonly CaseButton[];
  /** Any other button does nothing. */
  press(button: CaseButton): void;
}
