import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Board } from "../groups/groups-search.ts";
import { Age } from "../parts/age.tsx";
import { useIsPhone } from "../parts/use-is-phone.ts";
import { VirtualList } from "../parts/virtual-list.tsx";
import { COLUMNS } from "./board-columns.tsx";
import type { BoardDevice } from "./board-queries.ts";
import { useBoardWords } from "./board-words.ts";
import { ConditionMark } from "./condition.tsx";

const ROW_HEIGHT = 38;
const CARD_HEIGHT = 108;
const HEAD_HEIGHT = 36;
const HEIGHT_MAX = 420;
const keyOf = ({ address }: BoardDevice): string => String(address);

interface BoardListProps {
  readonly board: Board;
  readonly devices: readonly BoardDevice[];
  readonly footer: ReactNode;
}

/** Every device a line, whatever their number. */
export function BoardList({ board, devices, footer }: BoardListProps) {
  const { w } = useBoardWords();
  const isPhone = useIsPhone();
  const navigate = useNavigate();
  const rowHeight = isPhone ? CARD_HEIGHT : ROW_HEIGHT;
  const headHeight = isPhone ? 0 : HEAD_HEIGHT;
  const height = Math.min(HEIGHT_MAX, headHeight + devices.length * rowHeight + 2);
  return (
    <div className="card board-list" style={{ height }}>
      {isPhone ? undefined : (
        <div className={`board-row board-row-${board} board-head`} aria-hidden="true">
          <span>{w("column.name")}</span>
          <span>{w("column.condition")}</span>
          {COLUMNS[board].map(({ text }) => (
            <span key={text}>{w(text)}</span>
          ))}
          <span>{w("column.heard")}</span>
        </div>
      )}
      <VirtualList
        items={devices}
        rowHeight={rowHeight}
        label={w("list")}
        keyOf={keyOf}
        row={(device) => <Row board={board} device={device} isPhone={isPhone} />}
        onOpen={({ address }) =>
          void navigate({ to: "/terminals/$address", params: { address: String(address) } })
        }
        footer={footer}
      />
    </div>
  );
}

interface RowProps {
  readonly board: Board;
  readonly device: BoardDevice;
  readonly isPhone: boolean;
}

function Row({ board, device, isPhone }: RowProps) {
  const { w } = useBoardWords();
  const { name, condition, receivedAt } = device;
  const heard = receivedAt === null ? w("never") : <Age at={receivedAt} />;
  if (isPhone)
    return (
      <div className="board-card">
        <strong className="cut">{name}</strong>
        <ConditionMark of={condition} />
        <span className="board-facts soft">
          {COLUMNS[board].map(({ text, cell }) => (
            <span key={text}>
              {w(text)} {cell(device)}
            </span>
          ))}
        </span>
        <span className="soft">{heard}</span>
      </div>
    );
  return (
    <div className={`board-row board-row-${board}`}>
      <span className="cut">{name}</span>
      <ConditionMark of={condition} />
      {COLUMNS[board].map(({ text, cell }) => (
        <span key={text} className="cut">
          {cell(device)}
        </span>
      ))}
      <span className={condition === "silent" ? "alert-text" : "soft"}>{heard}</span>
    </div>
  );
}
