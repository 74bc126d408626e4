#!/usr/bin/env python3
"""A name server that knows no name, at the address that is given. What a container asks for that the swarm does not know ends
here, and is answered at once, as by any network's own."""

import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((sys.argv[1], 53))
while True:
    query, client = server.recvfrom(1500)
    if len(query) >= 12:
        # The question again, as an answer (QR, RD, RA) with the status NXDOMAIN and no records.
        server.sendto(query[:2] + b"\x81\x83" + query[4:6] + bytes(6) + query[12:], client)
