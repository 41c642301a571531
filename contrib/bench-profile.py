#!/usr/bin/env python3
"""Called by contrib/bench: times pulls from a profile of Firefox, and python3 with NSS that reads the same, in turn.

The profile is made by NSS: that of Firefox ESR if it is installed, else the system's.
"""

import base64
import ctypes
import json
import os
import statistics
import subprocess
import sys
import time

FIREFOX = "/usr/lib/firefox-esr"
library = os.path.join(FIREFOX, "libnss3.so")
# The libraries that Firefox's needs are in the same folder.
nss_environment = dict(os.environ, LD_LIBRARY_PATH=FIREFOX)
if not os.path.exists(library):
    library, nss_environment = "libnss3.so", dict(os.environ)


class Item(ctypes.Structure):
    _fields_ = [("type", ctypes.c_uint), ("data", ctypes.c_void_p), ("length", ctypes.c_uint)]

    @classmethod
    def of(cls, data=b""):
        buffer = ctypes.create_string_buffer(data, len(data))
        item = cls(0, ctypes.cast(buffer, ctypes.c_void_p) if data else None, len(data))
        item.buffer = buffer
        return item


class NSS:
    """A key database without a primary password."""

    def __init__(self, directory, is_new=False):
        self.library = ctypes.CDLL(library)
        start = self.library.NSS_InitReadWrite if is_new else self.library.NSS_Init
        if start(("sql:" + directory).encode()) != 0:
            sys.exit("bench: error: NSS does not open the profile")
        if is_new:
            self.library.PK11_GetInternalKeySlot.restype = ctypes.c_void_p
            slot = ctypes.c_void_p(self.library.PK11_GetInternalKeySlot())
            if self.library.PK11_InitPin(slot, b"", b"") != 0:
                sys.exit("bench: error: NSS makes no key database")

    def encrypt(self, text):
        result, key, plain = Item.of(), Item.of(), Item.of(text.encode())
        if hasattr(self.library, "PK11SDR_EncryptWithMechanism"):
            ckm_aes_cbc = ctypes.c_ulong(0x1082)
            status = self.library.PK11SDR_EncryptWithMechanism(
                None, ctypes.byref(key), ckm_aes_cbc, ctypes.byref(plain), ctypes.byref(result), None)
        else:
            status = self.library.PK11SDR_Encrypt(ctypes.byref(key), ctypes.byref(plain), ctypes.byref(result), None)
        return base64.b64encode(self.taken(status, result)).decode()

    def decrypt(self, text):
        result, data = Item.of(), Item.of(base64.b64decode(text))
        return self.taken(self.library.PK11SDR_Decrypt(ctypes.byref(data), ctypes.byref(result), None), result).decode()

    def taken(self, status, result):
        if status != 0:
            sys.exit("bench: error: NSS fails")
        value = ctypes.string_at(result.data, result.length) if result.length else b""
        self.library.SECITEM_ZfreeItem(ctypes.byref(result), 0)
        return value


def make(directory, count):
    """A profile with a number of logins, every tenth with notes."""
    os.mkdir(directory, 0o700)
    nss = NSS(directory, is_new=True)
    notes = json.dumps({"lockwise": {"notes": "a line of notes\nand another one"}})
    logins = [
        {"id": number, "hostname": f"https://host{number:06}.example", "httpRealm": None,
         "formSubmitURL": f"https://host{number:06}.example", "usernameField": "user", "passwordField": "pass",
         "encryptedUsername": nss.encrypt(f"user{number:06}@example.org"),
         "encryptedPassword": nss.encrypt(f"password of {number}"), "guid": f"{{00000000-0000-4000-8000-{number:012}}}",
         "encType": 1, "timeCreated": 1700000000000 + number, "timeLastUsed": 1700000000000 + number,
         "timePasswordChanged": 1700000000000 + number, "timesUsed": 1, "syncCounter": 1, "everSynced": False,
         "encryptedUnknownFields": nss.encrypt(notes if number % 10 == 0 else "")}
        for number in range(count)]
    with open(os.path.join(directory, "logins.json"), "w") as file:
        json.dump({"nextId": count, "logins": logins, "potentiallyVulnerablePasswords": [],
                   "dismissedBreachAlertsByLoginGUID": {}, "version": 3}, file, separators=(",", ":"))
    for name in os.listdir(directory):
        os.chmod(os.path.join(directory, name), 0o600)


def read(directory):
    """Reads a profile, decrypts each login and writes it as a record of Sync."""
    nss = NSS(directory)
    with open(os.path.join(directory, "logins.json")) as file:
        stored = json.load(file)["logins"]
    names = ["hostname", "httpRealm", "formSubmitURL", "usernameField", "passwordField", "timeCreated",
             "timePasswordChanged", "timeLastUsed", "timesUsed"]
    for login in stored:
        record = {name: login[name] for name in names}
        record["id"] = login["guid"]
        record["username"] = nss.decrypt(login["encryptedUsername"])
        record["password"] = nss.decrypt(login["encryptedPassword"])
        unknown = nss.decrypt(login["encryptedUnknownFields"])
        record.update(json.loads(unknown) if unknown else {})
        print(json.dumps(record))


def timed(command, environment):
    """Runs a program: its seconds and peak memory in MB."""
    actions = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, environment, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    elapsed = time.perf_counter() - start
    if status != 0:
        sys.exit(f"bench: error: {command} ended with status {status}")
    return elapsed, usage.ru_maxrss / 1024


def measure(size):
    """Rows for one number of logins."""
    folder = os.path.join(work, f"profile-{size}")
    os.mkdir(folder)
    profile = os.path.join(folder, "profile")
    # In a process of its own, since NSS cannot be opened twice in one.
    subprocess.run([sys.executable, __file__, "make", profile, str(size)], env=nss_environment, check=True)
    sync = os.path.join(binaries, "lockwise-sync")
    python = [sys.executable, __file__, "read", profile]
    times = {"python3 + NSS": [], "first pull": []}
    environment = dict(os.environ, HOME=folder)
    for turn in range(runs):
        times["python3 + NSS"].append(timed(python, nss_environment))
        environment["LOCKWISE_HOME"] = os.path.join(folder, f"vault{turn}")
        # It makes the vault and pulls for the first time.
        login = [sync, "login", "--local", profile, "--key-file", os.path.join(folder, "key")]
        times["first pull"].append(timed(login, environment))
        subprocess.run([sync, "lock"], env=environment, capture_output=True)
    short = {"lockwise-sync --version": [], "unchanged pull": []}
    for _ in range(10 * runs):
        short["lockwise-sync --version"].append(timed([sync, "--version"], environment))
        short["unchanged pull"].append(timed([sync, "pull"], environment))
    subprocess.run([sync, "lock"], env=environment, capture_output=True)
    rows = []
    for steps, limit in ((times, 3), (short, 1.1)):
        medians = {step: statistics.median(elapsed for elapsed, _ in values) for step, values in steps.items()}
        floor, own = medians.values()
        for step, values in steps.items():
            is_own = step in ("first pull", "unchanged pull")
            rows.append({
                "logins": size, "step": step, "seconds": round(medians[step], 4),
                "memory_mb": round(max(memory for _, memory in values), 1),
                "ratio": round(own / floor, 2) if is_own else None, "limit": limit if is_own else None})
    return rows


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]))
    sys.exit()
if sys.argv[1] == "read":
    read(sys.argv[2])
    sys.exit()
as_json, runs, binaries, work, sizes = sys.argv[1] == "1", int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5].split()
rows = [row for size in sizes for row in measure(int(size))]
if as_json:
    print(json.dumps({"rows": rows}))
else:
    print(f"{'logins':>8}  {'step':<24} {'seconds':>8} {'ratio':>6} {'limit':>6} {'memory MB':>10}")
    for row in rows:
        print(f"{row['logins']:>8}  {row['step']:<24} {row['seconds']:>8.3f} {row['ratio'] or '':>6} {row['limit'] or '':>6} "
              f"{row['memory_mb']:>10.1f}")
    print("the memory of a first pull must stay below 60 MB for 10,000 logins")
