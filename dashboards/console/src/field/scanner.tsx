import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";
import { useEffect, useRef, useState } from "react";
import zxingUrl from "zxing-wasm/reader/zxing_reader.wasm?url";
import { useSpeech } from "../i18n/language.tsx";

// else it would be fetched from somebody else's server
prepareZXingModule({ overrides: { locateFile: () => zxingUrl } });

const LOOK_EVERY_MS = 200;

/** The camera, until it has read a QR code or another label. */
export function Scanner({
  onFound,
  onStop,
}: {
  readonly onFound: (label: string) => void;
  readonly onStop: () => void;
}) {
  const { t } = useSpeech();
  const video = useRef<HTMLVideoElement>(null);
  const found = useRef(onFound);
  found.current = onFound;
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    const scan = startScan(video.current, (label) => {
      found.current(label);
    });
    scan.ready.catch((error: unknown) => {
      setFault(error instanceof Error ? error.message : String(error));
    });
    return scan.stop;
  }, []);
  return (
    <div className="field-scanner">
      {fault === undefined ? (
        <video ref={video} muted playsInline aria-label={t("field.claim.scan")} />
      ) : (
        <p className="field-bad">{t("field.claim.camera", { reason: fault })}</p>
      )}
      <button type="button" className="field-second" onClick={onStop}>
        {t("field.claim.stop")}
      </button>
    </div>
  );
}

function startScan(
  video: HTMLVideoElement | null,
  onFound: (label: string) => void,
): { readonly ready: Promise<void>; readonly stop: () => void } {
  const detector = new BarcodeDetector({
    formats: ["qr_code", "data_matrix", "code_128", "code_39"],
  });
  let stream: MediaStream | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const look = async (): Promise<void> => {
    if (isStopped || video === null) return;
    const [code] = video.readyState >= 2 ? await detector.detect(video) : [];
    // after an await somebody may have stopped it
    if (isStopped as boolean) return;
    if (code) onFound(code.rawValue);
    else timer = setTimeout(() => void look(), LOOK_EVERY_MS);
  };
  const start = async (): Promise<void> => {
    const asked = { video: { facingMode: "environment" } };
    stream = await navigator.mediaDevices.getUserMedia(asked);
    if (isStopped || video === null) {
      stop();
      return;
    }
    video.srcObject = stream;
    await video.play();
    await look();
  };
  const stop = (): void => {
    isStopped = true;
    clearTimeout(timer);
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  return { ready: start(), stop };
}
