"""One question over TCP, through dnspython: for answers that were cut to fit a datagram (RFC 7766)."""

import secrets

from sovscan.net.dns_codec import Message, Question
from sovscan.net.dns_names import MalformedError
from sovscan.net.dns_server import Server


async def ask_over_tcp(question: Question, server: Server, seconds: float, *, edns: bool = True) -> Message | None:
    """The response over TCP, or None when the exchange fails in any way before a whole message has come.

    Raises MalformedError when a message comes and is unsound. ``seconds`` bounds the whole exchange.
    """
    import asyncio

    import dns.asyncquery
    import dns.exception
    import dns.message

    from sovscan.net.dns_rare import message_of

    query = dns.message.from_wire(question.packet(secrets.randbits(16), edns=edns))
    try:
        async with asyncio.timeout(seconds):
            response = await dns.asyncquery.tcp(query, server.address, port=server.port)
    except (dns.exception.FormError, ValueError, LookupError) as error:
        raise MalformedError(f"refused by dnspython: {type(error).__name__}") from error
    except (dns.exception.DNSException, OSError, EOFError):
        return None
    return message_of(response)
