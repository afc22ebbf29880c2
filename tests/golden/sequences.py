"""What the network and a terminal make of packets and pages in the order in which they come: small
models of the domain's rules, kept as plain as the rules are written."""

import struct

import wire
from wire import packet_bytes, page_bytes

SECOND_NS = 1_000_000_000


def page(kind, address, key, plaintext, counter, page_sequence, session=0, to="individual", calls=False, wanted=False):
    return {
        "type": kind,
        "to": to,
        "address_or_group_id": address,
        "ack_wanted": wanted or calls,
        "roll_call": calls,
        "drill": False,
        "counter": counter,
        "session": session,
        "page_sequence": page_sequence,
        "key": key,
        "plaintext": plaintext,
    }


class UplinkModel:
    """The window of 64, each counter once, and what a copy is."""

    def __init__(self):
        self.highest = -1
        self.first = {}  # counter -> bytes, when it was first heard
        self.heard = {}  # counter -> each time at which it was heard and counted as the same

    def judge(self, counter, data, at_ns):
        if counter in self.first:
            bytes_then, then = self.first[counter]
            if bytes_then != data:
                return "reset-suspected", False
            if at_ns in self.heard[counter] or 0 <= at_ns - then <= 60 * SECOND_NS:
                self.heard[counter].add(at_ns)
                return "copy", False
            return "replay", False
        self.first[counter] = data, at_ns
        self.heard[counter] = {at_ns}
        if counter > self.highest:
            self.highest = counter
            return "new", False
        return "late", self.highest - counter >= 64


def uplinks(make):
    rng, root, address = make.random, make.bytes(16), make.u32()
    attach_nonce, network_nonce = max(1, make.u32()), max(1, make.u32())
    key = wire.session_key(b"up", root, address, attach_nonce, network_nonce)
    model, sent, steps, verdicts = UplinkModel(), {}, [], []
    now = make.time_ns()

    def sealed(counter, **other):
        bare = {"type": 0, "confirm": False, "ack": None, "drill": False, "address": address}
        bare |= {"counter": counter, "session": network_nonce, "key": key}
        return packet_bytes({**bare, "plaintext": make.bytes(rng.randint(1, 20)), **other})

    def step(data, verdict, counter=None, below=False, at=None):
        given = {"packet": data, "gateway": f"gw-{rng.randint(1, 4)}"}
        steps.append({**given, "on_air_at_ns": str(now if at is None else at)})
        verdicts.append({"verdict": verdict, "counter": counter, "below_window": below})

    def judged(counter, data, at=None):
        verdict, below = model.judge(counter, data, now if at is None else at)
        step(data, verdict, counter, below, at)

    for _ in range(rng.randint(20, 60)):
        now += rng.randint(1, 40) * SECOND_NS
        how = rng.random()
        known = rng.choice(list(sent)) if sent else None
        if how < 0.35 or known is None:
            counter = model.highest + rng.choice([1, 1, 1, 2, 3, 70, 700, 65_000])
        elif how < 0.55:  # one that was left out, in the window or below it, one turn back at most
            counter = max(0, model.highest - rng.choice([rng.randint(0, 70), 63, 64, 65, rng.randint(0, 65_535)]))
        elif how < 0.85:  # the same bytes again: from another gateway, soon, or long after
            data, then = sent[known]
            if model.highest - known < 65_536:
                at = rng.choice([then, then, now, then + 59 * SECOND_NS, then + 61 * SECOND_NS])
                judged(known, data, at)
            continue
        elif how < 0.9:
            if model.highest - known < 65_536:
                judged(known, sealed(known, drill=True))
            continue
        else:
            foreign = (address + 1) & 0xFFFFFFFF
            step(*rng.choice([
                (sealed(model.highest + 1, key=make.bytes(16)), "bad-tag"),
                (sealed(model.highest + 1, session=network_nonce ^ 1), "bad-tag"),
                (sealed(model.highest + 1, address=foreign), "unknown-terminal"),
                (sealed(model.highest + 1, type=5 + rng.randint(0, 2)), "undecodable"),
                (sealed(model.highest + 1 + 65_536), "bad-tag"),
            ]))
            continue
        if counter in model.first:
            data = sealed(counter, confirm=True)
            judged(counter, data)
            continue
        data = sealed(counter, type=rng.randint(0, 1))
        sent[counter] = data, now
        judged(counter, data)
    given = {"address": address, "root_key": root, "attach_nonce": attach_nonce}
    return {**given, "network_nonce": network_nonce, "steps": steps}, {"steps": verdicts}


def attaches(make):
    rng, root, address = make.random, make.bytes(16), make.u32()
    key, last = wire.attach_key(root, address), rng.randint(1, 200_000)
    given = {"root_key": root, "address": address, "last_accepted_attach_nonce": last}
    packets, verdicts = [], []
    for _ in range(20):
        nonce = max(1, last + rng.choice([-70_000, -65_536, -1, 0, 0, 1, 1, 65_536, 2]))
        case = {"type": wire.ATTACH, "confirm": make.flag(), "ack": None, "drill": False}
        case |= {"address": address, "counter": nonce, "session": 0, "key": key}
        wrong = rng.random()
        case |= {"key": make.bytes(16)} if wrong < 0.1 else {}
        case |= {"session": 1} if 0.1 <= wrong < 0.15 else {}
        packets.append(packet_bytes({**case, "plaintext": make.bytes(6)}))
        verdict = "bad-tag"
        if wrong >= 0.15:
            verdict = "new" if nonce > last else "copy" if nonce == last else "replay"
            last = max(last, nonce)
        verdicts.append({"verdict": verdict, "attach_nonce": None if verdict == "bad-tag" else nonce})
    return {**given, "packets": packets}, {"steps": verdicts}


class Heard:
    """Counters at or below the first highest are used; then a window of 16, each once."""

    def __init__(self, highest):
        self.highest, self.used, self.floor = highest, set(), highest

    def takes(self, counter):
        if counter <= self.floor or counter in self.used or self.highest - counter >= 16:
            return False
        self.used.add(counter)
        self.highest = max(self.highest, counter)
        return True


NOTHING = {"effect": "ignored", "counter": None, "answer": None}


def downlinks(make):
    rng, address, session, key = make.random, make.u32(), max(1, make.u32()), make.bytes(16)
    start = rng.choice([-1, rng.randint(0, 70_000)])
    heard, results, groups, steps, effects = Heard(start), {}, {}, [], []
    ric = wire.ric_of("individual", address)

    def step(case, effect):
        target = wire.ric_of(case["to"], case["address_or_group_id"])
        result = rng.choice([0, 1, 2, 4])
        steps.append({"ric": target, "page": page_bytes(case), "result_if_it_acts": result})
        effects.append(effect(result) if callable(effect) else effect)

    def acted(case, own=None):
        """Acts once for a sequence and a plaintext; answers where an answer is wanted."""
        def effect(result):
            known = results.get(case["page_sequence"])
            again = known is not None and known[0] == case["plaintext"]
            if again:
                result = known[1]
            else:
                result = own() if own else result
                results[case["page_sequence"]] = case["plaintext"], result
            answer = {"page_sequence": case["page_sequence"], "result": result}
            return {
                "effect": "repeats-result" if again else "acts",
                "counter": case["counter"],
                "answer": answer if case["ack_wanted"] else None,
            }
        return effect

    def individual(kind, plaintext, counter, sequence, **other):
        return page(kind, address, key, plaintext, counter, sequence, session, **other)

    def joined(group, group_key, counter):
        def own():
            if group in groups and counter < groups[group][1].highest + 1:
                return 1
            groups[group] = group_key, Heard(counter - 1)
            return 0
        return own

    commands = [bytes([rng.randint(2, 255)]) + make.bytes(rng.randint(0, 9)) for _ in range(5)]
    # seven sequences in all: the last sixteen that a terminal must know are never exceeded
    sequences = rng.sample(range(128), 5)
    group_sequences = rng.sample(range(128, 256), 2)
    fresh_sequences = iter(rng.sample([each for each in range(128) if each not in sequences], 8))
    for _ in range(40):
        counter = heard.highest + rng.choice([1, 1, 1, 2, 5, 40, -1, -14, -15, -16, 0, -40])
        counter = max(counter, 0)
        how = rng.random()
        if how < 0.5:
            case = individual(0, rng.choice(commands), counter, rng.choice(sequences), wanted=make.flag())
            step(case, acted(case) if heard.takes(counter) else NOTHING)
        elif how < 0.6:
            kind, effect = rng.choice([(2, "takes-acknowledgement"), (4, "sets-clock")])
            case = individual(kind, make.bytes(4), counter, rng.choice(sequences))
            taken = heard.takes(counter)
            step(case, {"effect": effect, "counter": counter, "answer": None} if taken else NOTHING)
        elif how < 0.68:
            forged = rng.choice([{"key": make.bytes(16)}, {"session": session ^ 2}])
            step({**individual(0, commands[0], heard.highest + 1, sequences[0]), **forged}, NOTHING)
        elif how < 0.78:
            sequence = next(fresh_sequences, None)
            if sequence is None:
                continue
            counter = heard.highest + 1
            heard.takes(counter)
            group = rng.choice(list(groups)) if groups and make.flag() else make.u32()
            known = groups.get(group)
            at = known[1].highest + rng.choice([0, 1, 4]) if known else rng.randint(1, 70_000)
            group_key = known[0] if known else make.bytes(16)
            plain = bytes([0]) + struct.pack(">I", group) + group_key + struct.pack(">I", at)
            case = individual(0, plain, counter, sequence, wanted=True)
            step(case, acted(case, joined(group, group_key, at)))
        elif groups:
            group = rng.choice(list(groups))
            group_key, window = groups[group]
            counter = max(0, window.highest + rng.choice([1, 1, 2, 30, 0, -3, -15, -16]))
            calls = make.flag()
            plain = (b"\x00\x05" if calls else b"") + rng.choice(commands[:2])
            case = page(3, group, group_key, plain, counter, rng.choice(group_sequences), 0, "group", calls)
            step(case, acted(case) if window.takes(counter) else NOTHING)
    given = {"address": address, "session": session, "down_key": key}
    return {**given, "highest_accepted_counter": start, "steps": steps}, {"steps": effects}
