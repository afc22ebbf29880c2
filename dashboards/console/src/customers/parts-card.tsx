import type { UseQueryResult } from "@tanstack/react-query";
import { Button } from "antd";
import { type ReactNode, useState } from "react";
import type { TextKey } from "../i18n/en.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Loaded } from "../parts/states.tsx";

interface PartsCardProps<Part> {
  readonly texts: { readonly title: TextKey; readonly add: TextKey; readonly none: TextKey };
  readonly query: UseQueryResult<{ readonly items: readonly Part[] }>;
  readonly mayChange: boolean;
  /** What stands above the rows. */
  readonly above?: (parts: readonly Part[]) => ReactNode;
  /** `edit` is its button, for whoever may. */
  readonly row: (part: Part, edit: ReactNode) => ReactNode;
  /** Undefined: a new one. */
  readonly dialog: (part: Part | undefined, onDone: () => void) => ReactNode;
}

/** What a customer has several of, each to be changed in a dialog. */
export function PartsCard<Part extends { readonly id: string }>(props: PartsCardProps<Part>) {
  const { texts, query, mayChange, above, row, dialog } = props;
  const { t } = useSpeech();
  const [open, setOpen] = useState<Part | "new">();
  const button = (label: TextKey, part: Part | "new", type: "text" | "default") =>
    mayChange ? (
      <Button
        size="small"
        type={type}
        onClick={() => {
          setOpen(part);
        }}
      >
        {t(label)}
      </Button>
    ) : undefined;
  return (
    <section className="card">
      <h2>
        {t(texts.title)}
        {button(texts.add, "new", "default")}
      </h2>
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="small-empty">{t(texts.none)}</p>
          ) : (
            <>
              {above?.(items)}
              <ul className="rows">
                {items.map((part) => (
                  <li key={part.id}>{row(part, button("customers.edit", part, "text"))}</li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
      {open === undefined
        ? undefined
        : dialog(open === "new" ? undefined : open, () => {
            setOpen(undefined);
          })}
    </section>
  );
}
