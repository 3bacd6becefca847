"""Lets tests turn X's self-serve rules off for a while in the sandbox X they share."""

from contextlib import contextmanager


@contextmanager
def enterprise(x_server):
    """Give apps Enterprise rights: likes, follows, quotes, replies to anybody."""
    x_server.control("POST", "/rules", json={"self_serve": False})
    try:
        yield
    finally:
        x_server.control("POST", "/rules", json={"self_serve": True})
