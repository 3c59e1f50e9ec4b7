"""What can go wrong while the engine is looked for or built."""


class EngineError(Exception):
    """There is no engine and none could be made; the message says what to do."""
