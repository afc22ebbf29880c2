import "./recovery.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Age } from "../parts/age.tsx";
import { ListCut } from "../parts/list-cut.tsx";
import { Failure } from "../parts/states.tsx";
import { LIST_MAX, type Recovery, recoveriesQuery } from "./recovery-queries.ts";
import { useWords } from "./recovery-words.ts";

/** Stolen vehicles above the calls for help; nothing where none is looked for. */
export function StolenList({ state }: { readonly state: "open" | "closed" | "all" }) {
  const { w } = useWords();
  const query = useQuery(recoveriesQuery(state === "all" ? undefined : state === "open"));
  if (query.data === undefined && query.error !== null)
    return <Failure error={query.error} retry={() => void query.refetch()} />;
  const items = query.data?.items ?? [];
  if (items.length === 0) return undefined;
  return (
    <section className="card" aria-label={w("title")}>
      <h2>{w("title")}</h2>
      <table className="row-table">
        <thead>
          <tr>
            <th>{w("vehicle")}</th>
            <th>{w("customer")}</th>
            <th>{w("marked")}</th>
            <th>{w("state")}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <Row key={one.id} one={one} />
          ))}
        </tbody>
      </table>
      <ListCut count={items.length} max={LIST_MAX} />
    </section>
  );
}

function Row({ one }: { readonly one: Recovery }) {
  const { w } = useWords();
  const { id, vehicle, customerName, openedAt, state, result } = one;
  return (
    <tr>
      <td data-label={w("vehicle")}>
        <Link to="/cases/stolen/$id" params={{ id }}>
          <strong>{vehicle.plate ?? vehicle.name}</strong>
        </Link>
      </td>
      <td data-label={w("customer")}>{customerName}</td>
      <td data-label={w("marked")}>
        <Age at={openedAt} />
      </td>
      <td data-label={w("state")} className="wide">
        <span className={state === "open" ? "alert-text" : "soft"}>
          {w(`state.${state}`)}
          {result === null ? "" : `: ${result}`}
        </span>
      </td>
    </tr>
  );
}
