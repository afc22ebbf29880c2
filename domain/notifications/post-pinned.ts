import { lookup as lookupName } from "node:dns";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { isPrivateAddress, targetFault } from "./targets.ts";

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly isPrivateAllowed: boolean;
  readonly signal: AbortSignal;
}

export type PostResult =
  | { readonly ok: true; readonly status: number; readonly text: string }
  | { readonly ok: false; readonly why: string; readonly isForbidden: boolean };

const TIMEOUT_MS = 15_000;
/** Of an answer this much is kept for the log. */
const ANSWER_CHARACTERS_MAX = 300;

/**
 * A POST to an address that somebody else chose. The name is looked up once and the connection goes to what was found
 * and looked at, so that a name cannot lead elsewhere a moment later; a redirection is an answer and not followed.
 */
export async function postPinned(post: Post): Promise<PostResult> {
  const fault = targetFault(post.url, post.isPrivateAllowed);
  if (fault !== undefined)
    return { ok: false, why: `the address is refused: ${fault}`, isForbidden: true };
  try {
    return await exchange(post);
  } catch (error) {
    const isForbidden = error instanceof ForbiddenAddress;
    return { ok: false, why: error instanceof Error ? whyOf(error) : String(error), isForbidden };
  }
}

/** The name leads where webhooks may not go. */
class ForbiddenAddress extends Error {}

const whyOf = (error: Error): string =>
  error.message || ("code" in error ? String(error.code) : error.name);

const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookupName(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      done(error, []);
      return;
    }
    // one that is private is enough: which of them is taken is not ours to choose
    if (addresses.some(({ address }) => isPrivateAddress(address))) {
      done(new ForbiddenAddress(`${hostname} leads to a private address`), []);
      return;
    }
    if (options.all === true) done(null, addresses);
    else done(null, addresses[0]?.address ?? "", addresses[0]?.family ?? 0);
  });
};

function exchange({ url, headers, body, isPrivateAllowed, signal }: Post): Promise<PostResult> {
  const { promise, resolve, reject } = Promise.withResolvers<PostResult>();
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  const sent = request(url, {
    method: "POST",
    headers: { ...headers, "content-length": String(lengthOf(body)) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    agent: false, // a connection of its own: none that was opened to something else
    ...(isPrivateAllowed ? {} : { lookup: lookupPublic }),
  });
  sent.on("error", reject);
  sent.on("response", (answer) => {
    readText(answer).then((text) => {
      resolve({ ok: true, status: answer.statusCode ?? 0, text });
    }, reject);
  });
  sent.end(body);
  return promise;
}

const lengthOf = (body: string | Uint8Array): number =>
  typeof body === "string" ? new TextEncoder().encode(body).length : body.length;

async function readText(answer: IncomingMessage): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > ANSWER_CHARACTERS_MAX) break; // what breaks off is closed with it
  }
  return text.slice(0, ANSWER_CHARACTERS_MAX);
}
