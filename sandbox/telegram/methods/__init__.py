"""The Bot API methods the sandbox serves: name -> the function that answers it.

That a call's parameters exist and have their types is checked before, from methods.json.
"""

from sandbox.telegram.methods import (
    callbacks,
    chats,
    deleting,
    editing,
    inline,
    intake,
    media,
    profile,
    sending,
)
from sandbox.telegram.methods.call import Call, Handler

METHODS: dict[str, Handler] = {
    "getMe": profile.get_me,
    "getUpdates": intake.get_updates,
    "setWebhook": intake.set_webhook,
    "deleteWebhook": intake.delete_webhook,
    "getWebhookInfo": intake.get_webhook_info,
    "logOut": intake.nothing_to_do,
    "close": intake.nothing_to_do,
    "sendMessage": sending.send_message,
    "sendChatAction": sending.send_chat_action,
    "forwardMessage": sending.forward_message,
    "copyMessage": sending.copy_message,
    "sendPhoto": media.sender("photo"),
    "sendDocument": media.sender("document"),
    "sendAnimation": media.sender("animation"),
    "sendVideo": media.sender("video"),
    "sendMediaGroup": media.send_media_group,
    "getFile": media.get_file,
    "editMessageText": editing.edit_text,
    "editMessageCaption": editing.edit_caption,
    "editMessageReplyMarkup": editing.edit_markup,
    "editMessageMedia": editing.edit_media,
    "deleteMessage": deleting.delete_message,
    "deleteMessages": deleting.delete_messages,
    "answerCallbackQuery": callbacks.answer_callback_query,
    "answerInlineQuery": inline.answer_inline_query,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.setter("name"),
    "getMyName": profile.getter("name"),
    "setMyDescription": profile.setter("description"),
    "getMyDescription": profile.getter("description"),
    "setMyShortDescription": profile.setter("short_description"),
    "getMyShortDescription": profile.getter("short_description"),
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "getChat": chats.get_chat,
    "getChatMember": chats.get_chat_member,
    "getChatAdministrators": chats.get_chat_administrators,
    "getChatMemberCount": chats.get_chat_member_count,
    "leaveChat": chats.leave_chat,
    "setMessageReaction": chats.set_message_reaction,
    "pinChatMessage": chats.pin_chat_message,
    "unpinChatMessage": chats.unpin_chat_message,
}

__all__ = ["METHODS", "Call", "Handler"]
