import type { AedesOptions } from "aedes";
import { mayPublish, mayRetain, maySubscribe } from "./acl.ts";
import type { BrokerLimits } from "./limits.ts";
import type { Member, Parts } from "./members.ts";
import { pace } from "./rate-limit.ts";

export const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length;

export const publishAllowed = (
  limits: BrokerLimits,
  { grants }: Member,
  topic: string,
  retain: boolean,
): boolean =>
  utf8Bytes(topic) <= limits.topicBytesMax &&
  mayPublish(grants, topic) &&
  (!retain || mayRetain(grants, topic));

/** What may be published now, and what a little later. */
export function authorizePublish(parts: Parts): NonNullable<AedesOptions["authorizePublish"]> {
  const { limits, clock, counters, log } = parts;
  return (client, packet, done) => {
    const member = client ? parts.members.get(client) : undefined;
    if (!client || !member || !publishAllowed(limits, member, packet.topic, packet.retain)) {
      counters.refusedPublishes += 1;
      log.warn({ clientId: client?.id, topic: packet.topic.slice(0, 256) }, "publish refused");
      done(new Error("publish refused")); // 3.1.1 has no other answer than to close
      return;
    }
    const nowMs = clock.steadyMs();
    const step = pace(limits.publishes, member.pace, nowMs);
    member.pace = step.pace;
    parts.faultPoint("publish-allowed");
    if (step.wait === 0 || client.closed) {
      done();
      return;
    }
    counters.slowedPublishes += 1; // aedes reads no more from this client until it is answered
    parts.waiting.push({ client, dueMs: nowMs + step.wait, allow: done });
  };
}

/** Lets through what was slowed for long enough. */
export function releaseDue({ waiting, clock }: Parts): void {
  const nowMs = clock.steadyMs();
  for (const one of waiting.splice(0)) {
    if (one.client.closed) continue;
    if (one.dueMs <= nowMs) one.allow();
    else waiting.push(one);
  }
}

/** What may be subscribed to, and by how many filters. */
export function authorizeSubscribe(parts: Parts): NonNullable<AedesOptions["authorizeSubscribe"]> {
  const { limits, counters, log } = parts;
  return (client, subscription, done) => {
    const member = parts.members.get(client);
    const { topic } = subscription;
    const allowed =
      member &&
      utf8Bytes(topic) <= limits.topicBytesMax &&
      maySubscribe(member.grants, topic) &&
      (member.filters.has(topic) || member.filters.size < limits.subscriptionsPerClientMax);
    if (!allowed) {
      counters.refusedSubscriptions += 1;
      log.warn({ clientId: client.id, topic: topic.slice(0, 256) }, "subscription refused");
      done(null, null); // granted 128
      return;
    }
    member.filters.add(topic);
    done(null, subscription);
  };
}
