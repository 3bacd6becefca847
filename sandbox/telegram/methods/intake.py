"""getUpdates, webhooks, logOut and close: how a bot wants its updates."""

from typing import Any

from sandbox.telegram.methods.call import Call


async def get_updates(call: Call) -> list[dict[str, Any]]:
    """Answer getUpdates."""
    return await call.world.polls.poll(call.bot, call.params)


async def set_webhook(call: Call) -> bool:
    """Answer setWebhook."""
    call.world.webhooks.set(call.bot, call.params)
    return True


async def delete_webhook(call: Call) -> bool:
    """Answer deleteWebhook."""
    call.world.webhooks.delete(call.bot, drop_pending=call.params.get("drop_pending_updates", False))
    return True


async def get_webhook_info(call: Call) -> dict[str, Any]:
    """Answer getWebhookInfo."""
    return call.world.webhooks.info(call.bot)


async def nothing_to_do(_call: Call) -> bool:
    """LogOut and close move a bot between servers; there is one."""
    return True
