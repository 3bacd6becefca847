"""What a message holds, in our own values: its text, files, poll, place, what was picked."""

from itertools import groupby

import telegram

from bot.turn import Attachment, MediaKind, Message, PickedChat, PickedPeople, PickedPerson, Poll


def content_of(message: telegram.Message, text: str, *, bot_username: str = "") -> Message:
    """Read a message; `text` is what of its words counts."""
    replied = _replied(message)
    sender = message.from_user.username if message.from_user else None
    return Message(
        id=message.message_id,
        text=text,
        attachments=_attachments(message),
        album_id=message.media_group_id,
        reply_to=_content_replied_to(message, replied, bot_username) if replied else None,
        protected=bool(message.has_protected_content),
        forwarded=message.forward_origin is not None,
        poll=_poll(message.poll) if message.poll else None,
        picked=_picked(message),
        location=(message.location.latitude, message.location.longitude) if message.location else None,
        ours=bool(sender) and (sender or "").lower() == bot_username.lower(),
        author=_author(message),
    )


def _author(message: telegram.Message) -> PickedPerson | None:
    user = message.from_user
    if user is None or user.is_bot or message.sender_chat is not None:
        return None
    return PickedPerson(user.id, user.first_name, user.username)


def _content_replied_to(message: telegram.Message, replied: telegram.Message, bot_username: str) -> Message:
    return content_of(replied, _quoted(message) or plain_text(replied), bot_username=bot_username)


def _replied(message: telegram.Message) -> telegram.Message | None:
    """Find what somebody replied to. What is said in a topic is no reply to what made the topic."""
    replied = message.reply_to_message
    return None if replied is not None and replied.forum_topic_created is not None else replied


def _picked(message: telegram.Message) -> PickedChat | PickedPeople | None:
    if chat := message.chat_shared:
        return PickedChat(chat.request_id, chat.chat_id, chat.title)
    if shared := message.users_shared:
        people = tuple(PickedPerson(user.user_id, user.first_name, user.username) for user in shared.users)
        return PickedPeople(shared.request_id, people)
    return None


def _poll(poll: telegram.Poll) -> Poll:
    return Poll(
        question=poll.question,
        options=tuple(option.text for option in poll.options),
        # As Telegram sent it, see `_attachment`.
        open_period_s=poll.to_dict().get("open_period"),
        is_quiz=poll.type == telegram.constants.PollType.QUIZ,
        multiple=poll.allows_multiple_answers,
    )


def _quoted(message: telegram.Message) -> str:
    """Give the part of the replied-to message that the person picked by hand, or nothing."""
    quote = message.quote
    return quote.text if quote and quote.is_manual else ""


def _attachments(message: telegram.Message) -> tuple[Attachment, ...]:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return (_attachment("photo", largest, mime="image/jpeg"),)
    if message.animation:
        return (_attachment("gif", message.animation),)
    if message.video:
        return (_attachment("video", message.video),)
    if message.document:
        return (_attachment(_document_kind(message.document.mime_type), message.document),)
    other = message.sticker or message.voice or message.video_note or message.audio
    return (_attachment("other", other),) if other else ()


def _document_kind(mime: str | None) -> MediaKind:
    """Say what a file is: a photo sent "as file" is still a photo. What it really is shows when fetched."""
    if mime == "image/gif":
        return "gif"
    if mime in {"image/jpeg", "image/png", "image/webp"}:
        return "photo"
    return "video" if mime in {"video/mp4", "video/quicktime"} else "other"


_File = (
    telegram.PhotoSize
    | telegram.Animation
    | telegram.Video
    | telegram.Document
    | telegram.Sticker
    | telegram.Voice
    | telegram.VideoNote
    | telegram.Audio
)


def _attachment(kind: MediaKind, file: _File, mime: str | None = None) -> Attachment:
    # As Telegram sent it: the attribute `duration` is about to change its type and warns of it.
    raw = file.to_dict()
    return Attachment(
        kind=kind,
        file_id=file.file_id,
        file_unique_id=file.file_unique_id,
        mime=mime or raw.get("mime_type"),
        size=file.file_size,
        duration_s=raw.get("duration"),
    )


def plain_text(message: telegram.Message) -> str:
    """Give text or caption, with the targets of hidden links put behind their words so that none is lost."""
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities or ()
    hidden = [e for e in entities if e.type == "text_link" and e.url and e.url not in text]
    units = text.encode("utf-16-le", "surrogatepass")
    by_end = sorted(hidden, key=lambda e: e.offset + e.length, reverse=True)
    for end, links in groupby(by_end, key=lambda e: (e.offset + e.length) * 2):
        targets = "".join(f" {link.url}" for link in links)
        units = units[:end] + targets.encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "replace")
