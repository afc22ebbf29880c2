"""The air interface a second time: packets, pages, keys, counters, reports and line frames.

Written from the specification alone and kept apart from the TypeScript on purpose: a rule that one of
the two has misread shows as a difference. AES is OpenSSL's, CCM and HKDF are spelled out here.
"""

import ctypes
import ctypes.util
import hashlib
import hmac
import struct
from fractions import Fraction

# ---------------------------------------------------------------- cipher


def _libcrypto():
    for name in (ctypes.util.find_library("crypto"), "libcrypto.so.3", "libcrypto.so.1.1"):
        if name is None:
            continue
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    raise SystemExit("libcrypto is missing: install the package libssl3 (it comes with openssl)")


_crypto = _libcrypto()
_crypto.EVP_CIPHER_CTX_new.restype = ctypes.c_void_p
_crypto.EVP_aes_128_ecb.restype = ctypes.c_void_p
_crypto.EVP_CIPHER_CTX_free.argtypes = [ctypes.c_void_p]
_crypto.EVP_CIPHER_CTX_set_padding.argtypes = [ctypes.c_void_p, ctypes.c_int]
_crypto.EVP_EncryptInit_ex.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_char_p] * 2
_crypto.EVP_EncryptUpdate.argtypes = [
    ctypes.c_void_p,
    ctypes.c_char_p,
    ctypes.POINTER(ctypes.c_int),
    ctypes.c_char_p,
    ctypes.c_int,
]


class Aes:
    def __init__(self, key):
        assert len(key) == 16
        self._context = _crypto.EVP_CIPHER_CTX_new()
        done = _crypto.EVP_EncryptInit_ex(self._context, _crypto.EVP_aes_128_ecb(), None, key, None)
        assert done == 1
        _crypto.EVP_CIPHER_CTX_set_padding(self._context, 0)

    def block(self, plain):
        out = ctypes.create_string_buffer(32)
        length = ctypes.c_int(0)
        done = _crypto.EVP_EncryptUpdate(self._context, out, ctypes.byref(length), plain, 16)
        assert done == 1 and length.value == 16
        return out.raw[:16]

    def __del__(self):
        _crypto.EVP_CIPHER_CTX_free(self._context)


def xor(left, right):
    return bytes(a ^ b for a, b in zip(left, right))


TAG = 4


def _ccm(key, nonce, associated, text):
    """RFC 3610, M = 4, L = 2: the key stream from block 1 on, and the encrypted tag of `text`."""
    assert len(nonce) == 13 and 0 < len(associated) < 0xFF00
    aes = Aes(key)
    flags = 0x40 | ((TAG - 2) // 2 << 3) | 1
    first = bytes([flags]) + nonce + struct.pack(">H", len(text))
    header = struct.pack(">H", len(associated)) + associated
    blocks = first + header + bytes(-len(header) % 16) + text + bytes(-len(text) % 16)
    mac = bytes(16)
    for at in range(0, len(blocks), 16):
        mac = aes.block(xor(mac, blocks[at : at + 16]))
    return xor(mac[:TAG], aes.block(bytes([1]) + nonce + bytes(2)))


def _stream(key, nonce, length):
    aes = Aes(key)
    count = (length + 15) // 16
    return b"".join(aes.block(bytes([1]) + nonce + struct.pack(">H", i + 1)) for i in range(count))


def ccm_seal(key, nonce, associated, plain):
    tag = _ccm(key, nonce, associated, plain)
    return xor(plain, _stream(key, nonce, len(plain))), tag


def ccm_open(key, nonce, associated, cipher, tag):
    plain = xor(cipher, _stream(key, nonce, len(cipher)))
    return plain if _ccm(key, nonce, associated, plain) == tag else None


def nonce_of(direction, identity, counter, session):
    return struct.pack(">BIII", direction, identity, counter, session)


def hkdf(key, salt, info):
    pseudo_random = hmac.new(salt or bytes(32), key, hashlib.sha256).digest()
    return hmac.new(pseudo_random, info + b"\x01", hashlib.sha256).digest()[:16]


def attach_key(root, address):
    return hkdf(root, b"", b"hopline attach" + struct.pack(">I", address))


def session_salt(attach_nonce, network_nonce):
    return struct.pack(">II", attach_nonce, network_nonce)


def session_key(way, root, address, attach_nonce, network_nonce):
    info = b"hopline " + way + struct.pack(">I", address)
    return hkdf(root, session_salt(attach_nonce, network_nonce), info)


# ---------------------------------------------------------------- counters


def counter_candidates(highest, low16, window):
    above = low16 + 0x10000 * max(0, -(-(highest + 1 - low16) // 0x10000))
    assert above > highest and above % 0x10000 == low16
    if above > 0xFFFFFFFF:
        above = None
    below = None
    if highest >= low16:
        below = highest - (highest - low16) % 0x10000
    inside = below is not None and highest - below < window
    return above, below, inside


# ---------------------------------------------------------------- terminal packet

REPORT, EMERGENCY, ATTACH, ACKNOWLEDGEMENT, LINK_TEST = range(5)


def packet_head(case):
    answer = case["ack"]
    first = case["type"] << 3 | case["confirm"] << 2 | (answer is not None) << 1 | case["drill"]
    head = struct.pack(">BIH", first, case["address"], case["counter"] & 0xFFFF)
    if case["type"] == ATTACH:
        head += struct.pack(">H", case["counter"] >> 16)
    if answer is not None:
        head += bytes([answer["page_sequence"], answer["result"]])
    return head


def seal_packet(case):
    """The nonce, the associated data, the ciphertext and the tag."""
    nonce = nonce_of(0, case["address"], case["counter"], case["session"])
    head = packet_head(case)
    cipher, tag = ccm_seal(case["key"], nonce, head, case["plaintext"])
    return nonce, head, cipher, tag


def packet_bytes(case):
    return b"".join(seal_packet(case)[1:])


def open_packet(data, key, counter, session):
    """A packet's parts, its plaintext None under a wrong tag; None for a packet of a wrong form."""
    if len(data) < 11:
        return None
    first, address, low16 = struct.unpack(">BIH", data[:7])
    kind, has_answer = first >> 3 & 7, bool(first & 2)
    if first >> 6 != 0 or kind > LINK_TEST:
        return None
    at, nonce_high, answer = 7, None, None
    if kind == ATTACH:
        if has_answer or len(data) != 7 + 2 + 6 + TAG:
            return None
        nonce_high, at = struct.unpack(">H", data[7:9])[0], 9
    if has_answer:
        if len(data) < at + 2 + TAG:
            return None
        answer, at = {"page_sequence": data[at], "result": data[at + 1]}, at + 2
    cipher = data[at:-TAG]
    if kind == ACKNOWLEDGEMENT and (not has_answer or cipher):
        return None
    if kind == LINK_TEST and cipher:
        return None
    plain = ccm_open(key, nonce_of(0, address, counter, session), data[:at], cipher, data[-TAG:])
    return {
        "type": kind,
        "confirm": bool(first & 4),
        "drill": bool(first & 1),
        "ack": answer,
        "address": address,
        "low16": low16,
        "attach_nonce": None if nonce_high is None else nonce_high << 16 | low16,
        "plaintext": None if plain is None else plain.hex(),
    }


# ---------------------------------------------------------------- page and POCSAG

COMMAND, ATTACH_ACCEPT, ACKNOWLEDGED, GROUP_COMMAND, TIME = range(5)
SYNC, IDLE, FILLER = 0x7CD215D8, 0x7A89C197, 0xC


def ric_of(to, identity):
    return 8 + identity % 1_900_000 if to == "individual" else 1_900_008 + identity % 99_992


def direction_of(to):
    return 1 if to == "individual" else 2


def seal_page(case):
    nonce = nonce_of(
        direction_of(case["to"]), case["address_or_group_id"], case["counter"], case["session"]
    )
    first = case["type"] << 3 | case["ack_wanted"] << 2 | case["roll_call"] << 1 | case["drill"]
    head = struct.pack(
        ">BBHHB",
        first,
        len(case["plaintext"]),
        case["address_or_group_id"] & 0xFFFF,
        case["counter"] & 0xFFFF,
        case["page_sequence"],
    )
    cipher, tag = ccm_seal(case["key"], nonce, head, case["plaintext"])
    return nonce, head, cipher, tag


def page_bytes(case):
    return b"".join(seal_page(case)[1:])


def codeword(information):
    """BCH(31,21) by g = 0x769 over 21 information bits, and even parity."""
    rest = information << 10
    for bit in range(30, 9, -1):
        if rest >> bit & 1:
            rest ^= 0x769 << (bit - 10)
    word = (information << 10 | rest) << 1
    return word | bin(word).count("1") & 1


def address_word(ric, function):
    return codeword(ric >> 3 << 2 | function)


def flipped_nibble(symbol):
    return int(f"{symbol:04b}"[::-1], 2)


def symbols_of(data):
    return [nibble for byte in data for nibble in (byte >> 4, byte & 15)]


def message_words(symbols):
    assert len(symbols) % 5 == 0
    words = []
    for at in range(0, len(symbols), 5):
        bits = 0
        for symbol in symbols[at : at + 5]:
            bits = bits << 4 | flipped_nibble(symbol)
        words.append(codeword(1 << 20 | bits))
    return words


def transmission(ric, words, function=0):
    """This page alone: idle before and after, whole batches, idle at last."""
    stream = [IDLE] * ((ric & 7) * 2) + [address_word(ric, function), *words, IDLE]
    stream += [IDLE] * (-len(stream) % 16)
    batches = []
    for at in range(0, len(stream), 16):
        batches += [SYNC, *stream[at : at + 16]]
    return batches


def filled(data):
    symbols = symbols_of(data)
    return symbols + [FILLER] * (-len(symbols) % 5)


def page_words(data, ric):
    return transmission(ric, message_words(filled(data)))


def open_transmission(words, case):
    """The one page of an undisturbed transmission, opened; an AssertionError where its form is wrong."""
    assert len(words) % 17 == 0 and words[-1] == IDLE
    assert all(word == SYNC for word in words[::17])
    stream = [word for at, word in enumerate(words) if at % 17]
    start = next(at for at, word in enumerate(stream) if word >> 31 == 0 and word != IDLE)
    end = next(at for at in range(start + 1, len(stream)) if stream[at] >> 31 == 0)
    assert all(codeword(word >> 11) == word for word in stream)
    assert all(word == IDLE for word in stream[:start] + stream[end:])
    ric = (stream[start] >> 13) << 3 | start // 2 % 8
    assert stream[start] >> 11 & 3 == 0
    symbols = []
    for word in stream[start + 1 : end]:
        symbols += [flipped_nibble(word >> shift & 15) for shift in (27, 23, 19, 15, 11)]
    length = symbols[2] << 4 | symbols[3]
    used = 2 * (11 + length)
    assert length <= 48 and 0 <= len(symbols) - used < 5
    assert all(symbol == FILLER for symbol in symbols[used:])
    data = bytes(symbols[at] << 4 | symbols[at + 1] for at in range(0, used, 2))
    first = data[0]
    to = case["to"]
    nonce = nonce_of(direction_of(to), case["address_or_group_id"], case["counter"], case["session"])
    plain = ccm_open(case["key"], nonce, data[:7], data[7:-TAG], data[-TAG:])
    assert first >> 6 == 0
    return {
        "ric": ric,
        "type": first >> 3 & 7,
        "ack_wanted": bool(first & 4),
        "roll_call": bool(first & 2),
        "drill": bool(first & 1),
        "low16": struct.unpack(">H", data[2:4])[0],
        "counter_low16": struct.unpack(">H", data[4:6])[0],
        "page_sequence": data[6],
        "plaintext": None if plain is None else plain.hex(),
    }


# ---------------------------------------------------------------- reports


def half_away(value):
    whole = int(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def raw_ends(field):
    bits = field["bits"]
    if field["kind"] == "int":
        return -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return 0, (1 << bits) - 1


def raw_of(field, value):
    if value is None:
        return field["not_available"]
    if field["kind"] == "bool":
        return int(value)
    scale, offset = Fraction(field["scale"]), Fraction(field["offset"])
    raw = half_away((Fraction(value) - offset) / scale)
    low, high = raw_ends(field)
    if field["not_available"] == low:
        low += 1
    if field["not_available"] == high:
        high -= 1
    return min(max(raw, low), high)


def value_of(field, raw):
    if raw == field["not_available"]:
        return None
    if field["kind"] == "bool":
        return raw != 0
    return raw * field["scale"] + field["offset"]


def encode_report(number, age_s, fields, values, padding="0"):
    bits = ""
    for field in fields:
        raw = raw_of(field, values[field["name"]])
        bits += f"{raw % (1 << field['bits']):0{field['bits']}b}"
    bits += padding * (-len(bits) % 8)
    body = int("1" + bits, 2).to_bytes(len(bits) // 8 + 1, "big")[1:]
    if age_s is None:
        return bytes([number]) + body
    return bytes([0x80 | number]) + struct.pack(">H", min(age_s // 10, 0xFFFF)) + body


def decode_report(plain, fields):
    number, aged = plain[0] & 0x7F, bool(plain[0] & 0x80)
    age_s = struct.unpack(">H", plain[1:3])[0] * 10 if aged else None
    body = plain[3 if aged else 1 :]
    total = sum(field["bits"] for field in fields)
    if len(body) != (total + 7) // 8:
        return None
    bits = "".join(f"{byte:08b}" for byte in body)
    values, at = {}, 0
    for field in fields:
        raw = int(bits[at : at + field["bits"]], 2)
        at += field["bits"]
        if field["kind"] == "int" and raw >> (field["bits"] - 1):
            raw -= 1 << field["bits"]
        values[field["name"]] = value_of(field, raw)
    return {"report_number": number, "aged": aged, "age_s": age_s, "values": values}


# ---------------------------------------------------------------- modem line


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def slip(data):
    return b"\xc0" + data.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"


def line_frame(kind, token, body):
    data = struct.pack(">BH", kind, token) + body
    return data + struct.pack(">H", crc16(data))


def _soft(values):
    return struct.pack(f">{len(values)}b", *values)


def _hello(f):
    firmware = f["firmware"].encode()
    fixed = struct.pack(
        ">B8sHBBBB",
        f["protocol_version"],
        bytes.fromhex(f["modem_id"]),
        f["capabilities"],
        f["ring_buffer_s"],
        f["concurrent_collects"],
        f["concurrent_pages"],
        len(firmware),
    )
    return fixed + firmware


def _header(f):
    numbers = (f["carrier_units"], f["rssi_tenth_dbm"], f["snr_quarter_db"])
    return struct.pack(">Qhhb", int(f["time_ns"]), *numbers) + _soft(f["soft_bits"])


def _capture(f):
    fixed = struct.pack(">BBhB", f["fragment"], f["status"], f["rssi_tenth_dbm"], f["bits"])
    return fixed + _soft(f["soft_bits"])


def _status(f):
    error = 0xFFFFFFFF if f["clock_error_ns"] is None else f["clock_error_ns"]
    return struct.pack(
        ">QIbBIIII",
        int(f["now_ns"]),
        f["uptime_s"],
        f["temperature_c"],
        f["clock"],
        error,
        f["headers_found"],
        f["overruns"],
        f["bad_frames_from_host"],
    )


def _config(f):
    return struct.pack(
        ">IBBIIB",
        f["receive_centre_hz"],
        f["grid"],
        f["bw"],
        int(f["sync_word"], 16),
        f["page_frequency_hz"],
        f["polarity"],
    )


def _collect(f):
    fragments = [struct.pack(">hB", g["carrier_units"], g["bits"]) for g in f["fragments"]]
    head = struct.pack(">HQB", f["header_token"], int(f["start_ns"]), len(fragments))
    return head + b"".join(fragments)


def _page(f):
    words = [int(word, 16) for word in f["codewords"]]
    earliest, latest = int(f["earliest_start_ns"]), int(f["latest_start_ns"])
    return struct.pack(f">QQHH{len(words)}I", earliest, latest, f["bit_rate"], len(words), *words)


LINE = {
    "HELLO": (0x01, _hello),
    "HEADER": (0x02, _header),
    "CAPTURE": (0x03, _capture),
    "CAPTURE END": (0x04, lambda f: bytes([f["captures_sent"]])),
    "PAGED": (0x05, lambda f: struct.pack(">BQ", f["status"], int(f["first_preamble_bit_at_ns"]))),
    "STATUS": (0x06, _status),
    "REFUSED": (0x07, lambda f: bytes([f["refused_type"], f["reason"]])),
    "HELLO?": (0x81, lambda f: b""),
    "CONFIG": (0x82, _config),
    "COLLECT": (0x83, _collect),
    "PAGE": (0x84, _page),
    "CANCEL": (0x85, lambda f: b""),
}
