import "./groups.css";
import { useQuery } from "@tanstack/react-query";
import { queryClient } from "../api/queries.ts";
import type { DeviceGroup } from "../api/types.ts";
import { useLive, useLiveEvent } from "../api/use-live.tsx";
import { Loaded } from "../parts/states.tsx";
import { CalendarCard } from "./calendar-card.tsx";
import { outlookQuery, toldQuery } from "./group-queries.ts";
import { HistoryCard } from "./history-card.tsx";
import { RollCard } from "./roll-card.tsx";
import { TellCard } from "./tell-card.tsx";

/** What a group may be told, its calendar, and who answered; live. */
export function GroupCards({ group }: { readonly group: DeviceGroup }) {
  const { id } = group;
  const outlook = useQuery(outlookQuery(id));
  const told = useQuery(toldQuery(id));
  useLiveEvent(useLive(), "group-command", (command) => {
    if (command.groupId !== id) return;
    void queryClient.invalidateQueries({ queryKey: ["group-commands", id] });
    void queryClient.invalidateQueries({ queryKey: ["group-command", command.id] });
    void queryClient.invalidateQueries({ queryKey: ["group-roll", command.id] });
  });
  return (
    <div className="card-columns group-columns">
      <div>
        <Loaded query={outlook} rows={5}>
          {(data) => <TellCard group={group} outlook={data} />}
        </Loaded>
        <Loaded query={outlook} rows={5}>
          {(data) => <CalendarCard group={group} outlook={data} />}
        </Loaded>
      </div>
      <div>
        <Loaded query={told} rows={6}>
          {({ items }) => <RollCard latest={items[0]} />}
        </Loaded>
        <Loaded query={told} rows={4}>
          {({ items }) => <HistoryCard items={items.slice(1)} />}
        </Loaded>
      </div>
    </div>
  );
}
