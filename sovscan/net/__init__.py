"""The only room that talks to the network: DNS, HTTP, TLS, RDAP and the local address table."""
