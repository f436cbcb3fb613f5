"""Sockets that write down what every call returned, and when.

All of them are non-blocking underneath, because one thread plays both ends of a connection. `recv` waits for
a while; that nothing came is not an error and is not written down, just as a program without a time limit of
its own would never hear of it.
"""
import errno
import select
import socket
import struct
import time

LINGER_ZERO = struct.pack("ii", 1, 0)
TCP_USER_TIMEOUT = 18


class Sock:
    def __init__(self, host, ip, sock=None, **options):
        self.calls = []              # {"t", "call", "errno" or "event"}: errors, and what else ended it
        self.closed = False
        with host.inside():
            self.sock = sock or socket.socket(socket.AF_INET if ip == 4 else socket.AF_INET6)
        self.sock.setblocking(False)
        self.configure(**options)

    def configure(self, keepalive=None, user_timeout_ms=None, receive_buffer=None, send_buffer=None,
                  nodelay=True, syn_count=None):
        """keepalive is (idle, interval, count) in seconds."""
        tcp = [(socket.TCP_NODELAY, int(nodelay))]
        if keepalive:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            tcp += zip((socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT), keepalive)
        if user_timeout_ms:
            tcp.append((TCP_USER_TIMEOUT, user_timeout_ms))
        if syn_count:
            tcp.append((socket.TCP_SYNCNT, syn_count))
        for option, value in tcp:
            self.sock.setsockopt(socket.IPPROTO_TCP, option, value)
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if send_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)

    def _write_down(self, call, number):
        self.calls.append({"t": round(time.time(), 6), "call": call, "errno": errno.errorcode[number]})

    def happened(self, call, event):
        """What is no error but belongs to the story: the end of the stream, a signal."""
        self.calls.append({"t": round(time.time(), 6), "call": call, "event": event})

    def _try(self, call, function, *arguments):
        try:
            return function(*arguments)
        except BlockingIOError:
            return None
        except OSError as error:
            self._write_down(call, error.errno)
            return None

    def _wait(self, events, timeout):
        poll = select.poll()
        poll.register(self.sock, events)
        return bool(poll.poll(max(0, timeout) * 1000))

    # Opening.

    def connect(self, address, port, bind=None):
        if bind:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.sock.bind(("", bind))
        number = self.sock.connect_ex((address, port))
        if number not in (0, errno.EINPROGRESS):
            self._write_down("connect", number)
        self.local, self.remote = self.sock.getsockname()[:2], (address, port)

    def finish_connect(self, timeout=5):
        """True when connected, False when refused or given up, None when neither has happened yet."""
        if not self._wait(select.POLLOUT, timeout):
            return None
        number = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            self._write_down("connect", number)
        return number == 0

    # Talking.

    def send(self, data, timeout=0.5, more=False):
        """Sends until all is in the kernel, it fails, or no room has come for `timeout` seconds.

        With `more`, the last bytes wait for what follows, as they do for a program that writes often."""
        view = memoryview(data)
        while view:
            sent = self._try("send", self.sock.send, view, socket.MSG_MORE if more else 0)
            if sent is not None:
                view = view[sent:]
            elif self.failed() or not self._wait(select.POLLOUT, timeout):
                break
        return len(data) - len(view)

    def failed(self):
        return bool(self.calls) and "errno" in self.calls[-1]

    def recv(self, timeout=5, size=65536):
        """Bytes; b"" at the end of the stream; None for an error or when nothing came."""
        if not self._wait(select.POLLIN, timeout):
            return None
        data = self._try("recv", self.sock.recv, size)
        if data == b"":
            self.happened("recv", "EOF")
        return data

    def recv_exactly(self, count, timeout=5):
        data = b""
        while len(data) < count:
            piece = self.recv(timeout, count - len(data))
            if not piece:
                break
            data += piece
        return data

    def read_to_end(self, timeout=5):
        while self.recv(timeout):
            pass

    # Closing.

    def shutdown_write(self):
        self._try("shutdown", self.sock.shutdown, socket.SHUT_WR)

    def close(self):
        self.closed = True
        self.sock.close()

    def abort(self):
        """The hard close: nothing lingers, the peer gets a reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        self.close()


class Listener:
    def __init__(self, host, address, port, backlog=16, **options):
        self.host, self.port, self.ip = host, port, 6 if ":" in address else 4
        with host.inside():
            self.sock = socket.socket(socket.AF_INET if self.ip == 4 else socket.AF_INET6)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if options.get("receive_buffer"):         # must be known before the handshake to shape the window
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, options["receive_buffer"])
        self.options = options
        self.sock.bind((address, port))
        self.sock.listen(backlog)
        self.sock.settimeout(5)

    def accept(self, timeout=5):
        self.sock.settimeout(timeout)
        sock = Sock(self.host, self.ip, self.sock.accept()[0], **self.options)
        sock.remote = sock.sock.getpeername()[:2]
        return sock

    def close(self):
        self.sock.close()
