"""Settings: from the environment or a file `.env`, each checked before anything is opened."""

from bot.settings.loading import SettingRow, SettingsFault, describe, load_settings, settings_table
from bot.settings.values import Settings

__all__ = ["SettingRow", "Settings", "SettingsFault", "describe", "load_settings", "settings_table"]
