"""What a verification found, as data and as sentences."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

from guatu.register.recording import Json

MAX_FAULTS = 100


@dataclass(frozen=True)
class Fault:
    """One thing wrong, and where: the link and event it shows in, the row it is about.

    ``kind``: payload columns link deleted withdrawal head truncated rewritten events versions row
    source file.
    """

    kind: str
    message: str
    seq: int | None = None
    event: int | None = None
    public_id: str | None = None
    model: str | None = None
    row: int | None = None


@dataclass
class Verification:
    """Result of ``guatu audit verify``; ``faults`` stand in the order of the log, rows last.

    ``complete`` is False when only the newest links were checked. ``sources`` counts rows of
    papers and workbooks proved by their marks, ``unmarked`` those read before marks were kept;
    ``unread_files`` counts stored files that could not be compared, as their folder is not there.
    """

    events: int = 0
    sealed: int = 0
    unsealed: int = 0
    withdrawn: int = 0
    rows: int = 0
    sources: int = 0
    unmarked: int = 0
    files: int = 0
    unread_files: int = 0
    complete: bool = True
    head: dict[str, Json] | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.faults

    @property
    def full(self) -> bool:
        """Tell whether enough is wrong to stop looking."""
        return len(self.faults) >= MAX_FAULTS

    def as_json(self) -> dict[str, Json]:
        """Return everything as one JSON document."""
        return {"intact": self.intact, **asdict(self)}

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield "事件链完整。" if self.intact else "事件链或数据已被改动！"
        scope = "" if self.complete else "（仅核对最近部分）"
        yield (
            f"{scope}已封存事件 {self.sealed} 条，待封存 {self.unsealed} 条，"
            f"内容已依规撤回 {self.withdrawn} 条，逐行重放核对 {self.rows} 行。"
        )
        if self.complete:
            yield (
                f"原文与台账来源核对 {self.sources} 行，另有 {self.unmarked} 行读入时未留封存值；"
                f"存放的文件核对 {self.files} 个，因文件夹不在而未核对 {self.unread_files} 个。"
            )
        if self.head:
            yield f"链头 {self.head['day']}，第 {self.head['seq']} 条，{self.head['chain']}"
        for fault in self.faults:
            yield f"× {fault.message}"
        if self.full:
            yield f"问题超过 {MAX_FAULTS} 处，其余未列。"
