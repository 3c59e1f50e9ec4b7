"""What another emulator calls what was recorded: ids learned by comparing answers, and times shifted.

An id is a word (letters, digits, `-` and `_`) of an answer that stands in the same place as another word of the
recorded answer. Everything is translated word by word, so an ARN, a policy or a list of ids needs no rule of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

# What is percent-encoded in an address ends a word, too: `%3Aabc` is `:abc`.
_WORD = re.compile(r"%[0-9A-Fa-f]{2}|[A-Za-z0-9_-]+")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_SHORTEST_ID = 5
_FIRST_MOMENT = 1.7e9
"""Numbers from here on are times, in seconds or milliseconds."""
_OF_ONE_ANSWER = frozenset({"ResponseMetadata", "RequestId", "requestId"})


class OtherAnswer(ValueError):
    """An answer is not what was recorded; the sentence says where they differ."""


@dataclass
class Translation:
    """From the recorded world to the replayed one."""

    recorded_at: datetime
    shift: timedelta = timedelta(0)
    words: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    """Texts that are replaced as they stand: the emulator's address, the folder of the states."""

    def text(self, text: str) -> str:
        for recorded, replayed in self.addresses.items():
            text = text.replace(recorded, replayed)
        parts, end = [], 0
        for moment in _TIME.finditer(text):
            parts += [self._words(text[end : moment.start()]), self._moment(moment[0])]
            end = moment.end()
        return "".join([*parts, self._words(text[end:])])

    def data(self, data: Any) -> Any:
        """Every text of a document, names of members included."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, dict):
            return {self.text(key): self.data(value) for key, value in data.items()}
        return [self.data(each) for each in data] if isinstance(data, list) else data

    def learn(self, recorded: Any, replayed: Any, where: str = "") -> None:
        """Compare two answers; a member that is missing, of another kind or of another text is refused."""
        if isinstance(recorded, dict) and isinstance(replayed, dict):
            for key in without_request_ids(recorded):
                if self.text(key) not in replayed:
                    raise OtherAnswer(f"it has no `{key}` in `{where}`")
                self.learn(recorded[key], replayed[self.text(key)], f"{where}.{key}")
        elif isinstance(recorded, list) and isinstance(replayed, list):
            if len(recorded) != len(replayed):
                raise OtherAnswer(f"it has {len(replayed)} instead of {len(recorded)} in `{where}`")
            for old, new in zip(recorded, replayed, strict=True):
                self.learn(old, new, where)
        elif isinstance(recorded, str) and isinstance(replayed, str):
            self._learn_text(recorded, replayed, where)
        elif not (_are_moments(recorded, replayed) or (type(recorded) is type(replayed) and recorded == replayed)):
            raise OtherAnswer(f"`{where}` is {replayed!r} instead of {recorded!r}")

    def _learn_text(self, recorded: str, replayed: str, where: str) -> None:
        for old, new in self.addresses.items():
            recorded = recorded.replace(old, new)
        old_text, new_text = _TIME.sub("<time>", recorded), _TIME.sub("<time>", replayed)
        old_words, new_words = _WORD.findall(old_text), _WORD.findall(new_text)
        if _WORD.sub("", old_text) != _WORD.sub("", new_text) or len(old_words) != len(new_words):
            raise OtherAnswer(f"`{where}` is `{replayed}` instead of `{recorded}`")
        for old, new in zip(old_words, new_words, strict=True):
            known = self.words.get(old, new)
            if known != new or (old != new and min(len(old), len(new)) < _SHORTEST_ID):
                raise OtherAnswer(f"`{where}` is `{replayed}`, where `{self.text(recorded)}` was expected")
            # Words that stayed the same are kept as well: they must go on to do so.
            self.words[old] = new

    def _words(self, text: str) -> str:
        return _WORD.sub(lambda word: self.words.get(word[0], word[0]), text)

    def _moment(self, text: str) -> str:
        moment = datetime.fromisoformat(text)
        if moment < self.recorded_at - timedelta(hours=1):
            return text
        shifted = (moment + self.shift).astimezone(UTC)
        # As the engine writes them, which says nothing of zeros at the end: or else each would look as if it had moved.
        fraction = f".{shifted.microsecond:06}".rstrip(".0")
        return f"{shifted:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def words_of(data: Any) -> set[str]:
    """The words of a document that may be ids: those with a digit, long enough."""
    if isinstance(data, dict):
        return set().union(*(words_of(key) | words_of(value) for key, value in data.items()))
    if isinstance(data, list):
        return set().union(*(words_of(each) for each in data))
    text = _TIME.sub(" ", str(data))
    return {word for word in _WORD.findall(text) if len(word) >= _SHORTEST_ID and any(map(str.isdigit, word))}


def document(answer: Any) -> Any:
    """An answer as nested data: XML gets a list for each name, JSON stays what it is."""
    if not isinstance(answer, str) or not answer.lstrip().startswith("<"):
        return answer
    return _element(ElementTree.fromstring(answer))  # noqa: S314 - the emulator wrote it


def without_request_ids(answer: Any) -> Any:
    """An answer without what names this one answer only."""
    if not isinstance(answer, dict):
        return answer
    return {key: value for key, value in answer.items() if key not in _OF_ONE_ANSWER}


def _element(element: ElementTree.Element) -> Any:
    if len(element) == 0:
        return (element.text or "").strip()
    members: dict[str, list[Any]] = {}
    for child in element:
        members.setdefault(child.tag.rpartition("}")[2], []).append(_element(child))
    return members


def _are_moments(recorded: Any, replayed: Any) -> bool:
    numbers = isinstance(recorded, (int, float)) and isinstance(replayed, (int, float))
    return numbers and min(recorded, replayed) >= _FIRST_MOMENT
