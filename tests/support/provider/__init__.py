"""A SIP provider for tests and the demo: scripted, with the habits of real ones. It shares no line with the product."""
from .call import Call  # noqa: F401
from .habits import SILENCE, Habits, Rule  # noqa: F401
from .provider import Provider  # noqa: F401
