"""Puts sources, models and code together, and says everything that does not fit."""

from collections.abc import Iterator

from tools.fidelity import answered, evidence
from tools.fidelity.render import Chapter, document
from tools.fidelity.sources import ALL, FOLDER, ROOT, FidelityError, Source, read

DOCUMENT = FOLDER.parent / "FIDELITY.md"
# Ours, or extended by us, operation by operation: here everything that is answered has to be listed.
OURS = ("mpa", "backup", "ram", "organizations")


def compose() -> str:
    """The text of FIDELITY.md; FidelityError with every problem when sources, code and tests do not fit."""
    sources = {source.name: source for source in read()}
    everything = sources.pop(ALL, None)
    if everything is None:
        raise FidelityError(f"There is no {ALL}.toml in {FOLDER.relative_to(ROOT)}.")
    methods = {name: answered.method_names(name) for name in sources}
    shown, called = evidence.shown(methods), evidence.called(methods)
    problems: list[str] = []
    chapters = []
    for source in sources.values():
        used = {operation: files for (service, operation), files in called.items() if service == source.name}
        chapter = Chapter(source, _listed(source, used), answered.operations(source.name))
        problems += [*_unfit(chapter), *_not_answered(chapter, used), *unshown(chapter, shown)]
        chapters.append(chapter)
    if problems:
        raise FidelityError("\n".join(problems))
    return document(everything, chapters, shown)


def _listed(source: Source, used: dict[str, list[str]]) -> dict[str, str]:
    """What is written, and of services that are moto's also what our programs call."""
    called = dict.fromkeys(used, "as_moto") if source.scope == "called" else {}
    return {**called, **source.operations}


def _unfit(chapter: Chapter) -> Iterator[str]:
    source, ours = chapter.source, chapter.source.scope == "model"
    answers = answered.answered(source.name)
    for name in sorted(source.operations.keys() - chapter.operations):
        yield f"{source.name}.toml lists {name}, which AWS's model of the service does not have."
    for name in sorted(source.operations.keys() & chapter.operations - answers):
        yield f"{source.name}.toml lists {name}, for which there is no code. Take the line out: it is not modelled."
    for name in sorted(answers - source.operations.keys() if ours else ()):
        yield f"{source.name}.toml has no line for {name}, which the code answers. Write its basis there."


def _not_answered(chapter: Chapter, used: dict[str, list[str]]) -> Iterator[str]:
    for name in sorted(used.keys() - answered.answered(chapter.source.name)):
        yield f"{chapter.source.name}:{name} is not modelled, but {', '.join(used[name])} calls it."


def unshown(chapter: Chapter, shown: evidence.Shown) -> Iterator[str]:
    """Operations that are said to be documented, and that no test calls."""
    for name, basis in sorted(chapter.source.operations.items()):
        if basis == "documented" and not shown.get((chapter.source.name, name)):
            yield f"{chapter.source.name}:{name} is said to be documented, but no test calls it. Write the test."
