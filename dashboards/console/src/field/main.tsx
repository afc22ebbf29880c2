import "../theme/theme.css";
import "./field.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LanguageProvider } from "../i18n/language.tsx";
import { FieldApp } from "./field-app.tsx";
import { sync } from "./sync.ts";

const SYNC_EVERY_MS = 5_000;

const root = document.querySelector("#root");
if (!root) throw new Error("field.html has no #root");
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <FieldApp />
    </LanguageProvider>
  </StrictMode>,
);

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/field/sw.js").catch((error: unknown) => {
    reportError(error); // the app works all the same, as long as there is a network to start it
  });
}

const send = (): void => {
  sync().catch((error: unknown) => {
    reportError(error);
  });
};
send();
window.addEventListener("online", send);
document.addEventListener("visibilitychange", send);
setInterval(send, SYNC_EVERY_MS);
