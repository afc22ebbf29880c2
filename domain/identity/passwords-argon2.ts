import { hash, verify } from "@node-rs/argon2";
import { UnavailableError } from "../../base/errors.ts";
import { NO_PASSWORD, type Passwords } from "./passwords.ts";

export interface Argon2Cost {
  readonly memoryKiB: number;
  readonly passes: number;
}

/** OWASP's first choice for argon2id (Password Storage Cheat Sheet): 19 MiB, two passes, one lane. */
const COST: Argon2Cost = { memoryKiB: 19_456, passes: 2 };
const AT_ONCE_MAX = 2;
/** More people than this do not sign in in the same second; each waiting one costs a connection. */
const WAITING_MAX = 100;

export function createPasswordsArgon2(cost: Argon2Cost = COST): Passwords {
  const options = { algorithm: 2, memoryCost: cost.memoryKiB, timeCost: cost.passes };
  let nobodys: Promise<string> | undefined;
  let running = 0;
  const waiting: (() => void)[] = [];

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= AT_ONCE_MAX) {
      if (waiting.length >= WAITING_MAX)
        throw new UnavailableError("Too many people sign in at this moment; try again");
      await new Promise<void>((resolve) => waiting.push(resolve)); // whoever ends hands its turn on
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  }

  return {
    hash: (password) => inTurn(() => hash(password, options)),
    verify: (stored, password) =>
      inTurn(async () => {
        nobodys ??= hash("nobody's", options);
        const isSomebodys = stored !== undefined && stored !== NO_PASSWORD;
        const isRight = await verify(isSomebodys ? stored : await nobodys, password);
        return isRight && isSomebodys;
      }),
  };
}
