interface Entry<T> {
  readonly key: number;
  readonly order: number;
  readonly value: T;
}

export interface Heap<T> {
  readonly size: number;
  push(key: number, value: T): void;
  /** The smallest key, without taking it. */
  peek(): number | undefined;
  pop(): { readonly key: number; readonly value: T } | undefined;
}

/** A binary heap; equal keys come out in the order they went in, which keeps runs repeatable. */
export function createHeap<T>(): Heap<T> {
  const entries: Entry<T>[] = [];
  let order = 0;
  const before = (a: Entry<T>, b: Entry<T>): boolean =>
    a.key < b.key || (a.key === b.key && a.order < b.order);

  const rise = (entry: Entry<T>): void => {
    let index = entries.length - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = entries[above];
      if (!parent || !before(entry, parent)) break;
      entries[index] = parent;
      index = above;
    }
    entries[index] = entry;
  };

  const sink = (entry: Entry<T>): void => {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [one, other] = [entries[left], entries[left + 1]];
      if (!one) break;
      const takeOther = other !== undefined && before(other, one);
      const child = takeOther ? other : one;
      if (!before(child, entry)) break;
      entries[index] = child;
      index = takeOther ? left + 1 : left;
    }
    entries[index] = entry;
  };

  return {
    get size() {
      return entries.length;
    },
    push(key, value) {
      const entry = { key, order: order++, value };
      entries.push(entry);
      rise(entry);
    },
    peek: () => entries[0]?.key,
    pop() {
      const top = entries[0];
      const last = entries.pop();
      if (top && last && top !== last) sink(last);
      return top;
    },
  };
}
