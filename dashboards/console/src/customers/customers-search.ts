/** What stands in the address behind `?`. */
export interface CustomersSearch {
  readonly search?: string;
  readonly kind?: "person" | "organisation";
  readonly tag?: string;
  readonly parent?: string;
  readonly sort?: CustomerSort;
}

export type CustomerSort = "name" | "number" | "created";
const SORTS: readonly CustomerSort[] = ["name", "number", "created"];

/** A link may say anything: only what the page knows is taken. */
export function validCustomersSearch(raw: Readonly<Record<string, unknown>>): CustomersSearch {
  const text = (name: string): object => {
    const value = raw[name];
    const isText = (typeof value === "string" && value !== "") || typeof value === "number";
    return isText ? { [name]: String(value) } : {};
  };
  const kind = (["person", "organisation"] as const).find((one) => one === raw["kind"]);
  const sort = SORTS.find((one) => one === raw["sort"]);
  return {
    ...text("search"),
    ...text("tag"),
    ...text("parent"),
    ...(kind === undefined ? {} : { kind }),
    ...(sort === undefined ? {} : { sort }),
  };
}
