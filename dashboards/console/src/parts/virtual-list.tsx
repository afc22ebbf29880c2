import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from "react";

const OVERSCAN_ROWS = 8;

interface VirtualListProps<T> {
  readonly items: readonly T[];
  readonly rowHeight: number;
  readonly label: string;
  readonly keyOf: (item: T) => string;
  readonly row: (item: T) => ReactNode;
  readonly rowClass?: (item: T) => string;
  readonly onOpen: (item: T) => void;
  /** While the reader is not at the top, new rows above must not push what is being read. */
  readonly pinned?: boolean;
  readonly footer?: ReactNode;
  /** A key that the list itself does not know; answers whether it meant something. */
  readonly onKey?: (key: string, item: T | undefined) => boolean;
  /** Takes the keyboard at once, and where the active row goes away the next one becomes active. */
  readonly isDesk?: boolean;
}

/** Draws only the rows in sight, so that 10,000 cost as much as twenty. */
export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, rowHeight, keyOf } = props;
  const box = useFocused(props.isDesk === true);
  const [view, setView] = useState({ top: 0, height: 800 });
  const [chosen, setChosen] = useState<Chosen>();
  useWatchedHeight(box, (height) => {
    setView((old) => ({ ...old, height }));
  });
  useKeptPlace(box, props);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN_ROWS);
  const last = Math.min(
    items.length,
    Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN_ROWS,
  );
  const active = activeIndex(props, chosen);
  const activeItem = items[active];
  const activeKey = activeItem === undefined ? undefined : keyOf(activeItem);

  const move = (to: number): void => {
    const index = Math.max(0, Math.min(items.length - 1, to));
    const item = items[index];
    if (!item) return;
    setChosen({ key: keyOf(item), index });
    revealRow(box.current, index * rowHeight, rowHeight);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const target = targetOf(event.key, active, steps, items.length);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target !== undefined) move(target);
    else if (event.key === "Enter" && activeItem) props.onOpen(activeItem);
    else if (props.onKey?.(event.key, activeItem) !== true) return;
    event.preventDefault();
  };

  return (
    <div
      ref={box}
      className="virtual"
      role="listbox"
      aria-label={props.label}
      aria-activedescendant={active >= first && active < last ? `row-${activeKey}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const top = event.currentTarget.scrollTop;
        setView((old) => ({ ...old, top }));
      }}
    >
      <div className="virtual-rows" style={{ height: items.length * rowHeight }}>
        {items.slice(first, last).map((item, offset) => {
          const key = keyOf(item);
          const isActive = key === activeKey;
          return (
            <Row
              key={key}
              id={key}
              isActive={isActive}
              position={first + offset}
              list={props}
              item={item}
              activate={(key) => {
                setChosen({ key, index: first + offset });
              }}
            />
          );
        })}
      </div>
      {props.footer}
    </div>
  );
}

/** The list's box, which has the keyboard from the beginning where that is wanted. */
function useFocused(isWanted: boolean): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isWanted) box.current?.focus({ preventScroll: true });
  }, [isWanted]);
  return box;
}

interface Chosen {
  readonly key: string;
  readonly index: number;
}

function activeIndex<T>(
  { items, keyOf, isDesk = false }: VirtualListProps<T>,
  chosen: Chosen | undefined,
): number {
  if (chosen === undefined) return -1;
  const found = items.findIndex((item) => keyOf(item) === chosen.key);
  return found === -1 && isDesk ? Math.min(chosen.index, items.length - 1) : found;
}

interface RowProps<T> {
  readonly id: string;
  readonly isActive: boolean;
  readonly position: number;
  readonly list: VirtualListProps<T>;
  readonly item: T;
  readonly activate: (key: string) => void;
}

function Row<T>({ id, isActive, position, list, item, activate }: RowProps<T>) {
  const { rowHeight, items } = list;
  return (
    <div
      id={`row-${id}`}
      role="option"
      aria-selected={isActive}
      aria-posinset={position + 1}
      aria-setsize={items.length}
      className={`virtual-row ${isActive ? "active" : ""} ${list.rowClass?.(item) ?? ""}`}
      style={{ height: rowHeight, transform: `translateY(${position * rowHeight}px)` }}
      onClick={() => {
        activate(id);
        list.onOpen(item);
      }}
    >
      {list.row(item)}
    </div>
  );
}

function targetOf(key: string, active: number, page: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
    case "j":
      return active + 1;
    case "ArrowUp":
    case "k":
      return active - 1;
    case "PageDown":
      return active + page;
    case "PageUp":
      return active - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

function revealRow(box: HTMLDivElement | null, top: number, height: number): void {
  if (!box) return;
  if (top < box.scrollTop) box.scrollTop = top;
  const below = top + height - box.scrollTop - box.clientHeight;
  if (below > 0) box.scrollTop += below;
}

function useWatchedHeight(
  box: RefObject<HTMLDivElement | null>,
  changed: (height: number) => void,
): void {
  const latest = useRef(changed);
  useEffect(() => {
    latest.current = changed;
  });
  useEffect(() => {
    if (!box.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) latest.current(entry.contentRect.height);
    });
    observer.observe(box.current);
    return () => {
      observer.disconnect();
    };
  }, [box]);
}

/** Keeps the row at the top of the view where it is when rows arrive above it. */
function useKeptPlace<T>(
  box: RefObject<HTMLDivElement | null>,
  { items, rowHeight, keyOf, pinned }: VirtualListProps<T>,
): void {
  const firstKey = items[0] === undefined ? undefined : keyOf(items[0]);
  const before = useRef(firstKey);
  useEffect(() => {
    const formerFirst = before.current;
    before.current = firstKey;
    if (pinned !== true || !box.current || box.current.scrollTop < rowHeight / 2) return;
    const added = items.findIndex((item) => keyOf(item) === formerFirst);
    if (added > 0) box.current.scrollTop += added * rowHeight;
  }, [firstKey, box, items, keyOf, pinned, rowHeight]);
}
