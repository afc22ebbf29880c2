import type { ReactNode } from "react";
import type { ImportRun } from "../api/types.ts";
import type { TextKey } from "../i18n/en.ts";

export interface ImportOrder {
  readonly dryRun: boolean;
  readonly skipBad: boolean;
}

/** What is different about one kind of file. */
export interface ImportKind {
  readonly columns: string;
  readonly optional: string;
  readonly texts: Readonly<Record<"drop" | "hint" | "do" | "done" | "undo", TextKey>>;
  readonly upload: (file: File, order: ImportOrder) => Promise<ImportRun>;
  /** What shows rows of this kind asks for them again. */
  readonly changed: () => Promise<unknown>;
  /** The way to what came in. */
  readonly link: (run: ImportRun) => ReactNode;
}
