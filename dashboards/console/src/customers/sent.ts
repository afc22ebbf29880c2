import { answerOf } from "../api/client.ts";

interface Outcome {
  readonly error?: unknown;
  readonly response: Response;
}

/** For what answers nothing but that it is done. */
export async function sent(call: Promise<Outcome>): Promise<void> {
  await answerOf(call.then((outcome) => ({ ...outcome, data: true })));
}
