import type { AedesOptions, AuthenticateError, Client } from "aedes";
import { grantsOf, type Identity, sameIdentity } from "./acl.ts";
import type { Member, Parts } from "./members.ts";
import { publishAllowed, utf8Bytes } from "./traffic.ts";

const IDENTIFIER_REJECTED = 2; // MQTT 3.1.1, table 3.1
const NOT_AUTHORIZED = 5;
const CLIENT_ID_TAKEN = "client id is taken";
const utf8 = new TextDecoder();

/** What a client says before it has proven who it is. */
export function preConnect({ limits, wills }: Parts): NonNullable<AedesOptions["preConnect"]> {
  return (client, packet, done) => {
    // No sessions: a queue for an absent client would grow without bound and pass to whoever takes its id.
    // Gateways keep on disk what is not stored, and send it again.
    packet.clean = true;
    const { will } = packet;
    if (will) wills.set(client, { topic: will.topic, retain: will.retain ?? false });
    const fits = utf8Bytes(packet.clientId) <= limits.clientIdBytesMax;
    done(fits ? null : new Error("client id is too long"), fits);
  };
}

/** Who may come in. */
export function admit(parts: Parts): NonNullable<AedesOptions["authenticate"]> {
  return (client, username, password, done) => {
    const secret = password && utf8.decode(password);
    void identify(parts, client, username, secret).then((identity) => {
      enter(parts, { client, username, identity }, done);
    });
  };
}

/** Whoever cannot be judged stays outside. */
async function identify(
  { authenticate, log }: Parts,
  client: Client,
  username: string | undefined,
  secret: string | undefined,
): Promise<Identity | undefined> {
  try {
    return await authenticate(client.id, username, secret);
  } catch (error) {
    log.warn({ err: error, clientId: client.id }, "a client could not be judged");
    return undefined;
  }
}

type Entering = {
  readonly client: Client;
  readonly username: string | undefined;
  readonly identity: Identity | undefined;
};
type Entered = Parameters<NonNullable<AedesOptions["authenticate"]>>[3];

function enter(parts: Parts, { client, username, identity }: Entering, done: Entered): void {
  const member = identity && {
    identity,
    grants: grantsOf(identity),
    filters: new Set<string>(),
    pace: { dueMs: 0 },
  };
  const gone = client.closed || client.conn.destroyed;
  const reason = gone
    ? "gone meanwhile"
    : member
      ? refusal(parts, client, member)
      : "bad name or secret";
  if (!member || reason) {
    parts.counters.refusedConnections += 1;
    parts.log.warn({ clientId: client.id, username, reason }, "client refused");
    const returnCode = reason === CLIENT_ID_TAKEN ? IDENTIFIER_REJECTED : NOT_AUTHORIZED;
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum: type stripping leaves none of its values
    const error: AuthenticateError = Object.assign(new Error(reason), { returnCode });
    done(error, false);
    return;
  }
  parts.members.set(client, member);
  parts.live.set(client.id, { client, identity: member.identity });
  client.conn.once("close", () => {
    if (parts.live.get(client.id)?.client === client) parts.live.delete(client.id);
  });
  done(null, true);
}

/** Why a client that has proven its name may still not come in. */
function refusal({ wills, live, limits }: Parts, client: Client, member: Member) {
  const will = wills.get(client);
  if (will && !publishAllowed(limits, member, will.topic, will.retain))
    return "will is not allowed";
  const holder = live.get(client.id);
  if (holder && !sameIdentity(holder.identity, member.identity)) return CLIENT_ID_TAKEN;
  const own = [...live.values()].filter((one) => sameIdentity(one.identity, member.identity));
  const full = !holder && own.length >= limits.connectionsPerIdentityMax;
  return full ? "too many connections" : undefined;
}
