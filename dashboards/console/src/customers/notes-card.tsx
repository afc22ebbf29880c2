import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { ApiError, answerOf, api } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Time } from "../parts/age.tsx";
import { LoadMore } from "../parts/load-more.tsx";
import type { CustomerPart } from "./contacts-card.tsx";
import { customerChanged, notesQuery } from "./customer-queries.ts";
import { Refusal } from "./refusal.tsx";
import { useDoing } from "./use-doing.ts";

/** What the operator's people noted, the newest first. Customers' own people have no such card. */
export function NotesCard({ customer, mayChange }: CustomerPart) {
  const { t, named } = useSpeech();
  const query = useInfiniteQuery(notesQuery(customer.id));
  const [text, setText] = useState("");
  const doing = useDoing();
  if (query.error instanceof ApiError && query.error.status === 404) return undefined;
  const notes = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const add = async (): Promise<void> => {
    const isDone = await doing.run(async () => {
      await answerOf(
        api.POST("/api/customers/{id}/notes", {
          params: { path: { id: customer.id } },
          body: { text },
        }),
      );
      await customerChanged(customer.id);
    });
    if (isDone) setText("");
  };
  return (
    <section className="card">
      <h2>{t("customers.notes")}</h2>
      {mayChange ? (
        <div className="note-new">
          <Input.TextArea
            aria-label={t("customers.notes.new")}
            placeholder={t("customers.notes.new")}
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={10_000}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void add();
            }}
          />
          <Refusal error={doing.error} />
          <Button disabled={text.trim() === ""} loading={doing.isBusy} onClick={() => void add()}>
            {t("customers.notes.add")}
          </Button>
        </div>
      ) : undefined}
      {notes.length === 0 ? (
        <p className="small-empty">{t("customers.notes.none")}</p>
      ) : (
        <ol className="timeline">
          {notes.map((note) => (
            <li key={note.id}>
              <p className="soft">
                <strong>{note.byName}</strong> <Time at={note.at} />
              </p>
              <p className="lines">
                {customer.erasedAt === null ? note.text : named("customers", "erased")}
              </p>
            </li>
          ))}
        </ol>
      )}
      <LoadMore query={query} />
    </section>
  );
}
