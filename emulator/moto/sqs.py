"""SQS beside what moto has of it: messages end after the queue's retention.

moto keeps them, and a queue whose oldest message is over hands out none at all, which a clock that jumps meets at once.
"""

import time
from typing import Any


def drop_expired(queue: Any) -> None:
    """Take what is older than the retention out of moto's object of a queue."""
    oldest = (time.time() - int(queue.message_retention_period)) * 1000
    messages = queue._messages  # noqa: SLF001 - `messages` shows visible ones only
    over = next((number for number, message in enumerate(messages) if message.sent_timestamp >= oldest), len(messages))
    if over:
        queue.pending_messages.difference_update(messages[:over])
        del messages[:over]


def extend(module: Any) -> None:
    """Called by `emulator.moto.install` after moto's `sqs.models` was imported."""
    receive, attributes = module.SQSBackend.receive_message, module.SQSBackend.get_queue_attributes

    def received(self: Any, queue_name: str, *given: Any, **named: Any) -> Any:
        drop_expired(self.get_queue(queue_name))
        return receive(self, queue_name, *given, **named)

    def shown(self: Any, queue_name: str, *given: Any, **named: Any) -> Any:
        drop_expired(self.get_queue(queue_name))
        return attributes(self, queue_name, *given, **named)

    module.SQSBackend.receive_message, module.SQSBackend.get_queue_attributes = received, shown
