#!/usr/bin/env python3
"""usage: client.py USER PASSWORD

Speaks XMPP with the ejabberd on localhost: opens a stream, reads <stream:features>, starts TLS, logs in with SASL PLAIN,
binds a resource, asks the server what it is, sends a message to itself and receives it. Fails when any answer is not
the expected one.
"""
import base64
import socket
import ssl
import sys
import xml.etree.ElementTree as xml

STREAM = "{http://etherx.jabber.org/streams}"
CLIENT = "{jabber:client}"
SASL = "{urn:ietf:params:xml:ns:xmpp-sasl}"
TLS = "{urn:ietf:params:xml:ns:xmpp-tls}"
BIND = "{urn:ietf:params:xml:ns:xmpp-bind}"
DISCO = "{http://jabber.org/protocol/disco#info}"


class Session:
    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", 5222), timeout=20)
        self.open()

    def open(self):
        """A new stream on the same connection; answers its features."""
        self.parser = xml.XMLPullParser(events=("start", "end"))
        self.depth = 0
        self.send(
            "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xml:lang='en' xmlns='jabber:client' "
            "xmlns:stream='http://etherx.jabber.org/streams'>"
        )
        self.features = self.receive()
        if self.features.tag != STREAM + "features":
            raise SystemExit(f"expected <stream:features>, received {show(self.features)}")

    def send(self, text):
        self.socket.sendall(text.encode())

    def receive(self):
        """The next whole element below <stream:stream>."""
        while True:
            for event, element in self.parser.read_events():
                if event == "start":
                    self.depth += 1
                    if self.depth == 1 and element.tag != STREAM + "stream":
                        raise SystemExit(f"expected <stream:stream>, received {show(element)}")
                    continue
                self.depth -= 1
                if self.depth == 1:
                    return element
            data = self.socket.recv(65536)
            if not data:
                raise SystemExit("the server closed the connection")
            self.parser.feed(data)

    def ask(self, text, tag):
        """Sends `text`; the answer must be a `tag`. What arrives unasked for (presence) is passed over."""
        self.send(text)
        while True:
            answer = self.receive()
            if answer.tag == tag:
                return answer
            if answer.tag != CLIENT + "presence":
                raise SystemExit(f"expected {tag}, received {show(answer)}")


def show(element):
    return xml.tostring(element, encoding="unicode")


def main():
    user, password = sys.argv[1:]
    session = Session()
    if session.features.find(TLS + "starttls") is None:
        raise SystemExit(f"no STARTTLS among {show(session.features)}")
    session.ask("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", TLS + "proceed")
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    session.socket = context.wrap_socket(session.socket, server_hostname="localhost")
    session.open()
    mechanisms = [m.text for m in session.features.iter(SASL + "mechanism")]
    print("mechanisms:", " ".join(mechanisms))
    if "PLAIN" not in mechanisms:
        raise SystemExit("no PLAIN among them")

    secret = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    session.ask(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{secret}</auth>", SASL + "success")
    session.open()
    answer = session.ask(
        "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>test</resource></bind></iq>",
        CLIENT + "iq",
    )
    jid = answer.findtext(f"{BIND}bind/{BIND}jid")
    if jid != f"{user}@localhost/test":
        raise SystemExit(f"bound to {jid}")
    session.send("<presence/>")
    answer = session.ask(
        "<iq type='get' id='info' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", CLIENT + "iq"
    )
    identity = answer.find(f"{DISCO}query/{DISCO}identity[@category='server']")
    if identity is None:
        raise SystemExit(f"no identity: {show(answer)}")
    print("server:", identity.get("name"))
    answer = session.ask(f"<message to='{jid}' type='chat'><body>gr\u00fcn &amp; bunt</body></message>", CLIENT + "message")
    if answer.findtext(CLIENT + "body") != "gr\u00fcn & bunt":
        raise SystemExit(f"came back as {show(answer)}")
    print("message: received")
    session.send("</stream:stream>")


main()
