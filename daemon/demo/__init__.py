"""A short working day on loopback: real servers, the real daemon, and a reckoning at the end."""
