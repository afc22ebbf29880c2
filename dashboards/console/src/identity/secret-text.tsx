import { Button } from "antd";
import { useState } from "react";
import { useSpeech } from "../i18n/language.tsx";

/** What is shown this once, to be copied. */
export function SecretText({ text }: { readonly text: string }) {
  const { t } = useSpeech();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="secret">
      <code>{text}</code>
      <Button onClick={() => void copy()}>{t(isCopied ? "account.copied" : "account.copy")}</Button>
    </div>
  );
}
