import { Select } from "antd";
import { useSpeech } from "../i18n/language.tsx";
import { useProfiles } from "./use-profiles.ts";

interface ProfileChoiceProps {
  readonly value: string | undefined;
  /** Empty: all of them. */
  readonly onChange: (profile: string) => void;
}

/** Which device type a list is narrowed to. */
export function ProfileChoice({ value = "", onChange }: ProfileChoiceProps) {
  const { t } = useSpeech();
  const profiles = useProfiles();
  return (
    <Select
      aria-label={t("terminals.profile")}
      value={value}
      onChange={onChange}
      options={[
        { value: "", label: t("terminals.profile.all") },
        ...profiles.all.map(({ name }) => ({ value: name, label: profiles.label(name) })),
      ]}
    />
  );
}
