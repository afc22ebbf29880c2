import "../customers/customers.css";
import "../stock/stock.css";
import "./billing.css";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { Empty, Loaded } from "../parts/states.tsx";
import { useTitle } from "../shell/use-title.ts";
import { useNow } from "../time/use-now.ts";
import { type Dunned, dunnedQuery, entitiesQuery } from "./billing-queries.ts";
import { DUNNING_SHOWS, type DunningSearch, validDunningSearch } from "./billing-search.ts";
import { useBilling } from "./billing-words.ts";
import { DunningDrawer } from "./dunning-drawer.tsx";
import { DunningList } from "./dunning-list.tsx";
import { isHeld } from "./dunning-marks.tsx";
import { DunningPolicyCard } from "./dunning-policy-card.tsx";

/** Who owes for how long, on which step they are, and what comes next. */
export function DunningPage() {
  const { w, format } = useBilling();
  useTitle(w("dunning"));
  const search = validDunningSearch({ ...useSearch({ from: "/dunning" }) });
  const navigate = useNavigate();
  const entities = useQuery(entitiesQuery).data?.items ?? [];
  const go = (next: DunningSearch): void => {
    void navigate({ to: "/dunning", search: next, replace: true });
  };
  const { customer, ...filter } = search;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{w("dunning")}</h1>
        <span className="soft">{w("dunning.detail")}</span>
      </div>
      {entities.map((entity) => (
        <DunningPolicyCard key={entity.id} entity={entity} isNamed={entities.length > 1} />
      ))}
      <Loaded query={useQuery(dunnedQuery)} rows={10}>
        {({ items, isCut }) =>
          items.length === 0 ? (
            <Empty title={w("dunning.empty")} detail={w("dunning.empty.detail")} />
          ) : (
            <>
              {isCut ? (
                <p className="soft" role="note">
                  {w("dunning.cut", { count: format.number(items.length) })}
                </p>
              ) : undefined}
              <Board {...{ items, filter, go }} />
            </>
          )
        }
      </Loaded>
      {customer === undefined ? undefined : (
        <DunningDrawer
          customerId={customer}
          close={() => {
            go(filter);
          }}
        />
      )}
    </div>
  );
}

interface BoardProps {
  readonly items: readonly Dunned[];
  readonly filter: DunningSearch;
  readonly go: (next: DunningSearch) => void;
}

interface Chip {
  readonly filter: DunningSearch;
  readonly text: string;
  readonly items: readonly Dunned[];
}

function Board({ items, filter, go }: BoardProps) {
  const { w, format } = useBilling();
  const today = new Date(useNow()).toISOString().slice(0, 10);
  const chips = useChips(items, today);
  const isChosen = (one: Chip): boolean =>
    one.filter.step === filter.step && one.filter.show === filter.show;
  const shown = chips.find(isChosen)?.items ?? [];
  return (
    <>
      <div className="chips" role="group" aria-label={w("dunning.byStep")}>
        {chips.map((chip) => (
          <button
            key={chip.text}
            type="button"
            className="chip"
            aria-pressed={isChosen(chip)}
            onClick={() => {
              go(chip.filter);
            }}
          >
            {chip.text} <strong>{format.number(chip.items.length)}</strong>
          </button>
        ))}
      </div>
      {shown.length === 0 ? (
        <Empty title={w("dunning.none")}>
          <Button
            onClick={() => {
              go({});
            }}
          >
            {w("clear")}
          </Button>
        </Empty>
      ) : (
        <DunningList items={shown.toSorted(byNext)} today={today} filter={filter} />
      )}
    </>
  );
}

const NEVER = "9999";
const byNext = (one: Dunned, other: Dunned): number =>
  (one.next?.on ?? NEVER).localeCompare(other.next?.on ?? NEVER) ||
  one.customerName.localeCompare(other.customerName);

/** All, those of each step that anybody is on, and those that do not go on by themselves. */
function useChips(items: readonly Dunned[], today: string): readonly Chip[] {
  const { w } = useBilling();
  const steps = [...new Set(items.map(({ step }) => step))].toSorted((one, other) => one - other);
  const shows = {
    held: items.filter((one) => isHeld(one, today)),
    unreachable: items.filter((one) => !one.isReachable),
  };
  return [
    { filter: {}, text: w("dunning.all"), items },
    ...steps.map((step) => ({
      filter: { step },
      text: step === 0 ? w("dunning.step.none") : w("dunning.step", { step }),
      items: items.filter((one) => one.step === step),
    })),
    ...DUNNING_SHOWS.filter((show) => shows[show].length > 0).map((show) => ({
      filter: { show },
      text: w(`dunning.show.${show}`),
      items: shows[show],
    })),
  ];
}
