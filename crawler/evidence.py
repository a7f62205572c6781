"""Evidence: every stored response as a WARC record, written and on disk before its posts are committed."""

import hashlib
import os
from datetime import datetime
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from core.records import EvidenceRef

# Scrapy hands out the payload with these encodings removed, so the record must not claim them.
REMOVED_HEADERS = {"content-encoding", "transfer-encoding", "content-length"}


class EvidenceWriter:
    """Appends responses to one WARC file of its own, opened with the first; a killed process leaves it readable."""

    def __init__(self, folder: Path, source: str) -> None:
        self.folder, self.source = folder, source
        self._file: BytesIO | None = None
        self._name = ""

    def write(
        self, url: str, status: int, headers: list[tuple[str, str]], body: bytes, fetched_at: datetime
    ) -> EvidenceRef:
        """One response record, flushed to disk; returns where it stands."""
        if self._file is None:
            self._open(fetched_at)
        assert self._file is not None
        offset = self._file.tell()
        writer = WARCWriter(self._file, gzip=True)
        kept = [(name, value) for name, value in headers if name.lower() not in REMOVED_HEADERS]
        record = writer.create_warc_record(
            url,
            "response",
            payload=BytesIO(body),
            length=len(body),
            http_headers=StatusAndHeaders(f"{status} -", kept, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": fetched_at.strftime("%Y-%m-%dT%H:%M:%SZ")},
        )
        writer.write_record(record)
        self._file.flush()
        os.fsync(self._file.fileno())
        return EvidenceRef(file=self._name, offset=offset, sha256=hashlib.sha256(body).hexdigest())

    def close(self) -> None:
        """Closes the file, if one was begun."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self, moment: datetime) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        number = 0
        while True:  # never into an existing file: its last member may have been cut off by a kill
            self._name = f"{self.source}-{moment:%Y%m%dT%H%M%S}-{number}.warc.gz"
            try:
                self._file = (self.folder / self._name).open("xb")  # type: ignore[assignment]
            except FileExistsError:
                number += 1
            else:
                return
