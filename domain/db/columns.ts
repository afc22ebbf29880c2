import type { ColumnType } from "kysely";

/** int8 is read as bigint on both databases and written as either. */
export type Int8 = ColumnType<bigint, bigint | number, bigint | number>;
export type NullableInt8 = ColumnType<
  bigint | null,
  bigint | number | null | undefined,
  bigint | number | null
>;
/** A generated column: nobody writes it. */
export type MadeByDatabase = ColumnType<string, never, never>;
/** jsonb is read as a value and written as text. */
export type Json<T> = ColumnType<T, string, string>;
export type NullableJson<T> = ColumnType<T | null, string | null | undefined, string | null>;
