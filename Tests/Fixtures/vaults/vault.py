#!/usr/bin/env python3
"""Makes and reads Lockwise vaults of format 3, from docs/vault-format.md alone.

  vault.py make FOLDER       write the vaults of this folder and expected.json, the same bytes every time
  vault.py read FILE WORD    print what a vault holds as JSON; WORD is the passphrase, the key file's hexadecimal
                             content or the command's line

Shares no code with Lockwise: hashlib, hmac and sqlite3 of Python, AES-GCM of the package `cryptography`. Reading checks
every tag, every digest, the padding and that no two rows share a nonce.
"""
import hashlib
import hmac
import json
import os
import sqlite3
import struct
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

LABEL = b"lockwise vault 3"
TABLES = ["header", "slots", "documents", "buckets", "logins", "aside", "outbox", "deleted"]
LISTS = ["outbox", "aside", "deleted"]


def hkdf(key, salt, info):
    """RFC 5869 with SHA-256; one block of 32 bytes."""
    extracted = hmac.new(salt, key, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def slot_key(text, word):
    slot = json.loads(text)
    salt = bytes.fromhex(slot["salt"])
    if slot["kind"] == "key-file":
        return hkdf(word, salt, LABEL + b": key file")
    n, r, p = slot["cost"], slot["block"], slot["parallel"]
    return hashlib.scrypt(word, salt=salt, n=n, r=r, p=p, maxmem=256 << 20, dklen=32)


def pad(text):
    return text + b"\x80" + bytes(63 - len(text) % 64)


def unpad(padded):
    assert len(padded) % 64 == 0 and padded
    text = padded.rstrip(b"\x00")
    assert text[-1:] == b"\x80" and len(padded) - len(text) < 64
    return text[:-1]


def schema(table):
    if table in ("header", "slots"):
        return f"CREATE TABLE {table}(id INTEGER PRIMARY KEY, body BLOB NOT NULL)"
    if table == "documents":
        return "CREATE TABLE documents(name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID"
    return f"CREATE TABLE {table}(id INTEGER PRIMARY KEY, sealed BLOB NOT NULL)"


class Keys:
    def __init__(self, vault_key, vault_id):
        self.vault_id = vault_id
        self.seal_key = hkdf(vault_key, vault_id, LABEL + b": seal")
        self.token_key = hkdf(vault_key, vault_id, LABEL + b": look-up")

    def aad(self, table, row):
        name = row.encode() if isinstance(row, str) else struct.pack("<q", row)
        return LABEL + b"\x00" + self.vault_id + table.encode() + b"\x00" + name

    def token(self, kind, text):
        return hmac.new(self.token_key, bytes([kind]) + text.encode(), hashlib.sha256).digest()[:16]


def tag(sealed):
    return sealed[-16:-8]


def with_digest(body):
    return hashlib.sha256(body).digest() + body


def checked(body):
    assert hashlib.sha256(body[32:]).digest() == body[:32]
    return body[32:]


def login_tokens(keys, login):
    record = json.loads(login)
    origin = record["hostname"]
    scheme, rest = origin.split("://", 1)
    host = rest.split("/")[0].rsplit(":", 1)[0] if ":" in rest else rest
    tokens = [keys.token(1, origin), keys.token(2, host), keys.token(3, record["id"])]
    name = record.get("lockwise", {}).get("name")
    return tokens + ([keys.token(4, name)] if name else [])


# Making

class Maker:
    """A vault with reproducible keys and nonces."""

    def __init__(self, path, seed):
        self.seed, self.drawn = seed.encode(), 0
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.execute("PRAGMA page_size=4096")
        for table in TABLES:
            self.db.execute(schema(table))
        self.db.execute("PRAGMA user_version=3")
        self.vault_id, self.vault_key = self.random(16), self.random(32)
        self.keys = Keys(self.vault_key, self.vault_id)
        header = json.dumps({"format": "lockwise-vault", "version": 3, "id": self.vault_id.hex()})
        self.db.execute("INSERT INTO header VALUES(1, ?)", [with_digest(header.encode())])
        self.slots, self.documents, self.counts, self.login_tags = {}, {}, {}, {}

    def random(self, count):
        self.drawn += 1
        return hashlib.shake_256(self.seed + struct.pack("<q", self.drawn)).digest(count)

    def seal(self, text, table, row):
        nonce = self.random(12)
        sealed = nonce + AESGCM(self.keys.seal_key).encrypt(nonce, pad(text), self.keys.aad(table, row))
        self.db.execute(f"INSERT INTO {table} VALUES(?, ?)", [row, sealed])
        return tag(sealed)

    def slot(self, number, kind, word, **members):
        text = json.dumps({"id": number, "kind": kind, **members, "salt": self.random(32).hex()}).encode()
        nonce = self.random(12)
        aad = LABEL + b": slot\x00" + self.vault_id + text
        wrapped = nonce + AESGCM(slot_key(text, word)).encrypt(nonce, self.vault_key, aad)
        self.db.execute("INSERT INTO slots VALUES(?, ?)", [number, with_digest(wrapped + text)])
        self.slots[number] = tag(wrapped)

    def document(self, name, text):
        self.documents[name] = self.seal(text, "documents", name)

    def rows(self, table, texts, logins):
        items = b""
        for row, text in texts.items():
            items += struct.pack("<q", row) + self.seal(text.encode(), table, row)
            if table == "outbox":
                guid = json.loads(text)["guid"]
                login = next((number for number, login in logins.items() if json.loads(login)["id"] == guid), 0)
                items += struct.pack("<q", login) + self.login_tags.get(login, bytes(8))
        self.counts[table] = len(texts)
        if texts:
            self.document("." + table, items)

    def logins(self, logins):
        for row, login in logins.items():
            guid = json.loads(login)["id"].encode()
            self.login_tags[row] = self.seal(bytes([len(guid)]) + guid + login.encode(), "logins", row)

    def finish(self, logins, bits):
        entries = [token + struct.pack("<q", row) + self.login_tags[row]
                   for row, login in logins.items() for token in login_tokens(self.keys, login)]
        tags = []
        for bucket in range(1 << bits):
            own = sorted(entry for entry in entries if int.from_bytes(entry[:8], "big") >> (64 - bits) == bucket)
            tags.append(self.seal(b"".join(own), "buckets", bucket))
        if bits > 7:
            groups = [tags[start:start + 128] for start in range(0, len(tags), 128)]
            tags = [self.seal(b"".join(group), "buckets", -1 - number) for number, group in enumerate(groups)]
        summary = struct.pack("<i", 3) + self.vault_id + struct.pack("<q", 42)
        summary += struct.pack("<qq", len(logins), len(entries))
        summary += b"".join(struct.pack("<q", self.counts[table]) for table in LISTS)
        summary += struct.pack("<q", max(logins) + 1) + struct.pack("<BBH", bits, len(self.slots), len(self.documents))
        summary += b"".join(struct.pack("<q", number) + self.slots[number] for number in sorted(self.slots))
        for name in sorted(self.documents):
            summary += bytes([len(name)]) + name.encode() + self.documents[name]
        self.seal(summary + b"".join(tags), "documents", ".index")
        self.db.execute("VACUUM")
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.close()


def make_all(folder):
    def login(number, **further):
        return json.dumps({
            "id": f"{{00000000-0000-4000-8000-{number:012d}}}", "hostname": f"https://host{number}.example",
            "httpRealm": "git", "username": f"user{number}", "password": f"pass wörd {number}",
            "timeCreated": 1700000000000 + number, **further}, ensure_ascii=False)

    logins = {1: login(1), 2: login(2, hostname="https://host2.example:8443"),
              5: login(5, somethingUnknown=[1.5, None], lockwise={"name": "work/ключ", "notes": "a\nb"})}
    outbox = {3: {"guid": json.loads(logins[1])["id"], "deletion": False, "changed": 1700000000001, "revision": 7,
                  "sent": False, "base": login(1, password="former")},
              4: {"guid": "{gone}", "deletion": True, "changed": 1700000000002, "revision": 8, "sent": True,
                  "unanswered": [json.dumps({"id": "{gone}", "deleted": True})], "refusal": "too large"}}
    aside = {1: {"id": "bad", "reason": "no payload", "modified": 170000000012}}
    deleted = {9: {"guid": json.loads(login(77))["id"], "reason": "deleted by another client", "time": 1700000000003,
                   "login": login(77)}}
    documents = {"account": '{"email":"ada@example.org"}', "sync-state": "{}", "a-later-name": "any text, 64 bytes" + "." * 46}
    scrypt = {"cost": 1 << 17, "block": 8, "parallel": 1}
    command = "pass show lockwise"
    vaults = {
        "passphrase": ("correct horse", 4, lambda maker, word: maker.slot(0, "passphrase", word, **scrypt)),
        "key-file": (bytes(range(40)).hex(), 8, lambda maker, word: maker.slot(3, "key-file", word, path="/keys/vault key")),
        "command": ("line of the command", 7, lambda maker, word: maker.slot(
            7, "command", word, digest=hashlib.sha256(command.encode()).hexdigest(), **scrypt)),
    }
    expected = {"logins": logins, "outbox": outbox, "aside": aside, "deleted": deleted, "documents": documents, "vaults": {}}
    for name, (word, bits, add_slot) in vaults.items():
        path = os.path.join(folder, name + ".db")
        if os.path.exists(path):
            os.unlink(path)
        maker = Maker(path, "lockwise golden vault " + name)
        add_slot(maker, bytes.fromhex(word) if name == "key-file" else word.encode())
        for key, text in documents.items():
            maker.document(key, text.encode())
        maker.logins(logins)
        for table, rows in [("outbox", outbox), ("aside", aside), ("deleted", deleted)]:
            maker.rows(table, {row: json.dumps(text, ensure_ascii=False) for row, text in rows.items()}, logins)
        maker.finish(logins, bits)
        keys = maker.keys
        expected["vaults"][name] = {
            "word": word, "id": maker.vault_id.hex(), "vaultKey": maker.vault_key.hex(), "sealKey": keys.seal_key.hex(),
            "tokenKey": keys.token_key.hex(), "originToken": keys.token(1, "https://host1.example").hex(), "bits": bits}
    expected["command"] = command
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(expected, file, indent=1, ensure_ascii=False)
        file.write("\n")


# Reading

def read(path, word):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    found = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    assert found == [("table", table, table, schema(table)) for table in TABLES], found
    header = json.loads(checked(db.execute("SELECT body FROM header WHERE id=1").fetchone()[0]))
    assert (header["format"], header["version"]) == ("lockwise-vault", 3)
    vault_id = bytes.fromhex(header["id"])
    slots, vault_key = {}, None
    for number, body in db.execute("SELECT id, body FROM slots ORDER BY id"):
        body = checked(body)
        wrapped, text = body[:60], body[60:]
        slot = json.loads(text)
        assert slot["id"] == number
        candidate = bytes.fromhex(word) if slot["kind"] == "key-file" else word.encode()
        aad = LABEL + b": slot\x00" + vault_id + text
        vault_key = AESGCM(slot_key(text, candidate)).decrypt(wrapped[:12], wrapped[12:], aad)
        slots[number] = (tag(wrapped), slot)
    keys, nonces = Keys(vault_key, vault_id), set()

    def opened(table, row, expected_tag=None):
        column = "name" if table == "documents" else "id"
        sealed = db.execute(f"SELECT sealed FROM {table} WHERE {column}=?", [row]).fetchone()[0]
        assert expected_tag is None or tag(sealed) == expected_tag, (table, row)
        assert sealed[:12] not in nonces
        nonces.add(sealed[:12])
        return unpad(AESGCM(keys.seal_key).decrypt(sealed[:12], sealed[12:], keys.aad(table, row)))

    summary = opened("documents", ".index")
    version, = struct.unpack_from("<i", summary)
    assert version == 3 and summary[4:20] == vault_id
    counter, login_count, entry_count, *list_counts, next_login = struct.unpack_from("<7q", summary, 20)
    bits, slot_count, document_count = struct.unpack_from("<BBH", summary, 76)
    position = 80
    for _ in range(slot_count):
        number, = struct.unpack_from("<q", summary, position)
        assert slots[number][0] == summary[position + 8:position + 16]
        position += 16
    assert slot_count == len(slots)
    tags = {}
    for _ in range(document_count):
        end = position + 1 + summary[position]
        tags[summary[position + 1:end].decode()] = summary[end:end + 8]
        position = end + 8
    rest = summary[position:]
    assert len(rest) == 8 << max(0, bits - 7 if bits > 7 else bits)
    bucket_tags = [rest[start:start + 8] for start in range(0, len(rest), 8)]
    if bits > 7:
        groups = [opened("buckets", -1 - number, group) for number, group in enumerate(bucket_tags)]
        bucket_tags = [group[start:start + 8] for group in groups for start in range(0, 1024, 8)]
    names = {name for name, in db.execute("SELECT name FROM documents")}
    assert names == set(tags) | {".index"}, names
    documents = {name: opened("documents", name, expected) for name, expected in tags.items()}
    entries = {}
    for bucket, expected in enumerate(bucket_tags):
        text = opened("buckets", bucket, expected)
        assert len(text) % 32 == 0
        own = [text[start:start + 32] for start in range(0, len(text), 32)]
        for entry in own:
            assert int.from_bytes(entry[:8], "big") >> (64 - bits) == bucket
            entries.setdefault(struct.unpack_from("<q", entry, 16)[0], set()).add((entry[:16], entry[24:]))
    assert sum(map(len, entries.values())) == entry_count and len(entries) == login_count
    assert db.execute("SELECT count(*) FROM buckets").fetchone()[0] == (1 << bits) + (len(rest) // 8 if bits > 7 else 0)
    logins = {}
    for row, found in entries.items():
        row_tag, = {row_tag for _, row_tag in found}
        text = opened("logins", row, row_tag)
        logins[row] = text[1 + text[0]:].decode()
        assert text[1:1 + text[0]].decode() == json.loads(logins[row])["id"] and row < next_login
        assert {token for token, _ in found} == set(login_tokens(keys, logins[row]))
    assert db.execute("SELECT count(*) FROM logins").fetchone()[0] == login_count
    lists = {}
    for table, count in zip(LISTS, list_counts):
        items = documents.pop("." + table, b"")
        size = 32 if table == "outbox" else 16
        rows = {struct.unpack_from("<q", items, start)[0]: items[start + 8:start + 16] for start in range(0, len(items), size)}
        lists[table] = {row: json.loads(opened(table, row, expected)) for row, expected in rows.items()}
        for start in range(0, len(items) if table == "outbox" else 0, size):
            row, (login, pinned) = lists[table][struct.unpack_from("<q", items, start)[0]], struct.unpack_from("<q8s", items, start + 16)
            here = [number for number, text in logins.items() if json.loads(text)["id"] == row["guid"] and not row["deletion"]]
            assert [login] == (here or [0]) and {pinned} == ({row_tag for _, row_tag in entries[login]} if here else {bytes(8)})
        assert len(rows) == count == db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return {
        "id": vault_id.hex(), "counter": counter, "slots": {number: slot for number, (_, slot) in slots.items()},
        "logins": logins, "documents": {name: text.decode() for name, text in documents.items()}, **lists}


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "make":
        make_all(sys.argv[2])
    elif len(sys.argv) == 4 and sys.argv[1] == "read":
        json.dump(read(sys.argv[2], sys.argv[3]), sys.stdout, ensure_ascii=False)
        print()
    else:
        sys.exit(__doc__)
