import "./customers.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { answerOf, api } from "../api/client.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Time } from "../parts/age.tsx";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/app-shell.tsx";
import {
  customerChanged,
  type DuplicatePair,
  duplicatesQuery,
  type Merge,
  mergesQuery,
} from "./customer-queries.ts";
import { Field } from "./field.tsx";
import { KindMark } from "./marks.tsx";
import { Refusal } from "./refusal.tsx";
import { useDoing } from "./use-doing.ts";

/** Customers that are probably one, side by side, and the merges that can be undone. */
export function DuplicatesPage() {
  const { t } = useSpeech();
  useTitle(t("customers.duplicates"));
  const pairs = useQuery(duplicatesQuery);
  const [chosen, setChosen] = useState<DuplicatePair>();
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t("customers.duplicates")}</h1>
        <span className="grow" />
        <Link to="/customers">{t("customers.title")}</Link>
      </div>
      <Loaded query={pairs} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              title={t("customers.duplicates.none")}
              detail={t("customers.duplicates.none.detail")}
            />
          ) : (
            <div className="pair-list">
              {items.map((pair) => (
                <Pair
                  key={`${pair.one.id} ${pair.other.id}`}
                  pair={pair}
                  onMerge={() => {
                    setChosen(pair);
                  }}
                />
              ))}
            </div>
          )
        }
      </Loaded>
      <Merges />
      {chosen === undefined ? undefined : (
        <MergeDialog
          pair={chosen}
          onDone={() => {
            setChosen(undefined);
          }}
        />
      )}
    </div>
  );
}

type Side = DuplicatePair["one"];

function Pair({ pair, onMerge }: { readonly pair: DuplicatePair; readonly onMerge: () => void }) {
  const { t } = useSpeech();
  const { one, other, score, reasons } = pair;
  const rows = [
    ["number", one.number, other.number],
    ["phone", one.phone, other.phone],
    ["email", one.email, other.email],
    ["address", one.address, other.address],
    ["taxId", one.taxId, other.taxId],
  ] as const;
  const isSame = (row: string): boolean =>
    reasons.some((reason) => (reason === "tax-id" ? "taxId" : reason) === row);
  return (
    <article className="card pair" aria-label={`${one.name}, ${other.name}`}>
      <header>
        <span className="pair-score" title={t("customers.score.explained")}>
          {t("customers.score", { score })}
        </span>
        <span className="tag-list">
          {reasons.map((reason) => (
            <span key={reason} className="tag same">
              {t(`customers.same.${reason}`)}
            </span>
          ))}
        </span>
        <Button className="end" type="primary" onClick={onMerge}>
          {t("customers.merge")}
        </Button>
      </header>
      <table>
        <thead>
          <tr>
            <td />
            {[one, other].map((side) => (
              <th key={side.id} scope="col">
                <Named side={side} isSame={isSame("name")} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([row, left, right]) =>
            left === null && right === null ? undefined : (
              <tr key={row} className={isSame(row) ? "same-row" : ""}>
                <th scope="row">{t(`customers.${row}`)}</th>
                <td>{left ?? "—"}</td>
                <td>{right ?? "—"}</td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </article>
  );
}

function Named({ side, isSame }: { readonly side: Side; readonly isSame: boolean }) {
  return (
    <span className={`type-cell ${isSame ? "same-name" : ""}`}>
      <KindMark kind={side.kind} />
      <Link to="/customers/$id" params={{ id: side.id }}>
        {side.name}
      </Link>
    </span>
  );
}

interface MergeDialogProps {
  readonly pair: DuplicatePair;
  readonly onDone: () => void;
}

function MergeDialog({ pair: { one, other }, onDone }: MergeDialogProps) {
  const { t } = useSpeech();
  const [into, setInto] = useState(one.id);
  const [reason, setReason] = useState("");
  const doing = useDoing();
  const [kept, gone] = into === one.id ? [one, other] : [other, one];
  const merge = async (): Promise<void> => {
    const isDone = await doing.run(async () => {
      await answerOf(
        api.POST("/api/customers/{id}/merge", {
          params: { path: { id: gone.id } },
          body: { into: kept.id, ...(reason.trim() === "" ? {} : { reason }) },
        }),
      );
      await customerChanged();
    });
    if (isDone) onDone();
  };
  return (
    <Modal
      open
      title={t("customers.merge.title")}
      okText={t("customers.merge")}
      cancelText={t("customers.cancel")}
      confirmLoading={doing.isBusy}
      onOk={() => void merge()}
      onCancel={onDone}
    >
      <div className="form">
        <Field label={t("customers.merge.keep")} wide>
          <Radio.Group
            className="merge-choice"
            value={into}
            onChange={(event) => {
              setInto(String(event.target.value));
            }}
            options={[one, other].map(({ id, name, number }) => ({
              value: id,
              label: `${name} · ${number}`,
            }))}
          />
        </Field>
        <p className="field-wide">
          {t("customers.merge.explained", { gone: gone.number, kept: kept.number })}
        </p>
        <Field label={t("customers.reason")} wide>
          <Input
            value={reason}
            maxLength={500}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        </Field>
        <div className="field-wide">
          <Refusal error={doing.error} />
        </div>
      </div>
    </Modal>
  );
}

function Merges() {
  const { t } = useSpeech();
  const query = useQuery(mergesQuery);
  const items = query.data?.items ?? [];
  if (items.length === 0) return undefined;
  return (
    <section className="card merges">
      <h2>{t("customers.merges")}</h2>
      <ul className="rows">
        {items.map((merge) => (
          <Merged key={merge.id} merge={merge} />
        ))}
      </ul>
    </section>
  );
}

function Merged({ merge }: { readonly merge: Merge }) {
  const { t, named } = useSpeech();
  const doing = useDoing();
  const undo = () =>
    doing.run(async () => {
      await answerOf(
        api.POST("/api/customers/merges/{id}/undo", {
          params: { path: { id: merge.id } },
          body: {},
        }),
      );
      await customerChanged();
    });
  return (
    <li className="merged">
      <span className="contact">
        <span>
          {merge.from.name} <span className="mono soft">{merge.from.number}</span> →{" "}
          <Link to="/customers/$id" params={{ id: merge.into.id }}>
            {merge.into.name}
          </Link>{" "}
          <span className="mono soft">{merge.into.number}</span>
        </span>
        <span className="soft">
          <Time at={merge.at} /> · {merge.byName}
          {merge.moved.length === 0 ? "" : " · "}
          {merge.moved
            .map(({ thing, count }) => `${named("customers.thing", thing)} (${count})`)
            .join(", ")}
        </span>
        <Refusal error={doing.error} />
      </span>
      {merge.undoneAt === null ? (
        <Button className="end" size="small" loading={doing.isBusy} onClick={() => void undo()}>
          {t("customers.merge.undo")}
        </Button>
      ) : (
        <span className="tag end">{t("customers.merge.undone")}</span>
      )}
    </li>
  );
}
