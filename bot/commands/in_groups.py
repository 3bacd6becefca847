"""What may be asked for in a group: which commands and buttons, and what each needs there. Pure.

What stands in neither table works in private chats only.
"""

from tasks.permissions import Action
from tasks.policy import Asked

#: What each command asks for; nothing: it needs nothing but being there.
COMMANDS: dict[str, frozenset[Asked]] = {
    "tweet": frozenset({Asked.POST}),
    "thread": frozenset({Asked.POST}),
    "quote": frozenset({Asked.POST}),
    "reply": frozenset({Asked.REPLY}),
    "dm": frozenset({Asked.MESSAGE}),
    # Of what is planned, the words behind the time tell what it is: looked at with the draft.
    "schedule": frozenset({Asked.SCHEDULE}),
    "next": frozenset({Asked.SCHEDULE}),
    "retweet": frozenset({Asked.REPOST}),
    "unretweet": frozenset({Asked.REPOST}),
    "like": frozenset({Asked.REPOST}),
    "unlike": frozenset({Asked.REPOST}),
    "follow": frozenset({Asked.REPOST}),
    "unfollow": frozenset({Asked.REPOST}),
    "get": frozenset({Asked.READ}),
    "timeline": frozenset({Asked.READ}),
    "mentions": frozenset({Asked.READ}),
    "search": frozenset({Asked.READ}),
    "following": frozenset({Asked.READ}),
    "followers": frozenset({Asked.READ}),
    "messages": frozenset({Asked.MESSAGE}),
    "delete": frozenset(),
    "queue": frozenset(),
    "drafts": frozenset(),
    "cancel": frozenset(),
}

_EDIT = (
    *("show", "post", "edit", "revive", "accounts", "adopt", "as", "alt", "first"),
    *("nofiles", "t_split", "t_part", "t_up", "t_down", "t_out", "t_edit", "t_add", "t_num"),
    *("x_options", "x_reply", "x_paid", "x_ai", "p_open", "p_first", "p_none", "p_option"),
    *("l_drop", "l_undo", "l_choose", "l_set", "handoff", "later", "when", "plan"),
    *("p_edit", "p_now", "retry", "there", "again"),
)
_READ = (
    *("look_page", "look_back", "look_again", "look_go", "look_open", "look_filters", "look_filter"),
    *("look_who", "look_as", "look_csv", "look_json", "h_look"),
)

#: What a press needs towards the task under whose card the button stands.
BUTTONS: dict[str, Action] = {
    **dict.fromkeys(_EDIT, Action.EDIT_DRAFT),
    **dict.fromkeys(("drop", "p_del", "p_del2"), Action.CANCEL_DRAFT),
    **dict.fromkeys(("delete", "delete2", "d_remove", "d_remove2", "d_keep"), Action.ASK_DELETE),
    **dict.fromkeys(("d_repost", "d_like", "d_back"), Action.ASK_REPOST),
    **dict.fromkeys(_READ, Action.ASK_READ),
    "a_yes": Action.APPROVE,
    "a_no": Action.REJECT,
    "a_edit": Action.EDIT_DRAFT,
    "a_drop": Action.CANCEL_DRAFT,
    "d_reply": Action.ASK_REPLY,
    "d_quote": Action.ASK_POST,
    "q_open": Action.SEE_CARD,
}
#: Buttons of no task that stand for a command.
ASKING_BUTTONS = {
    **{name: COMMANDS[name] for name in ("tweet", "queue", "drafts")},
    "d_erase": COMMANDS["drafts"],
}
#: Buttons that change what is the presser's own.
PLAIN_BUTTONS = frozenset({"zone", "zone_in", "zone_ask", "slots"})
