"""Golden bytes from a second implementation.

  python3 golden.py make SEED    prints cases in the shape of tests/vectors/packets.json
  python3 golden.py open         opens what the other implementation sealed: {cases} on stdin
"""

import json
import random
import struct
import sys

import sequences
import wire
from wire import packet_bytes, page_bytes

EPOCH_NS = 1_790_000_000_000_000_000
U32 = 0xFFFFFFFF


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.cases = []

    def add(self, kind, about, given, out):
        shown = {"id": f"g{len(self.cases):04d}", "kind": kind, "about": about}
        self.cases.append({**shown, "in": hexed(given), "out": hexed(out)})

    # ------------------------------------------------------------ values

    def bytes(self, count):
        return self.random.randbytes(count)

    def flag(self):
        return self.random.random() < 0.5

    def u32(self):
        """Ends, turns of the low sixteen bits, and anything."""
        near = self.random.choice([0, 0x10000, 0x80000000, 0xFFFF0000, U32])
        return self.random.choice([self.random.randint(0, U32), (near + self.small()) & U32])

    def small(self):
        return self.random.randint(-3, 3)

    def time_ns(self):
        return EPOCH_NS + self.random.randint(0, 10**16)

    def token(self):
        return self.random.choice([self.random.randint(1, 0xFFFF), 0xC0DB, 0xDBC0])

    def keys(self):
        return {"key": self.bytes(16), "session": self.u32()}

    def packet(self, kind, counter=None, plaintext=None):
        answered = kind == wire.ACKNOWLEDGEMENT or (kind != wire.ATTACH and self.flag())
        lengths = {wire.ATTACH: 6, wire.ACKNOWLEDGEMENT: 0, wire.LINK_TEST: 0}
        length = lengths.get(kind, self.random.choice([1, 15, 16, 17, 31, 32, 33, 54, 131, 5, 22]))
        sequence, result = self.random.randint(0, 255), self.random.randint(0, 4)
        case = {
            "type": kind,
            "confirm": self.flag(),
            "ack": {"page_sequence": sequence, "result": result} if answered else None,
            "drill": self.flag(),
            "address": self.u32(),
            "counter": self.u32() if counter is None else counter,
            **self.keys(),
            "plaintext": self.bytes(min(length, 129)) if plaintext is None else plaintext,
        }
        return {**case, "session": 0} if kind == wire.ATTACH else case

    def page(self, kind=None):
        kind = self.random.randint(0, 4) if kind is None else kind
        to = self.random.choice(["individual", "group"])
        if kind < 3:
            to = "individual"
        if kind == 3:
            to = "group"
        group = to == "group"
        calls = group and self.flag()
        lengths = {wire.ATTACH_ACCEPT: 7, wire.ACKNOWLEDGED: 4, wire.TIME: 4}
        plain = self.bytes(lengths.get(kind, self.random.choice([1, 2, 5, 15, 16, 17, 46])))
        if calls:
            plain = struct.pack(">H", self.random.randint(1, 0xFFFF)) + plain
        return {
            "type": kind,
            "to": to,
            "address_or_group_id": self.u32(),
            "ack_wanted": calls if group else self.flag(),
            "roll_call": calls,
            "drill": self.flag(),
            "direction": wire.direction_of(to),
            "counter": self.u32(),
            **self.keys(),
            **({"session": 0} if group or kind == wire.ATTACH_ACCEPT else {}),
            "page_sequence": self.random.randint(128, 255) if group else self.random.randint(0, 127),
            "plaintext": plain,
        }

    # ------------------------------------------------------------ cases

    def make_keys(self):
        root, address = self.bytes(16), self.u32()
        nonces = max(1, self.u32()), max(1, self.u32())
        label = struct.pack(">I", address)
        out = {
            "attach_info": b"hopline attach" + label,
            "attach_key": wire.attach_key(root, address),
            "session_salt": wire.session_salt(*nonces),
            "up_info": b"hopline up" + label,
            "up_key": wire.session_key(b"up", root, address, *nonces),
            "down_info": b"hopline down" + label,
            "down_key": wire.session_key(b"down", root, address, *nonces),
            "session": nonces[1],
        }
        given = {"root_key": root, "address": address}
        given |= {"attach_nonce": nonces[0], "network_nonce": nonces[1]}
        self.add("keys", "attach key and session keys", given, out)

    def make_packet(self):
        case = self.packet(self.random.randint(0, 4))
        nonce, head, cipher, tag = wire.seal_packet(case)
        out = {"ccm_nonce": nonce, "associated_data": head, "ciphertext": cipher, "tag": tag}
        self.add("packet", "both ways", case, {**out, "packet": head + cipher + tag})

    def make_refused(self):
        report, attach = packet_bytes(self.packet(0)), packet_bytes(self.packet(wire.ATTACH))
        answer = packet_bytes(self.packet(wire.ACKNOWLEDGEMENT))
        link_test = packet_bytes({**self.packet(wire.LINK_TEST), "ack": None})
        broken = [
            ("a version that is not 0", set_bits(report, 0xC0, self.random.randint(1, 3) << 6)),
            ("a type that is not assigned", set_bits(report, 0x38, self.random.randint(5, 7) << 3)),
            ("too short", bytes([0]) + self.bytes(self.random.randint(0, 9))),
            ("ack set and too short for it", bytes([2]) + self.bytes(self.random.randint(10, 11))),
            ("an attach that is cut", attach[: self.random.randint(11, len(attach) - 1)]),
            ("an attach that goes on", attach + self.bytes(self.random.randint(1, 4))),
            ("an attach with ack", set_bits(attach, 2, 2)),
            ("an acknowledgement without ack", set_bits(answer, 2, 0)),
            ("an acknowledgement with a ciphertext", answer + self.bytes(1)),
            ("a link test with a ciphertext", link_test + self.bytes(self.random.randint(1, 9))),
            ("nothing", b""),
        ]
        about, packet = self.random.choice(broken)
        self.add("packet-refused", about, {"packet": packet}, {"refused": True})

    def make_bad_tag(self):
        case = self.packet(self.random.choice([0, 1, 3, 4]))
        data = packet_bytes(case)
        opening = {"key": case["key"], "counter": case["counter"], "session": case["session"]}
        forged = [
            ("a bit of address, counter, text or tag", flip(data, self.random.randint(8, len(data) * 8 - 1))),
            ("the confirm bit", flip(data, 5)),
            ("the drill bit", flip(data, 7)),
        ]
        about, packet = self.random.choice(forged)
        if self.random.random() < 0.4:
            packet = data
            about = self.random.choice(["counter", "session", "key"])
            wrong = {
                "counter": (case["counter"] + 0x10000) & U32,
                "session": case["session"] ^ 1 << self.random.randint(0, 31),
                "key": flip(case["key"], self.random.randint(0, 127)),
            }
            opening[about] = wrong[about]
            about = f"another {about}"
        self.add("packet-bad-tag", about, {"packet": packet, **opening}, {"opens": False})

    def make_candidates(self):
        highest, window = self.random.choice([-1, self.u32()]), self.random.choice([64, 16])
        near = (highest + self.random.randint(-2, 2) * window + self.small()) & 0xFFFF
        low16 = self.random.choice([near, self.random.randint(0, 0xFFFF)])
        above, below, inside = wire.counter_candidates(highest, low16, window)
        order = [each for each in (above, below if inside else None) if each is not None]
        given = {"highest_accepted": highest, "low16": low16, "window": window}
        out = {"nearest_above": above, "at_or_below": below, "at_or_below_in_window": inside}
        out["candidates_in_order"] = order
        self.add("counter-candidates", "which counters may be meant", given, out)

    def make_attach(self):
        root, address = self.bytes(16), self.u32()
        nonces = max(1, self.u32()), max(1, self.u32())
        interval = self.random.choice([0, 60, 0xFFFF, self.random.randint(0, 0xFFFF)])
        chosen = {
            "profile_number": self.random.randint(0, 0xFFFF),
            "hardware_version": self.random.randint(0, 255),
            "firmware_version": self.random.randint(0, 0xFFFF),
            "battery_percent_or_255_mains": self.random.choice([0, 50, 100, 255]),
        }
        answer = struct.pack(">IHB", nonces[1], interval, 0)
        key = wire.attach_key(root, address)
        up = wire.session_key(b"up", root, address, *nonces)
        plain = struct.pack(">HBHB", *chosen.values())
        bare = {"confirm": False, "ack": None, "drill": False, "address": address}
        attach = {**bare, "type": wire.ATTACH, "counter": nonces[0], "session": 0}
        test = {**bare, "type": wire.LINK_TEST, "counter": 0, "session": nonces[1]}
        page = sequences.page(
            wire.ATTACH_ACCEPT,
            address,
            key,
            answer,
            counter=nonces[0],
            page_sequence=self.random.randint(0, 127),
        )
        ric, data = wire.ric_of("individual", address), page_bytes(page)
        out = {
            "attach_key": key,
            "attach_plaintext": plain,
            "attach_packet": packet_bytes({**attach, "key": key, "plaintext": plain}),
            "accept_plaintext": answer,
            "accept_page": data,
            "ric": ric,
            "words": word_texts(wire.page_words(data, ric)),
            "session": nonces[1],
            "up_key": up,
            "down_key": wire.session_key(b"down", root, address, *nonces),
            "link_test_packet": packet_bytes({**test, "key": up, "plaintext": b""}),
        }
        given = {"root_key": root, "address": address, "attach_nonce": nonces[0], **chosen}
        given |= {"network_nonce": nonces[1], "report_interval_s": interval, "flags": 0}
        self.add("attach", "attach, answer, link test", {**given, "page_sequence": page["page_sequence"]}, out)

    def make_attach_answer(self):
        root, address, latest = self.bytes(16), self.u32(), self.random.randint(2, U32)
        right = {"network": max(1, self.u32()), "direction": 1, "counter": latest, "rest": b"\0\0\0"}
        wrong = {
            "an earlier attempt": {"counter": latest - 1},
            "network nonce 0": {"network": 0},
            "too short": {"rest": b"\0\0"},
            "too long": {"rest": b"\0\0\0\0"},
            "another key": {"key": self.bytes(16)},
            "nothing": {},
        }
        about = self.random.choice(list(wrong))
        chosen = {**right, **wrong[about]}
        page = sequences.page(
            wire.ATTACH_ACCEPT,
            address,
            chosen.get("key", wire.attach_key(root, address)),
            struct.pack(">I", chosen["network"]) + chosen["rest"],
            counter=chosen["counter"],
            page_sequence=self.random.randint(0, 127),
        )
        given = {"root_key": root, "address": address, "latest_attach_nonce": latest}
        out = {"accepted": about == "nothing"}
        self.add("attach-answer-refused", f"wrong: {about}", {**given, "page": page_bytes(page)}, out)

    def make_page(self):
        case = self.page()
        nonce, head, cipher, tag = wire.seal_page(case)
        data = head + cipher + tag
        ric = wire.ric_of(case["to"], case["address_or_group_id"])
        out = {"ccm_nonce": nonce, "associated_data": head, "page": data, "ric": ric}
        out |= {"frame": ric % 8, "filler_symbols": -2 * len(data) % 5}
        self.add("page", "both ways", case, {**out, "words": word_texts(wire.page_words(data, ric))})

    def make_page_errors(self):
        case = self.page()
        data, ric = page_bytes(case), wire.ric_of(case["to"], case["address_or_group_id"])
        words = wire.page_words(data, ric)
        stream = [at for at in range(len(words)) if at % 17]
        message = [at for at in stream if words[at] != wire.IDLE]
        wrong = {at: self.random.randint(0, 2) for at in stream}
        lost = self.flag()
        if lost:  # three wrong bits are noticed, and are too many
            wrong[self.random.choice(message)] = 3
        for at, count in wrong.items():
            for bit in self.random.sample(range(32), count):
                words[at] ^= 1 << bit
        given = {"wrong_bits_per_codeword": 3 if lost else 2, "words": word_texts(words)}
        out = {"page": None, "ric": None} if lost else {"page": data, "ric": ric}
        self.add("page-errors", "one word has three" if lost else "two at most", given, out)

    def make_page_refused(self):
        command, group = self.page(wire.COMMAND), self.page(wire.GROUP_COMMAND)
        time = self.page(wire.TIME)
        calling = {**group, "ack_wanted": True, "roll_call": True}
        wrong = {
            "version": ("first", command, self.random.randint(1, 3) << 6),
            "type": ("first", command, self.random.randint(5, 7) << 3),
            "roll call on an individual page": ("case", {**command, "roll_call": True}),
            "a group command to one": ("case", {**command, "type": wire.GROUP_COMMAND}),
            "a command to a group": ("case", {**group, "type": wire.COMMAND}),
            "an acknowledgement to a group": ("case", {**group, "type": wire.ACKNOWLEDGED}),
            "ack wanted without roll call": ("case", {**calling, "roll_call": False}),
            "roll call without ack wanted": ("case", {**calling, "ack_wanted": False}),
            "roll call without slots": ("case", {**calling, "plaintext": b"\0\0" + self.bytes(3)}),
            "a group's sequence for one": ("case", {**command, "page_sequence": 128}),
            "one's sequence for a group": ("case", {**group, "page_sequence": 127}),
            "a flipped bit": ("flip", command),
            "another function": ("function", command),
            "another filler": ("filler", command),
            "more filler": ("more", command),
            "n of 49": ("length", command, 49),
            "n beyond what came": ("length", command, len(command["plaintext"]) + 5),
            "another key": ("case", {**time, "key": self.bytes(16)}),
            "nothing": ("case", {**command, "plaintext": b"\x07"}),
        }
        about = self.random.choice(list(wrong))
        how, case, *more = wrong[about]
        own = time if about == "another key" else case
        highest = self.random.randint(0, 1000)
        case = {**case, "counter": highest + 1}
        data, ric = page_bytes(case), wire.ric_of(case["to"], case["address_or_group_id"])
        if how == "first":
            data = resealed_head(case, more[0])
        if how == "length":
            data = bytes([data[0], more[0]]) + data[2:]
        if how == "flip":
            data = flip(data, self.random.randint(16, len(data) * 8 - 1))
        symbols = wire.filled(data)
        if how == "filler":
            symbols = wire.symbols_of(data)
            short = -len(symbols) % 5
            if short == 0:
                return
            symbols += [wire.FILLER] * (short - 1) + [self.random.choice([0, 3, 11, 13, 15])]
        if how == "more":
            symbols += [wire.FILLER] * 5
        function = self.random.randint(1, 3) if how == "function" else 0
        words = wire.transmission(ric, wire.message_words(symbols), function)
        given = {"to": own["to"], "address_or_group_id": own["address_or_group_id"], "key": own["key"]}
        given |= {"session": own["session"], "highest_accepted_counter": highest}
        out = {"accepted": about == "nothing"}
        self.add("page-refused", f"wrong: {about}", {**given, "words": word_texts(words)}, out)

    def make_ric(self):
        to, identity = self.random.choice(["individual", "group"]), self.u32()
        ric = wire.ric_of(to, identity)
        out = {"ric": ric, "frame": ric % 8, "address_codeword": f"{wire.address_word(ric, 0):08x}"}
        self.add("ric", "RIC, frame, address word", {"to": to, "address_or_group_id": identity}, out)

    def make_roll_call(self):
        address, slots = self.u32(), self.random.choice([1, 2, 48_720, 0xFFFF, self.random.randint(1, 0xFFFF)])
        words, rate = 17 * self.random.randint(1, 59), self.random.choice([512, 1200, 2400])
        first = self.time_ns()
        end = first + (576 + 32 * words) * 1_000_000_000 // rate
        slot = address % slots
        given = {"address": address, "slots": slots, "preamble_bits": 576, "words": words}
        given |= {"bit_rate": rate, "first_preamble_bit_at_ns": str(first)}
        earliest = end + slot * 3_000_000_000
        out = {"slot": slot, "last_bit_ends_at_ns": str(end), "answer_earliest_ns": str(earliest)}
        self.add("roll-call", "when a member answers", given, {**out, "answer_latest_ns": str(earliest + 10**9)})

    def field(self, at):
        kind = self.random.choice(["uint", "int", "bool", "enum"])
        bits = {"bool": 1, "enum": self.random.randint(1, 8)}.get(kind, self.random.randint(2, 32))
        measured = kind in ("uint", "int")
        field = {"name": f"field{at}", "bits": bits, "kind": kind}
        field["scale"] = self.random.choice([1, 0.5, 0.25, 2, 0.1, 90 / 2**23]) if measured else 1
        field["offset"] = self.random.choice([0, 0, -40, 10.5, 100]) if measured else 0
        ends = wire.raw_ends(field)
        field |= {"unit": "", "not_available": self.random.choice([None, *ends]) if measured else None}
        return field

    def value(self, field):
        low, high = wire.raw_ends(field)
        if field["not_available"] is not None and self.random.random() < 0.15:
            return None
        if field["kind"] == "bool":
            return self.flag()
        if field["kind"] == "enum":
            return self.random.randint(low, high)
        raw = self.random.choice([low, high, low + 1, high - 1, self.random.randint(low, high)])
        if self.random.random() < 0.2:
            raw = self.random.choice([low - 7, high + 9])
        # ties only where the scale is a power of two: elsewhere a double is never one
        exact = field["scale"] in (1, 0.5, 0.25, 2)
        part = self.random.choice([0, 0.5, -0.5, 0.25]) if exact else self.random.uniform(-0.4, 0.4)
        return (raw + part) * field["scale"] + field["offset"]

    def make_report(self):
        fields = [self.field(at) for at in range(self.random.randint(1, 9))]
        values = {field["name"]: self.value(field) for field in fields}
        age = self.random.choice([None, self.random.randint(0, 10_000), 655_350, 655_359, 10**7])
        number = self.random.randint(0, 127)
        plain = wire.encode_report(number, age, fields, values)
        given = {"report_number": number, "age_s": age, "fields": fields, "values": values}
        out = {"plaintext": plain, "decoded": wire.decode_report(plain, fields)}
        self.add("report", "both ways", given, out)
        padded = wire.encode_report(number, age, fields, values, "1")
        given = {"fields": fields, "plaintext": padded}
        self.add("report-decode", "padding is ignored", given, {"decoded": wire.decode_report(padded, fields)})
        cut = self.random.choice([plain[:-1], plain + self.bytes(1), plain + self.bytes(9)])
        if cut and not (len(cut) < 3 and cut[0] & 0x80) and wire.decode_report(cut, fields) is None:
            self.add("report-undecodable", "another length", {"fields": fields, "plaintext": cut}, {"undecodable": True})

    def make_partition(self):
        payload = self.bytes(self.random.choice([0, 1, 4, 5, 6, 11, 40]))
        out = {"address": None, "crc16": None, "partition": None, "dropped": True}
        if len(payload) >= 5:
            crc = wire.crc16(payload[1:5])
            out = {"address": int.from_bytes(payload[1:5], "big"), "crc16": crc}
            out |= {"partition": str(crc % 64), "dropped": False}
        self.add("partition", "CRC-16 of the address bytes, mod 64", {"payload": payload}, out)

    def line_fields(self, name):
        u8, i16 = self.random.randint(0, 255), self.random.randint(-0x8000, 0x7FFF)
        u32s = [self.u32() for _ in range(5)]
        time = str(self.random.choice([self.time_ns(), 0, 0xC0DBC0DBC0DBC0DB, 2**64 - 1]))
        bits = self.random.randint(3, 50)
        rssi = self.random.choice([-0x8000, -1234, self.random.randint(-2000, 0)])
        soft = lambda count: [self.random.choice([-127, 127, 0, -64, -37]) for _ in range(count)]
        status = self.random.randint(0, 3)
        heard = {"bits": bits, "soft_bits": soft(bits)} if status == 0 else {"bits": 0, "soft_bits": []}
        return {
            "HELLO": lambda: {
                "protocol_version": 1,
                "modem_id": self.bytes(8),
                "capabilities": self.random.randint(0, 15),
                "ring_buffer_s": u8,
                "concurrent_collects": u8 ^ 0x55,
                "concurrent_pages": u8 ^ 0xAA,
                "firmware": self.random.choice(["", "1.0", "gnß 1.2", "漢字" * 9, "x" * 255]),
            },
            "HEADER": lambda: {
                "time_ns": time,
                "carrier_units": i16,
                "rssi_tenth_dbm": rssi,
                "snr_quarter_db": self.random.randint(-128, 127),
                "soft_bits": soft(114),
            },
            "CAPTURE": lambda: {"fragment": u8, "status": status, "rssi_tenth_dbm": rssi, **heard},
            "CAPTURE END": lambda: {"captures_sent": u8},
            "PAGED": lambda: {"status": self.random.randint(0, 4), "first_preamble_bit_at_ns": time},
            "STATUS": lambda: {
                "now_ns": time,
                "uptime_s": u32s[0],
                "temperature_c": self.random.randint(-128, 127),
                "clock": self.random.randint(0, 2),
                "clock_error_ns": self.random.choice([None, 0, 175, 0xFFFFFFFE]),
                "headers_found": u32s[1],
                "overruns": u32s[2],
                "bad_frames_from_host": u32s[3],
            },
            "REFUSED": lambda: {"refused_type": u8, "reason": self.random.randint(1, 5)},
            "HELLO?": dict,
            "CONFIG": lambda: {
                "receive_centre_hz": u32s[0],
                "grid": u8 & 1,
                "bw": self.random.randint(0, 9),
                "sync_word": f"{u32s[1]:08x}",
                "page_frequency_hz": u32s[2],
                "polarity": u8 >> 1 & 1,
            },
            "COLLECT": lambda: {
                "header_token": self.random.choice([0, self.token()]),
                "start_ns": time,
                "fragments": [
                    {"carrier_units": self.random.randint(-0x8000, 0x7FFF), "bits": self.random.randint(3, 50)}
                    for _ in range(self.random.choice([1, 2, 31, 60]))
                ],
            },
            "PAGE": lambda: self.line_page(time),
            "CANCEL": dict,
        }[name]()

    def line_page(self, time):
        batches = self.random.choice([1, 2, 59])
        words = [wire.SYNC if at % 17 == 0 else self.u32() for at in range(17 * batches)]
        rate = self.random.choice([512, 1200, 2400])
        return {
            "earliest_start_ns": self.random.choice(["0", time]),
            "latest_start_ns": time,
            "bit_rate": rate,
            "codewords": word_texts(words),
        }

    def line(self, name):
        kind, body = wire.LINE[name]
        fields, token = hexed(self.line_fields(name)), self.token()
        given = {"from": "host" if kind & 0x80 else "modem", "name": name, "type": kind}
        frame = wire.line_frame(kind, token, body(fields))
        return {**given, "token": token, "fields": fields}, frame

    def make_line_frame(self):
        given, frame = self.line(self.random.choice(list(wire.LINE)))
        self.add("line-frame", given["name"], given, {"frame": frame, "wire": wire.slip(frame)})

    def make_line_bytes(self):
        receiver = self.random.choice(["modem", "host"])
        sent = [name for name, (kind, _) in wire.LINE.items() if bool(kind & 0x80) == (receiver == "modem")]
        data, good, answers, bad = b"\xc0", [], [], 0
        for _ in range(self.random.randint(1, 12)):
            _, frame = self.line(self.random.choice(sent))
            how = self.random.choice(["good", "good", "good", "noise", "crc", "escape", "cut", "empty", "unknown"])
            end = b"\xc0"
            if how == "good":
                good.append({"type": frame[0], "token": int.from_bytes(frame[1:3], "big"), "body": frame[3:-2]})
                data += wire.slip(frame)[1:]
                continue
            if how == "empty":
                data += b"\xc0" * self.random.randint(1, 5)
                continue
            bad += 1
            if how == "noise":  # too short to be a frame, and without an escape
                data += bytes(self.random.randint(1, 127) for _ in range(self.random.randint(1, 4))) + end
            if how == "crc":
                broken = frame[:-2] + bytes([frame[-2] ^ 1, frame[-1]])
                data += wire.slip(broken)[1:]
            if how == "escape":
                wrong = b"\xdb" + bytes([self.random.choice([0, 1, 0xDB, 0xDE, 0xFF])])
                data += frame[:1] + wrong + wire.slip(frame[1:])[1:]
            if how == "cut":
                data += frame[:1] + b"\xdb" + end
            if how == "unknown":
                kind = self.random.choice([0x00, 0x08, 0x80, 0x86, 0xFF])
                token = self.token()
                data += wire.slip(wire.line_frame(kind, token, self.bytes(self.random.randint(0, 20))))[1:]
                if receiver == "modem":
                    refusal = wire.line_frame(0x07, token, bytes([kind, 1]))
                    answer = {"name": "REFUSED", "token": token, "refused_type": kind, "reason": 1}
                    answers.append({**answer, "wire": wire.slip(refusal)})
        out = {"good_frames": good, "counted_bad": bad, "answers": answers}
        self.add("line-bytes", "good and bad frames mixed", {"receiver": receiver, "wire": data}, out)

    def make_line_refused(self):
        collect, page = self.line_fields("COLLECT"), self.line_fields("PAGE")
        config = self.line_fields("CONFIG")
        bits = lambda count: {**collect, "fragments": [{"carrier_units": 5, "bits": count}]}
        bodies = {name: body for name, (_, body) in wire.LINE.items()}
        longer = self.bytes(self.random.randint(1, 2))
        count = self.random.choice([0, 1, 16, 18, 34 + 1])
        refused = [
            ("a fragment of more bits", "COLLECT", bodies["COLLECT"](bits(51)), 3, True),
            ("a fragment of 2 bits", "COLLECT", bodies["COLLECT"](bits(2)), 3, True),
            ("count and length differ", "COLLECT", bodies["COLLECT"](collect) + longer, 2, True),
            ("before any CONFIG", "COLLECT", bodies["COLLECT"](collect), 5, False),
            ("before any CONFIG", "PAGE", bodies["PAGE"](page), 5, False),
            ("another bit rate", "PAGE", bodies["PAGE"]({**page, "bit_rate": 1201}), 3, True),
            ("not whole batches", "PAGE", bodies["PAGE"]({**page, "codewords": word_texts([wire.SYNC] * count)}), 3, True),
            ("cut", "PAGE", bodies["PAGE"](page)[:-1], 2, True),
            ("grid 2", "CONFIG", bodies["CONFIG"]({**config, "grid": 2}), 3, True),
            ("bw 10", "CONFIG", bodies["CONFIG"]({**config, "bw": 10}), 3, True),
            ("polarity 2", "CONFIG", bodies["CONFIG"]({**config, "polarity": 2}), 3, True),
            ("cut", "CONFIG", bodies["CONFIG"](config)[:-1], 2, True),
            ("a body", "HELLO?", self.bytes(1), 2, True),
        ]
        about, name, body, reason, configured = self.random.choice(refused)
        kind, token = wire.LINE[name][0], self.token()
        refusal = wire.line_frame(0x07, token, bytes([kind, reason]))
        given = {"receiver": "modem", "configured": configured, "wire": wire.slip(wire.line_frame(kind, token, body))}
        out = {"name": "REFUSED", "token": token, "refused_type": kind, "reason": reason}
        self.add("line-refused", f"{name}: {about}", given, {**out, "wire": wire.slip(refusal)})

    def make_uplinks(self):
        self.add("uplink-sequence", "in the order of arrival", *sequences.uplinks(self))

    def make_attaches(self):
        self.add("attach-sequence", "in the order of arrival", *sequences.attaches(self))

    def make_downlinks(self):
        self.add("downlink-sequence", "in the order of arrival", *sequences.downlinks(self))


def hexed(value):
    """Bytes as hex, at any depth."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: hexed(each) for key, each in value.items()}
    return [hexed(each) for each in value] if isinstance(value, list) else value


def word_texts(words):
    return [f"{word:08x}" for word in words]


def flip(data, bit):
    changed = bytearray(data)
    changed[bit >> 3] ^= 0x80 >> (bit & 7)
    return bytes(changed)


def set_bits(data, mask, value):
    return bytes([data[0] & ~mask & 0xFF | value]) + data[1:]


def resealed_head(case, first):
    """The same page under another first byte, its tag right: only the form is wrong."""
    nonce, head, _, _ = wire.seal_page(case)
    head = bytes([head[0] & 0x07 | first]) + head[1:]
    return head + b"".join(wire.ccm_seal(case["key"], nonce, head, case["plaintext"]))


TIMES = {"packet": 40, "page": 30, "report": 30, "line_frame": 40, "line_bytes": 20, "uplinks": 8, "attaches": 4}
TIMES |= {"downlinks": 8, "refused": 15, "bad_tag": 15, "candidates": 30, "page_errors": 15, "page_refused": 25}
TIMES |= {"line_refused": 15, "attach_answer": 8}


def make(seed):
    maker = Maker(seed)
    for name in [name for name in dir(Maker) if name.startswith("make_")]:
        for _ in range(TIMES.get(name.removeprefix("make_"), 10)):
            getattr(maker, name)()
    return {"meta": {"set": f"golden {seed}", "count": len(maker.cases)}, "cases": maker.cases}


def opened(case):
    """What the other implementation sealed, as this one reads it."""
    bytes_of = lambda name: bytes.fromhex(case[name])
    if case["kind"] == "packet":
        return wire.open_packet(bytes_of("bytes"), bytes_of("key"), case["counter"], case["session"])
    if case["kind"] == "page":
        words = [int(word, 16) for word in case["words"]]
        return wire.open_transmission(words, {**case, "key": bytes_of("key")})
    if case["kind"] == "report":
        return wire.decode_report(bytes_of("plaintext"), case["fields"])
    raise ValueError(case["kind"])


if __name__ == "__main__":
    if sys.argv[1] == "make":
        json.dump(make(sys.argv[2]), sys.stdout)
    else:
        json.dump([opened(case) for case in json.load(sys.stdin)["cases"]], sys.stdout)
