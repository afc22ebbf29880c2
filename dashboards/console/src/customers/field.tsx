import type { ReactNode } from "react";

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** One field of a form under its label. */
export function Field({ label, hint, wide = false, children }: FieldProps) {
  return (
    <label className={`field ${wide ? "field-wide" : ""}`}>
      <span>{label}</span>
      {children}
      {hint === undefined ? undefined : <small className="soft">{hint}</small>}
    </label>
  );
}
