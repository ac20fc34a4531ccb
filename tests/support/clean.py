"""clean.py SOCKET FILE EXTENSION -- as a vault would: give FILE to the cleaner, print its answer and the copy's bytes in hex."""
import json
import socket
import struct
import sys

path, name, extension = sys.argv[1:4]
data = open(name, "rb").read()
line = socket.socket(socket.AF_UNIX)
line.settimeout(100)
line.connect(path)


def receive(count):
    got = b""
    while len(got) < count:
        part = line.recv(count - len(got))
        if not part:
            raise SystemExit("the cleaner ended the connection")
        got += part
    return got


def ask(payload):
    line.sendall(struct.pack(">II", len(payload), 1) + payload)
    return receive(struct.unpack(">II", receive(8))[0])


job = json.loads(ask(b"B" + struct.pack(">QBB", len(data), 1, len(extension)) + extension.encode()))["job"]
number = struct.pack(">I", job)
for at in range(0, len(data), 200000):
    ask(b"P" + number + data[at:at + 200000])
print(ask(b"E" + number).decode())
print(ask(b"G" + number + struct.pack(">Q", 0))[1:].hex())
ask(b"X" + number)
