import { useEffect, useRef, useState } from "react";
import SignaturePad from "signature_pad";
import { useSpeech } from "../i18n/language.tsx";
import type { CardProps } from "./card-props.ts";
import { addPhoto } from "./store.ts";
import { doStep } from "./use-jobs.ts";

export function SignatureCard({ jobId, told, onNext }: CardProps) {
  const { t } = useSpeech();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad>(undefined);
  const [name, setName] = useState(told.signedBy ?? "");
  const [isSigned, setSigned] = useState(false);
  useEffect(() => {
    const place = canvas.current;
    if (!place) return undefined;
    const scale = window.devicePixelRatio;
    place.width = place.offsetWidth * scale;
    place.height = place.offsetHeight * scale;
    place.getContext("2d")?.scale(scale, scale);
    const made = new SignaturePad(place, { penColor: "#10151b", backgroundColor: "#ffffff" });
    made.addEventListener("endStroke", () => {
      setSigned(!made.isEmpty());
    });
    pad.current = made;
    return () => {
      made.off();
    };
  }, []);
  const save = async (): Promise<void> => {
    const drawn = canvas.current;
    // not by way of a data: address, which our content security policy lets nobody fetch
    const blob = await new Promise<Blob | null>((resolve) => drawn?.toBlob(resolve, "image/png"));
    if (blob === null) return;
    const id = crypto.randomUUID();
    await addPhoto({ id, jobId, blob, sent: false });
    void doStep(jobId, "signature", { photoId: id, name: name.trim() });
    onNext();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isSigned && name.trim() !== "") void save();
      }}
    >
      {told.signedBy !== undefined && (
        <p className="field-good">{t("field.signature.by", { name: told.signedBy })}</p>
      )}
      <label>
        {t("field.signature.name")}
        <input
          value={name}
          maxLength={200}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </label>
      <canvas ref={canvas} className="field-signature" aria-label={t("field.signature.pad")} />
      <p className="soft">{t("field.signature.pad")}</p>
      <button
        type="button"
        className="field-second"
        onClick={() => {
          pad.current?.clear();
          setSigned(false);
        }}
      >
        {t("field.signature.clear")}
      </button>
      <button type="submit" className="field-big" disabled={!isSigned || name.trim() === ""}>
        {t("field.save")}
      </button>
    </form>
  );
}
