"""The Bot API methods, as strict as the real ones (limits: platforms.md section 9)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.servers.telegram.checks import (
    Refused,
    caption_of,
    document_of,
    keyboard_of,
    photo_of,
    reactions_of,
    silence_of,
    text_of,
)
from tests.servers.telegram.state import BOT_NAME, BOT_USER, Chat, Message, utf16

if TYPE_CHECKING:
    from tests.servers.telegram.server import TelegramServer

QUERY_LIVES = 15.0  # seconds
LARGEST_DOWNLOAD = 20_000_000  # bytes
_SCOPES = (
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
)  # fmt: skip
DELETABLE = 48 * 3600  # seconds after which a bot takes no message of its own away any more


def get_me(server: TelegramServer, p: dict[str, Any]) -> Any:
    return BOT_USER | {
        "can_join_groups": True,
        "can_read_all_group_messages": not server.privacy,
        "supports_inline_queries": False,
    }


def send_message(server: TelegramServer, p: dict[str, Any]) -> Any:
    chat = _writable(server, p)
    text, entities = text_of(p)
    thread = _thread(chat, p)
    answered = _answered(chat, p.get("reply_parameters") or {})
    server.spend(chat)
    message = server.new_message(chat, None, text, entities, thread=thread, reply_to=answered)
    message.keyboard, message.silent = keyboard_of(p), silence_of(p)
    return message.as_json()


def send_document(server: TelegramServer, p: dict[str, Any]) -> Any:
    chat, document = _writable(server, p), document_of(p, "document", server.sent)
    known = server.keep(document.content)
    server.sent[known["file_id"]] = document
    shown = {**known, "file_name": document.name, "mime_type": document.mime}
    return _enclosed(server, chat, p, {"document": shown})


def send_photo(server: TelegramServer, p: dict[str, Any]) -> Any:
    chat, (photo, wide, high) = _writable(server, p), photo_of(p, server.sent)
    if not chat.pictures:
        raise Refused(400, "not enough rights to send photos to the chat")
    known = server.keep(photo.content)
    server.sent[known["file_id"]] = photo
    return _enclosed(server, chat, p, {"photo": [{**known, "width": wide, "height": high}]})


def edit_message_text(server: TelegramServer, p: dict[str, Any]) -> Any:
    message = _editable(server, p)
    if message.enclosed:
        raise Refused(400, "there is no text in the message to edit")
    text, entities = text_of(p)
    return _change(server, message, text, entities, keyboard_of(p))


def edit_message_caption(server: TelegramServer, p: dict[str, Any]) -> Any:
    message = _editable(server, p)
    if not message.enclosed:
        raise Refused(400, "there is no caption in the message to edit")
    text, entities = caption_of(p)
    return _change(server, message, text, entities, keyboard_of(p))


def edit_message_reply_markup(server: TelegramServer, p: dict[str, Any]) -> Any:
    message = _editable(server, p)
    return _change(server, message, message.text, message.entities, keyboard_of(p))


def delete_message(server: TelegramServer, p: dict[str, Any]) -> Any:
    message = _writable(server, p).messages.get(int(p["message_id"]))
    if message is None or message.deleted:
        raise Refused(400, "message to delete not found")
    if message.date < server.now() - DELETABLE:
        raise Refused(400, "message can't be deleted")
    if not message.editable or not (message.from_bot or message.chat.bot == "administrator"):
        raise Refused(400, "message can't be deleted")
    message.deleted = True
    return True


def set_message_reaction(server: TelegramServer, p: dict[str, Any]) -> Any:
    chat, wanted = _writable(server, p), reactions_of(p)
    message = chat.messages.get(int(p.get("message_id") or 0))
    if message is None or message.deleted:
        raise Refused(400, "message to react not found")
    if message.service or not (chat.reactions is None or set(wanted) <= chat.reactions):
        raise Refused(400, "REACTION_INVALID")
    server.spend(chat)
    message.reactions = wanted
    return True


def answer_callback_query(server: TelegramServer, p: dict[str, Any]) -> Any:
    query = server.queries.get(str(p.get("callback_query_id")))
    if query is None or query.answered or server.now() - query.at > QUERY_LIVES:
        raise Refused(400, "query is too old and response timeout expired or query ID is invalid")
    words = p.get("text") or ""
    if utf16(words) > 200:
        raise Refused(400, "MESSAGE_TOO_LONG")
    url = p.get("url") or ""
    if url and not url.startswith(f"https://t.me/{BOT_NAME}?start="):  # others are for games only
        raise Refused(400, "URL_INVALID")
    query.answered, query.opened = True, url
    if words and p.get("show_alert"):
        query.alert = words
    elif words:
        query.toast = words
    return True


def set_my_commands(server: TelegramServer, p: dict[str, Any]) -> Any:
    commands = p.get("commands") or []
    if len(commands) > 100:
        raise Refused(400, "too many commands specified")
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            raise Refused(400, "BOT_COMMAND_INVALID")
        if not 1 <= utf16(one["description"]) <= 256:
            raise Refused(400, "BOT_COMMAND_DESCRIPTION_INVALID")
    server.menus[_menu_key(p)] = [dict(one) for one in commands]
    return True


def get_my_commands(server: TelegramServer, p: dict[str, Any]) -> Any:
    return server.menus.get(_menu_key(p), [])


def delete_my_commands(server: TelegramServer, p: dict[str, Any]) -> Any:
    server.menus.pop(_menu_key(p), None)
    return True


def set_my_description(server: TelegramServer, p: dict[str, Any]) -> Any:
    return _tell_about(server, p, "description", 512)


def get_my_description(server: TelegramServer, p: dict[str, Any]) -> Any:
    return {"description": server.about.get(("description", p.get("language_code") or ""), "")}


def set_my_short_description(server: TelegramServer, p: dict[str, Any]) -> Any:
    return _tell_about(server, p, "short_description", 120)


def get_my_short_description(server: TelegramServer, p: dict[str, Any]) -> Any:
    return {"short_description": server.about.get(("short_description", p.get("language_code") or ""), "")}


def _tell_about(server: TelegramServer, p: dict[str, Any], field: str, most: int) -> Any:
    words = str(p.get(field) or "")
    if utf16(words) > most:
        raise Refused(400, f"{field.replace('_', ' ')} is too long")
    server.about[field, _language(p)] = words
    return True


def set_webhook(server: TelegramServer, p: dict[str, Any]) -> Any:
    url = str(p.get("url") or "")
    if url and not re.match(r"https?://", url):
        raise Refused(400, "bad webhook: An HTTPS URL must be provided for webhook")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", p.get("secret_token") or ""):
        raise Refused(400, "secret token contains unallowed characters")
    server.hook_to(url, p.get("secret_token") or "")
    server.allow(p)
    return True


def delete_webhook(server: TelegramServer, p: dict[str, Any]) -> Any:
    server.hook_to("", "")
    return True


def get_webhook_info(server: TelegramServer, p: dict[str, Any]) -> Any:
    info: dict[str, Any] = {
        "url": server.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(server.updates),
    }
    if server.webhook_trouble:
        info |= {"last_error_date": int(server.now()), "last_error_message": server.webhook_trouble}
    return info


def get_file(server: TelegramServer, p: dict[str, Any]) -> Any:
    if p.get("file_id") not in server.files:
        raise Refused(400, "wrong file_id or the file is temporarily unavailable")
    content = server.files[p["file_id"]]
    if len(content) > LARGEST_DOWNLOAD:
        raise Refused(400, "file is too big")
    return {
        "file_id": p["file_id"],
        "file_unique_id": f"u{p['file_id']}",
        "file_size": len(content),
        "file_path": f"files/{p['file_id']}",
    }


def send_chat_action(server: TelegramServer, p: dict[str, Any]) -> Any:
    _writable(server, p)
    return True


def get_chat(server: TelegramServer, p: dict[str, Any]) -> Any:
    return _chat(server, p).as_json() | {"accent_color_id": 0, "max_reaction_count": 11}


METHODS = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "setMessageReaction": set_message_reaction,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": set_my_description,
    "getMyDescription": get_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyShortDescription": get_my_short_description,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getFile": get_file,
    "sendChatAction": send_chat_action,
    "getChat": get_chat,
}


def _chat(server: TelegramServer, p: dict[str, Any]) -> Chat:
    chat = server.chats.get(int(p.get("chat_id") or 0))
    if chat is None:
        raise Refused(400, "chat not found")
    return chat


def _writable(server: TelegramServer, p: dict[str, Any]) -> Chat:
    chat = _chat(server, p)
    if chat.migrated_to:
        says = "group chat was upgraded to a supergroup chat"
        raise Refused(400, says, migrate_to_chat_id=chat.migrated_to)
    where = chat.kind if chat.kind in ("supergroup", "channel") else "group"
    if chat.bot == "kicked":
        raise Refused(403, f"bot was kicked from the {where} chat")
    if chat.bot == "left":
        raise Refused(403, f"bot is not a member of the {where} chat")
    if chat.bot == "restricted":
        raise Refused(400, "not enough rights to send text messages to the chat")
    if chat.person and chat.person.deactivated:
        raise Refused(403, "user is deactivated")
    if chat.person and chat.person.blocked:
        raise Refused(403, "bot was blocked by the user")
    if chat.person and not chat.person.started:
        raise Refused(403, "bot can't initiate conversation with a user")
    return chat


def _enclosed(server: TelegramServer, chat: Chat, p: dict[str, Any], enclosed: dict[str, Any]) -> Any:
    """A picture or file as a message, with what is said under it."""
    text, entities = caption_of(p)
    thread, keyboard = _thread(chat, p), keyboard_of(p)
    answered = _answered(chat, p.get("reply_parameters") or {})
    server.spend(chat)
    message = server.new_message(
        chat, None, text, entities, thread=thread, reply_to=answered, enclosed=enclosed
    )
    message.keyboard, message.silent = keyboard, silence_of(p)
    return message.as_json()


def _editable(server: TelegramServer, p: dict[str, Any]) -> Message:
    message = _writable(server, p).messages.get(int(p.get("message_id") or 0))
    if message is None or message.deleted:
        raise Refused(400, "message to edit not found")
    if not message.from_bot or not message.editable:
        raise Refused(400, "message can't be edited")
    return message


def _change(
    server: TelegramServer,
    message: Message,
    text: str,
    entities: list[dict[str, Any]],
    keyboard: list[list[dict[str, Any]]],
) -> Any:
    if (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise Refused(
            400,
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message",
        )
    server.spend(message.chat)
    message.text, message.entities, message.keyboard = text, entities, keyboard
    message.version += 1
    return message.as_json()


def _thread(chat: Chat, p: dict[str, Any]) -> int:
    thread = int(p.get("message_thread_id") or 0)
    if thread and thread not in chat.topics:
        raise Refused(400, "message thread not found")
    if thread in chat.closed and chat.bot != "administrator":
        raise Refused(400, "TOPIC_CLOSED")
    return thread


def _answered(chat: Chat, reply: dict[str, Any]) -> Message | None:
    if not reply:
        return None
    answered = chat.messages.get(int(reply["message_id"]))
    if (answered is None or answered.deleted) and not reply.get("allow_sending_without_reply"):
        raise Refused(400, "message to be replied not found")
    return answered


def _menu_key(p: dict[str, Any]) -> tuple[str, str]:
    scope = p.get("scope") or {"type": "default"}
    if scope["type"] not in _SCOPES:
        raise Refused(400, "can't parse BotCommandScope: unsupported type")
    return ":".join(str(part) for part in scope.values()), _language(p)


def _language(p: dict[str, Any]) -> str:
    language = str(p.get("language_code") or "")
    if not re.fullmatch(r"(?:[a-z]{2})?", language):
        raise Refused(400, "invalid language code specified")
    return language
