/** Tokens of the host's frames that a modem answers to. The first few belong to HELLO? and CONFIG. */
export const HELLO_TOKEN = 1;
export const CONFIG_TOKEN = 2;
const FIRST = 16;
const LAST = 0xffff;

/** A token is taken again only after it is free and all others have had their turn. */
export class Tokens {
  readonly #used = new Set<number>();
  #next = FIRST;

  /** Undefined when all are in use. */
  take(): number | undefined {
    for (let tried = FIRST; tried <= LAST; tried++) {
      const token = this.#next;
      this.#next = token === LAST ? FIRST : token + 1;
      if (!this.#used.has(token)) {
        this.#used.add(token);
        return token;
      }
    }
    return undefined;
  }

  free(token: number): void {
    this.#used.delete(token);
  }

  clear(): void {
    this.#used.clear();
  }
}
