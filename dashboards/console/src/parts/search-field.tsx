import { Input } from "antd";
import { useEffect, useState } from "react";
import { useSettled } from "../time/use-now.ts";
import { Icon } from "./icon.tsx";

const SETTLE_MS = 250;

interface SearchFieldProps {
  readonly label: string;
  /** What the page looks for now. */
  readonly value: string | undefined;
  /** Told once the typing has settled; empty for nothing. */
  readonly search: (text: string) => void;
}

/** What a list is searched by. */
export function SearchField({ label, value = "", search }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const settled = useSettled(text.trim(), SETTLE_MS);
  useEffect(() => {
    if (settled !== value) search(settled);
    // only when the typing has settled: a change of the address from elsewhere is not typed back
  }, [settled]);
  return (
    <Input
      allowClear
      value={text}
      aria-label={label}
      placeholder={label}
      prefix={<Icon name="search" size={15} />}
      onChange={(event) => {
        setText(event.target.value);
      }}
    />
  );
}
