import "../theme/theme.css";
import "./field.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { LanguageProvider } from "../i18n/language.tsx";
import { firstTheme } from "../theme/first-theme.ts";
import { FieldApp } from "./field-app.tsx";
import { refresh, sync, syncState } from "./sync.ts";

const SYNC_EVERY_MS = 5_000;

const root = document.querySelector("#root");
if (!root) throw new Error("field.html has no #root");
document.documentElement.dataset["theme"] = firstTheme();
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <FieldApp />
    </LanguageProvider>
  </StrictMode>,
);

const orReport = (work: Promise<unknown>): void => {
  work.catch((error: unknown) => {
    reportError(error); // the app works all the same, and what was not sent is tried again
  });
};

if ("serviceWorker" in navigator) orReport(navigator.serviceWorker.register("/field/sw.js"));
// else a phone that is short of room may throw away what was not sent
if ("storage" in navigator) orReport(navigator.storage.persist());

const comeBack = (): void => {
  if (document.visibilityState === "visible") orReport(refresh());
};
comeBack();
window.addEventListener("online", comeBack);
document.addEventListener("visibilitychange", comeBack);
setInterval(() => {
  orReport(syncState() === "away" ? refresh() : sync());
}, SYNC_EVERY_MS);
