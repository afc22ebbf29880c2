/** Holds a file from its upload to the end of its import. */
export interface Spool {
  /** Takes everything in, or throws what `file` throws and keeps nothing. */
  keep(file: AsyncIterable<Uint8Array>): Promise<SpooledFile>;
}

export interface SpooledFile {
  readonly bytes: number;
  /** Line breaks, for a progress in per cent; a last line may have none. */
  readonly lineBreaks: number;
  /** To be read once. */
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

const LINE_FEED = 10;

export function countLineBreaks(chunk: Uint8Array): number {
  let count = 0;
  for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1))
    count += 1;
  return count;
}
