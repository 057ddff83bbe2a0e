"""Backups: everything in one file that either kind of database takes back (docs/running.md).

The file is a ZIP: `manifest.json`, and `tables/<name>.jsonl` with one JSON object a row. Moments are ISO in
UTC, bytes base64. It is as secret as the database.
"""

from storage.backup.archive import Archive, BackupFault, Damaged, Manifest, TableFacts
from storage.backup.restoring import NewerArchive, NotEmpty, Restored, restore
from storage.backup.taking import NothingThere, back_up

__all__ = [
    "Archive", "BackupFault", "Damaged", "Manifest", "NewerArchive", "NotEmpty", "NothingThere", "Restored",
    "TableFacts", "back_up", "restore",
]  # fmt: skip
