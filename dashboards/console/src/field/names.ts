import { useEffect, useState } from "react";
import { assetsOf, findCustomers, type Named } from "./server.ts";
import { keep, kept } from "./store.ts";

/** Customers and assets by name: what the server says, else what this phone has seen of it before. */

const REMEMBERED_MAX = 1_000;
const SHOWN_MAX = 20;
const SETTLE_MS = 200;

export interface Names {
  /** Undefined until something is known. */
  readonly list: readonly Named[] | undefined;
  readonly isOffline: boolean;
}

export const useCustomers = (search: string): Names =>
  useNames(`customers ${search}`, () => customersNamed(search));

export const useAssets = (customerId: string): Names =>
  useNames(`assets ${customerId}`, () => assetsNamed(customerId));

async function customersNamed(search: string): Promise<Names> {
  try {
    const list = await findCustomers(search);
    await remember("customers", list);
    return { list, isOffline: false };
  } catch {
    const wanted = search.toLowerCase();
    const list = (await remembered("customers"))
      .filter(({ name, more }) => `${name} ${more}`.toLowerCase().includes(wanted))
      .slice(0, SHOWN_MAX);
    return { list, isOffline: true }; // said on the screen
  }
}

async function assetsNamed(customerId: string): Promise<Names> {
  const key = `assets ${customerId}`;
  try {
    const list = await assetsOf(customerId);
    await keep(key, list);
    return { list, isOffline: false };
  } catch {
    return { list: await remembered(key), isOffline: true }; // said on the screen
  }
}

/** Those just seen, then those seen before, so that they can be found without a network. */
export async function remember(key: string, seen: readonly Named[]): Promise<void> {
  const ids = new Set(seen.map(({ id }) => id));
  const before = (await remembered(key)).filter(({ id }) => !ids.has(id));
  await keep(key, [...seen, ...before].slice(0, REMEMBERED_MAX));
}

const isNamed = (value: unknown): value is Named =>
  typeof value === "object" && value !== null && "id" in value && "name" in value;

async function remembered(key: string): Promise<readonly Named[]> {
  const before = await kept(key);
  return Array.isArray(before) ? before.filter(isNamed) : [];
}

function useNames(key: string, find: () => Promise<Names>): Names {
  const [found, setFound] = useState<Names & { readonly key: string }>();
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      void find().then((names) => {
        if (current) setFound({ key, ...names });
      });
    }, SETTLE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key]);
  return { list: found?.list, isOffline: found?.isOffline === true };
}
