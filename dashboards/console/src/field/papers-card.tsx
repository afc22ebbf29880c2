import { useEffect, useState } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { NextButton } from "./attach-card.tsx";
import type { CardProps } from "./card-props.ts";
import { addPhoto, photosOf } from "./store.ts";
import { doStep } from "./use-jobs.ts";

const EDGE_PX_MAX = 1_600;
const QUALITY = 0.82;

export function PapersCard({ jobId, told, onNext }: CardProps) {
  const { t } = useSpeech();
  const [note, setNote] = useState("");
  return (
    <>
      <label className="field-second field-file">
        {t("field.papers.photo")}
        <input
          type="file"
          accept="image/*"
          capture="environment"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = "";
            if (file) void takePhoto(jobId, file);
          }}
        />
      </label>
      <Photos jobId={jobId} count={told.photos} />
      {told.notes.map((text, i) => (
        <p key={`${i} ${text}`} className="field-note">
          {text}
        </p>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (note.trim() === "") return;
          void doStep(jobId, "note", { text: note.trim() });
          setNote("");
        }}
      >
        <label>
          {t("field.papers.note")}
          <textarea
            rows={3}
            maxLength={2_000}
            value={note}
            onChange={(event) => {
              setNote(event.target.value);
            }}
          />
        </label>
        <button type="submit" className="field-second" disabled={note.trim() === ""}>
          {t("field.papers.add")}
        </button>
      </form>
      {told.accepted === undefined && <NextButton onNext={onNext} />}
    </>
  );
}

/** Small enough to be sent from the street, large enough to read a plate. */
async function takePhoto(jobId: string, file: File): Promise<void> {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, EDGE_PX_MAX / Math.max(image.width, image.height));
  const canvas = new OffscreenCanvas(image.width * scale, image.height * scale);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  const id = crypto.randomUUID();
  await addPhoto({ id, jobId, blob, sent: false });
  await doStep(jobId, "photo", { photoId: id });
}

function Photos({ jobId, count }: { readonly jobId: string; readonly count: number }) {
  const { t } = useSpeech();
  const [urls, setUrls] = useState<readonly string[]>([]);
  useEffect(() => {
    let made: readonly string[] = [];
    let current = true;
    void photosOf(jobId).then((photos) => {
      if (!current) return;
      made = photos
        .filter(({ blob }) => blob.type === "image/jpeg")
        .map(({ blob }) => URL.createObjectURL(blob));
      setUrls(made);
    });
    return () => {
      current = false;
      for (const url of made) URL.revokeObjectURL(url);
    };
  }, [jobId, count]);
  return (
    <div className="field-photos">
      {urls.map((url) => (
        <img key={url} src={url} alt={t("field.papers")} />
      ))}
    </div>
  );
}
