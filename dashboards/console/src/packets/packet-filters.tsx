import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Select } from "antd";
import { useEffect, useState } from "react";
import { gatewaysQuery, terminalSearchQuery } from "../api/queries.ts";
import type { TerminalSummary } from "../api/types.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Icon } from "../parts/icon.tsx";
import { VERDICTS } from "../parts/verdict.tsx";
import type { PacketsSearch } from "../search.ts";
import { useSettled } from "../time/use-now.ts";
import { PACKET_TYPES } from "./packet-types.ts";

const SETTLE_MS = 300;
const TYPED_MAX = 60;

export type ChangeSearch = (next: { [K in keyof PacketsSearch]: string | undefined }) => void;

interface PacketFiltersProps {
  readonly search: PacketsSearch;
  readonly change: ChangeSearch;
}

/** What narrows the log, live and past alike. */
export function PacketFilters({ search, change }: PacketFiltersProps) {
  const { t, named } = useSpeech();
  const gateways = useQuery(gatewaysQuery).data?.items ?? [];
  const choices = [
    {
      name: "verdict",
      text: t("packets.filter.verdict"),
      options: VERDICTS.map((each) => ({ value: each, label: named("verdict", each) })),
    },
    {
      name: "type",
      text: t("packets.filter.type"),
      options: PACKET_TYPES.map((each) => ({ value: each, label: named("type", each) })),
    },
    {
      name: "gateway",
      text: t("packets.filter.gateway"),
      options: gateways.map(({ id, name }) => ({ value: id, label: name })),
    },
  ] as const;
  return (
    <div className="packet-filters">
      {choices.map(({ name, text, options }) => (
        <Select
          key={name}
          allowClear
          aria-label={text}
          placeholder={text}
          value={search[name] ?? null}
          onChange={(value: string | null | undefined) => {
            change({ [name]: value ?? undefined });
          }}
          options={[...options]}
          popupMatchSelectWidth={false}
        />
      ))}
      <TerminalFilter search={search} change={change} />
    </div>
  );
}

const isSame = (serial: string, typed: string): boolean =>
  serial.toLowerCase() === typed.trim().toLowerCase();

const optionOf = ({ address, name, serial }: TerminalSummary) => ({
  value: String(address),
  label: `${name} · ${serial}`,
});

/** By its address, or by its name or serial, of which it makes the address. */
function TerminalFilter({ search, change }: PacketFiltersProps) {
  const { t } = useSpeech();
  const [text, setText] = useState(search.terminal ?? "");
  const settled = useSettled(text, SETTLE_MS);
  const isAddress = /^\d{0,10}$/.test(settled);
  const found = useQuery(terminalSearchQuery(isAddress ? "" : settled.trim())).data?.items ?? [];
  const named = isAddress ? undefined : found.find(({ serial }) => isSame(serial, settled));
  useEffect(() => {
    setText(search.terminal ?? "");
  }, [search.terminal]);
  useEffect(() => {
    if (isAddress && settled !== (search.terminal ?? ""))
      change({ terminal: settled || undefined });
    // only when the typing has settled: a change of the address from elsewhere is not typed back
  }, [settled]);
  useEffect(() => {
    if (named !== undefined) setText(String(named.address));
  }, [named]);
  return (
    <AutoComplete
      className="packet-terminal"
      allowClear
      value={text}
      aria-label={t("packets.filter.terminal")}
      placeholder={t("packets.filter.terminal")}
      prefix={<Icon name="search" size={14} />}
      options={isAddress ? [] : found.map(optionOf)}
      onChange={(value?: string) => {
        setText((value ?? "").slice(0, TYPED_MAX));
      }}
    />
  );
}
