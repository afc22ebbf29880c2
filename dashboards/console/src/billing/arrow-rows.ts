import type { KeyboardEvent } from "react";

/** In a table of links: up and down go from row to row. */
export function onArrowKeys(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("tbody tr [data-row]")];
  const at = links.findIndex((link) => link === document.activeElement);
  if (at === -1) return;
  links[Math.max(0, Math.min(links.length - 1, at + step))]?.focus();
  event.preventDefault();
}
