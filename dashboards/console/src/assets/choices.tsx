import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { terminalSearchQuery } from "../api/queries.ts";
import { useSpeech } from "../i18n/language.tsx";
import { useSettled } from "../time/use-now.ts";

const SETTLE_MS = 200;

interface ChoiceProps<T> {
  /** Given by the form around it. */
  readonly id?: string;
  readonly value?: T;
  readonly onChange?: (value: T) => void;
}

interface TerminalChoiceProps extends ChoiceProps<number> {
  /** Where no form names it. */
  readonly label?: string;
  readonly onClear?: () => void;
}

/** A terminal by a part of its name or serial. */
export function TerminalChoice({ id, value, onChange, label, onClear }: TerminalChoiceProps) {
  const { t } = useSpeech();
  const [text, setText] = useState("");
  const found = useQuery(terminalSearchQuery(useSettled(text.trim(), SETTLE_MS))).data?.items ?? [];
  return (
    <Select<number>
      {...(id === undefined ? {} : { id })}
      {...(value === undefined ? {} : { value })}
      {...(label === undefined ? {} : { "aria-label": label })}
      {...(onClear === undefined ? {} : { allowClear: true, onClear })}
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={t("assets.terminal.find")}
      notFoundContent={null}
      onChange={(address: number | undefined) => {
        if (address !== undefined) onChange?.(address);
      }}
      options={found.map(({ address, serial, name }) => ({
        value: address,
        label: `${serial} · ${name}`,
      }))}
    />
  );
}
