import { createRootRoute } from "@tanstack/react-router";
import { AppShell } from "../shell/app-shell.tsx";
import { PageFailure, PageMissing } from "../shell/page-failure.tsx";

export const root = createRootRoute({
  component: AppShell,
  errorComponent: PageFailure,
  notFoundComponent: PageMissing,
});
