#!/usr/bin/env python3
"""usage: client.py USER PASSWORD

Speaks AMQP 0-9-1 with the RabbitMQ on localhost: logs in with SASL PLAIN, declares a queue, publishes a message and gets
it back. Fails when any answer is not the expected method.
"""
import socket
import struct
import sys

METHOD, HEADER, BODY, HEARTBEAT, END = 1, 2, 3, 8, 0xCE
START, START_OK, TUNE, TUNE_OK, OPEN, OPEN_OK = (10, 10), (10, 11), (10, 30), (10, 31), (10, 40), (10, 41)
CLOSE, CLOSE_OK = (10, 50), (10, 51)
CHANNEL_OPEN, CHANNEL_OPEN_OK = (20, 10), (20, 11)
DECLARE, DECLARE_OK = (50, 10), (50, 11)
PUBLISH, GET, GET_OK = (60, 40), (60, 70), (60, 71)


def short(text):
    return bytes([len(text)]) + text.encode()


def long(data):
    return struct.pack(">I", len(data)) + data


class Connection:
    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", 5672), timeout=20)
        self.socket.sendall(b"AMQP\x00\x00\x09\x01")

    def send_frame(self, kind, channel, payload):
        self.socket.sendall(struct.pack(">BHI", kind, channel, len(payload)) + payload + bytes([END]))

    def send(self, channel, method, arguments):
        self.send_frame(METHOD, channel, struct.pack(">HH", *method) + arguments)

    def read(self, size):
        data = b""
        while len(data) < size:
            more = self.socket.recv(size - len(data))
            if not more:
                raise SystemExit("the server closed the connection")
            data += more
        return data

    def frame(self):
        """The next frame that is no heartbeat: kind and payload."""
        while True:
            kind, _channel, size = struct.unpack(">BHI", self.read(7))
            payload = self.read(size)
            if self.read(1)[0] != END:
                raise SystemExit("a frame without end")
            if kind != HEARTBEAT:
                return kind, payload

    def expect(self, method):
        kind, payload = self.frame()
        received = struct.unpack(">HH", payload[:4])
        if kind != METHOD or received != method:
            raise SystemExit(f"expected method {method}, received frame {kind}, method {received}: {payload[4:]!r}")
        return payload[4:]


def main():
    user, password = sys.argv[1:]
    message = "gr\u00fcn \U0001f407".encode()
    amqp = Connection()
    start = amqp.expect(START)
    if b"PLAIN" not in start or b"RabbitMQ" not in start:
        raise SystemExit(f"unexpected greeting {start!r}")
    amqp.send(0, START_OK, long(b"") + short("PLAIN") + long(f"\0{user}\0{password}".encode()) + short("en_US"))
    channels, frame_size, _heartbeat = struct.unpack(">HIH", amqp.expect(TUNE))
    amqp.send(0, TUNE_OK, struct.pack(">HIH", channels, frame_size, 0))
    amqp.send(0, OPEN, short("/") + short("") + b"\0")
    amqp.expect(OPEN_OK)
    print("logged in")

    amqp.send(1, CHANNEL_OPEN, short(""))
    amqp.expect(CHANNEL_OPEN_OK)
    amqp.send(1, DECLARE, struct.pack(">H", 0) + short("probe") + b"\0" + long(b""))
    amqp.expect(DECLARE_OK)
    amqp.send(1, PUBLISH, struct.pack(">H", 0) + short("") + short("probe") + b"\0")
    amqp.send_frame(HEADER, 1, struct.pack(">HHQH", 60, 0, len(message), 0))
    amqp.send_frame(BODY, 1, message)
    amqp.send(1, GET, struct.pack(">H", 0) + short("probe") + b"\1")
    amqp.expect(GET_OK)
    kind, _header = amqp.frame()
    if kind != HEADER:
        raise SystemExit(f"expected a content header, received frame {kind}")
    kind, body = amqp.frame()
    if (kind, body) != (BODY, message):
        raise SystemExit(f"the message came back as {body!r}")
    print("message: received")
    amqp.send(0, CLOSE, struct.pack(">H", 200) + short("") + struct.pack(">HH", 0, 0))
    amqp.expect(CLOSE_OK)


main()
