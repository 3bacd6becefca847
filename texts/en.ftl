### Every sentence the bot says in English; the other languages have the same keys with the same facts.
###
### For translators: a key is `area-event`. Facts ({ $name }) may stand anywhere in the sentence, or be used
### in a choice. Tags (<b>, <i>, <code>, <a href="...">) are Telegram's HTML and stay; write &lt; &gt; &amp; for
### < > &. Buttons, toasts and commands are plain text without tags. A fact that is a moment, a length of
### time or a price is written as your language writes it: { $at }; or in part: { CLOCK($at) }, { DAY($at) }.
### { MONEY($dollars) }, { DURATION($seconds) } and { PLAIN($year) } do so with plain numbers.
### { $username } and { $old_username } are X accounts and come as a link with their @ (a bare @name would be
### somebody on Telegram).

language-name = English

## The bot itself

bot-about = Connect your X account by PIN and tweet from here.
bot-description =
    Connect your X account with a PIN and tweet from this chat: texts, photos, albums, GIFs and videos, with a preview before anything goes out.

    Press Start to begin.

## Menu (Telegram shows these beside the commands)

menu-tweet = Tweet a text, photos or a video
menu-thread = Several tweets in a row
menu-drafts = Drafts you set aside
menu-template = Keep a text with fields
menu-templates = Your texts with fields
menu-schedule = Tweet later, once or again and again
menu-queue = What is planned
menu-get = Show a post, or your newest
menu-timeline = Your home timeline, or somebody's posts
menu-mentions = Posts that mention you
menu-search = Search X
menu-following = Whom somebody follows
menu-followers = Who follows somebody
menu-messages = Your direct messages
menu-next = Tweet in your next free slot
menu-slots = Your times of day for /next
menu-timezone = Your time zone
menu-connect = Connect an X account
menu-connections = Your X accounts
menu-limits = What a connection may do, costs and has left
menu-doctor = What is wrong, and what helps
menu-undo = How long Post can be taken back
menu-cancel = Stop what is being asked
menu-language = Choose the language
menu-privacy = What is stored, and how long
menu-forget = Take your data away
menu-log = What happened in a group
menu-who = Who posted this?
menu-help = How it works
menu-people = Who may use this bot

## Limits and money

limits-none = There is no connected account yet, so nothing is limited and nothing costs. /connect begins.
limits-which = The limits of which account?
limits-button_of = { $name } ({ $username })
limits-sheet =
    <b>{ $name }</b> ({ $username })

    { $app ->
        [own] Your own app
       *[registered] The app of this bot
    } · { $level ->
        [read] may only read
        [read-write] may read and write
        [read-write-directmessages] may read, write and send messages
       *[unknown] X has not said yet what it may do
    } · { $is_premium ->
        [yes] X Premium
       *[no] no X Premium
    }: up to { $limit } characters

    <b>This month:</b> spent { $spent }{ $has_reserved ->
        [yes] , and { $reserved } set aside or not known yet
       *[no] {""}
    }
    <b>Today:</b> { $today }
    <b>Cap:</b> { $has_cap ->
        [yes] { $cap } a month
       *[no] none
    }; it begins anew on { DAY($resets_at) }
    { $of_all }

    <b>What it may do</b>
    { $rules }

    <b>What X has left</b>
    { $windows }
limits-of_all = All connections through the app of this bot, this month: { $spent }
limits-rule_posts = · Tweets: { $each } each, with a link { $with_link } (prices of { DAY($since) })
limits-rule_reading = · Reading: { $post } a post, { $account } an account (prices of { DAY($since) })
limits-rule_replies = · Replies: only where the author mentioned or quoted this account (since { DAY($since) }); else in the X app
limits-rule_handed_off = · Likes, follows and quotes: in the X app, which costs nothing (since { DAY($since) })
limits-rule_enterprise = · Replies, likes, follows and quotes: all of them, by the Enterprise plan
limits-rule_messages = · Direct messages: to people who take them
limits-rule_no_messages = · Direct messages: not before the app has the permission “Read and write and Direct message” and you connect again
limits-rule_policy = · Never the same text from several accounts; likes and follows never by schedule
limits-rule_read_only = · Nothing but reading: set the app to “Read and write” at X, then connect again
limits-window = · { $what }: { $remaining } of { $most } { $whose ->
        [app] for all accounts of the app
       *[user] {""}
    } until { CLOCK($resets_at) }, as heard at { CLOCK($heard_at) }
limits-no_windows = · Nothing was asked of X lately.
limits-button_preset = Cap { $cap }
limits-button_no_cap = No cap
limits-button_other = Another cap
limits-button_fresh = Look again
limits-button_others = Other accounts
limits-button_raise = Raise the cap
limits-cap_set = The cap is set.
limits-ask = Which cap for { $username }, in US dollars a month? Send an amount such as <code>7.50</code>, or <code>none</code>.
limits-ask_hint = 7.50
limits-not_read = I cannot read “{ $words }” as an amount of dollars. Send one such as 7.50, or none.
limits-warning =
    { $percent ->
        [100] <b>The cap of { $username } is reached.</b> Nothing more that costs goes out this month.
       *[other] <b>{ $percent } percent of the cap of { $username } are used.</b>
    }
    { $spent } of { $cap } this month.
limits-over =
    <b>Over the month's cap.</b> This costs { $price }; of { $cap } a month { $spent } are spent or set aside for { $username }.

    { $text }

## approval: what a group votes on before it goes out

approval-waiting =
    🗳 <b>To be approved</b>, as { $username }

    <blockquote>{ $text }</blockquote>

    { $notes }
approval-expired =
    ⌛ { $author }, not enough people approved this in time. Nothing was posted as { $username }:

    <blockquote>{ $text }</blockquote>
approval-expired_unnamed =
    ⌛ Not enough people approved this in time. Nothing was posted as { $username }:

    <blockquote>{ $text }</blockquote>
approval-rejected =
    🚫 Rejected by { $name }, nothing was posted as { $username }:

    <blockquote>{ $text }</blockquote>

    { $why }
approval-why = Why: { $reason }
approval-note_votes =
    { $count ->
        [0] No vote yet, { $needed ->
            [one] one is needed
           *[other] { $needed } are needed
        }
       *[other] { $count } of { $needed } votes: { $names }
    }
approval-note_admins = Any admin of this group can approve it, but not who asked for it.
approval-note_named = Asked to approve: { $names }
approval-note_turn = It is { $name }'s turn to approve.
approval-call =
    🗳 Something here waits to be approved.
    { $notes }
approval-person = <a href="{ $url }">{ $name }</a>
approval-people = { $first }, { $others }
approval-note_until = Votes are waited for until { WALL($at, $zone) }.
approval-note_planned = With votes enough it goes out on { WALL($at, $zone) }; without them not at all.
approval-note_voter_gone = Somebody who had approved is not here any more, or may not approve now: a vote is missing.
approval-note_votes_anew = Since it was approved it was changed, or the policy, or who approves: it needs votes as things stand now.
approval-button_yes = Approve
approval-button_no = Reject
approval-counted = Your vote counts.
approval-ask_reason = And why not? Answer with the reason: then it is rejected, and who asked for it reads why. Without a reason: press <b>Reject</b> again.
approval-ask_reason_hint = The reason
approval-own = Nobody votes on what they asked for themselves.
approval-not_asked = You are not among those who approve here, so this was no vote. /policy shows who is.
approval-not_turn = Here people approve one after the other, and it is not your turn yet. I call you when it is.
approval-nobody = { $count ->
        [one] One vote is needed here, and nobody else is named who could give it.
       *[other] { $count } votes are needed here, and there are not enough others who are named to give them.
    } Who shares the account can change that in /policy.
approval-again = What has to be approved I post once, not again and again. Give me one moment.
approval-over = Nobody is asked about this any more. What stands on its card now counts: look there.
approval-over_approved = This was approved already: { $names }.
approval-over_rejected = { $name } has rejected this already.
approval-over_edited = This was changed meanwhile: what it says now needs votes of its own.
approval-over_expired = Too late: not enough people had approved it in time.
approval-over_cancelled = This was cancelled meanwhile.

## Start and help

start-welcome =
    <b>Welcome, { $first_name }.</b>

    I post to X for you, from this chat. Connect your X account first: you open a link, allow the app, and send me the PIN that X shows.
start-welcome_back =
    <b>Hello, { $first_name }.</b>

    Send /tweet and a text, or just a photo. You see everything before it goes out.
start-claimed = You run this bot now. /people lists and invites others.
start-button_connect = Connect an X account
start-link_dead = This link has been used or has run out. Ask for a new one.
start-unknown_command = There is no command /{ $command }. /help lists what there is.
start-help =
    <b>How it works</b>

    <b>Write</b>
    /tweet <i>text</i> – also as the caption of a photo, or in reply to a message
    /thread – several tweets in a row · /reply, /quote <i>link text</i> · /dm <i>@name text</i>
    Photos, albums, GIFs, videos, polls and forwarded texts sent here become a draft. Nothing goes out before you press <b>Post</b>.
    /drafts – what you set aside · /template, /templates – texts with fields

    <b>Plan</b>
    /schedule <i>tomorrow 9:00 text</i> – later; <i>every weekday 8:30 text</i> – again and again; <i>every 15 min /mentions</i> – watch
    /next <i>text</i> – in your next free slot (/slots) · /queue – what is planned · /timezone · /undo – seconds to take Post back

    <b>Read</b> (<i>@name</i> for somebody else's)
    /get <i>link</i> · /timeline · /mentions · /search <i>words</i> · /following · /followers · /messages

    <b>Act</b> (with a link, or in reply to a tweet shown here)
    /retweet, /unretweet · /like, /unlike · /follow, /unfollow <i>@name</i> · /delete

    <b>Groups</b>
    /share – let a group use an account · /policy – what it may do · /log, /who <i>link</i> – who did what

    <b>Accounts</b>
    /connect – connect an X account with a PIN · /connections – default, rename, test, disconnect
    /doctor – what is wrong, why, and what helps · /limits – what an account may do and has cost, and its cap
    /cancel – stop what is being asked · /language · /privacy · /forget · /help
group-help =
    An admin who has connected an X account in our private chat lets this group use it with /share. /policy shows who may ask for what here.

    /tweet <i>text</i> – also as the caption of a photo, or in reply to a message · /thread · /reply, /quote <i>link text</i>
    /schedule <i>tomorrow 9:00 text</i> – later · /queue – what is planned · /drafts – what you set aside
    /delete <i>link</i> · /cancel – stop what is being asked

    /log – what happened here · /who <i>link</i> – who asked for that post

    I read commands, and replies to what I say; nothing else.
group-nothing_shared = No account is shared with this group yet: an admin can do that with /share. With an account of your own, press the button to go on in our private chat. It works for you only, for ten minutes.
group-reply = ↩️ Answer by replying to this message.
group-private_only = This is between you and me: press the button to go on in our private chat. It works for you only, for ten minutes.
group-open_private = Open the private chat
group-who_are_you = You write as the group, so I cannot see who you are. Press the button to go on as yourself: only I learn who it is, until you ask for something that tells the group.
group-who_are_you_about =
    You write as the group, so I cannot see who you are. Press the button to go on as yourself: only I learn who it is, until you ask for something that tells the group. It is about this:

    <blockquote expandable>{ $text }</blockquote>
group-who_are_you_files = You write as the group, so I cannot see who you are, and what you reply to has files, a poll or very many words, or may not be copied: I cannot take it along. Send it once more as yourself, with <i>Remain anonymous</i> turned off, or let somebody else ask for it.
group-button_continue = Continue
group-continued = We go on below.
group-admins_only = This was written by an admin of the group, and only an admin can go on with it.
group-suspended = { $username } is not used here any more: its owner { $why ->
        [owner_left] is not in this group any more
        [owner_blocked] does not use me any more
       *[owner_not_admin] is no admin of this group now
    }. What waits for it is kept, and goes out when they let it be used again: as an admin here, by /policy in our private chat.
group-bot_removed = I am out of “{ $title }”. What waited there for { $username } is kept. An admin who adds me again lets it go on, if you are an admin there still.
group-deleted = “{ $title }” was deleted. { $username } is not shared there any more, and what waited there does not go out.
group-bot_is_back = I am back. This group may use { $username } again, and what waited goes out.
group-not_here = You are not in this group, or may not write here, so I do nothing for you in it. An admin of the group can change that; then try again.
group-may_not = The policy here does not let you ask for that. /policy shows who may ask for what.
group-no_deleting = Deleting is not allowed here. /policy shows what is; the owner of the account changes it.
group-deletes_own_only = In this group only an admin deletes what they did not ask for themselves.
group-not_yours = Only who asked for it can press that.
group-not_so =
    It cannot go out like this.
    { $why }
group-not_approved = Others would have to approve that here, and about looking something up I ask nobody. The account's owner can let reading go without approval: /policy in the private chat.
group-not_approved_rest = A part of this is out, and for the rest there are not enough votes by now. Delete what is out and post it all anew, or ask the account's owner to change who approves: /policy.
group-not_approved_again = This needs approval first: take it up as a draft again and post that.
group-same_elsewhere = Another account of yours, or of this group, has posted this text within a day, or is going to. X forbids the same text from several accounts: change the words.
group-account_over = This account has no money left for that this month. Its owner can raise what it may cost.
group-which_account = Several accounts are shared here. Tweet with one of them first: then I know which one you use.
group-card =
    { $card }

    { $lines }
group-note_author = Asked for by { $name }
group-note_frozen = The account is frozen in this group: nothing goes out until it is thawed.
group-note_approval =
    { $who ->
        [named] { $votes ->
            [one] One of the people named for it has to approve this first
           *[other] { $votes } of the people named for it have to approve this first
        }
       *[admins] { $votes ->
            [one] An admin has to approve this first
           *[other] { $votes } admins have to approve this first
        }
    }{ $free ->
        [admins] , unless an admin asks
        [owner] , unless the owner asks
       *[nobody] {""}
    }
group-note_part = ↩️ To add a part, reply to this message.
group-note_album = ⚠️ Of this album I saw only one piece: here I see what has a command. For all of it, send /tweet alone and reply to my question with the album.
group-note_quota = { $left } of { $count } left today for who asks
group-note_quiet = Nothing goes out between { $begins } and { $ends } ({ $zone })
group-problem_kind =
    ⚠️ { $what ->
        [post] Posts
        [reply] Replies
        [media] Pictures and videos
        [schedule] Planned posts
        [delete] Deletions
        [repost] Reposts, likes and follows
        [read] Looking things up
       *[message] Direct messages
    } are not allowed here
group-problem_link = ⚠️ Links are not allowed here
group-problem_again = ⚠️ In a group I post once, not again and again: give me one moment
group-problem_quota = ⚠️ { $count } a day is what one person may ask for here, and that is used up today
group-problem_budget =
    ⚠️ { $whose ->
        [group] This group may spend { $cap } a month, and { $spent } of it is spent
       *[person] Each person here may spend { $cap } a month, and { $spent } of yours is spent
    }
group-no_answer = Telegram does not tell me what you are in this group. Without that I do nothing. Please try again in a moment.
gate-closed = This bot is not open to everybody. Ask whoever runs it for an invitation link.
gate-too_fast = That was too fast for me: I did not look at all of it. Please wait a minute, then send what I did not answer again.
gate-banned = You cannot use this bot any more: whoever runs it has banned you from it.
gate-link_dead = This invitation has been used or has run out. Ask for a new one.
gate-operators_only = Only whoever runs this bot can do that.
edge-set_aside = Something went wrong here, and I could not do what you asked. Nothing else is lost. If it happens again, tell whoever runs this bot the error { $error_id }.
erase-do_it_yourself = I could not delete a message of yours that holds a key or a PIN. Please delete it yourself: press on it, then Delete.
button-moved_on = That button was from before. This is how it stands.
button-stale = This button is from an older message. Go on with the newest one further down, or send /start.
words-hint = To tweet something, send /tweet and the text, reply /tweet to a message, or send a photo.
words-nothing_to_cancel = There is nothing to cancel.

## The log of a group

log-none = There is no log to read: nothing has been shared here, or in a group of yours, yet.
log-not_yours = This log is not yours to read. Members of the group may, as far as the policy says who asked; otherwise its admins, and whoever owns the account.
log-choose = <b>Which log?</b> A group's tells of all that happened there; an account's of what was done with it, wherever.
log-page =
    <b>{ $group }</b>: { $count ->
        [one] one entry
       *[other] { $count } entries
    }{ $pages ->
        [1] {""}
       *[other] , page { $page } of { $pages }
    }

    { $lines }
log-page_of_account =
    { $username } in all groups: { $count ->
        [one] one entry
       *[other] { $count } entries
    }{ $pages ->
        [1] {""}
       *[other] , page { $page } of { $pages }
    }

    { $lines }
log-empty = <b>{ $group }</b>: nothing is written down yet.
log-line = • { $at }: { $what }
log-line_of_group = { $line } (<i>{ $group }</i>)
log-words = “{ $words }”
log-cost = It cost { MONEY($price) }.
log-bot_itself = I
log-a_member = A member
log-somebody_gone = Somebody who is not here any more
log-account = { $username }
log-account_gone = an account that is not connected any more
log-unknown_act = something this version has no words for ({ $act })
log-button_group = { $group }
log-button_account = { $username }
log-button_newer = ‹ Newer
log-button_older = Older ›
log-button_check = Check
log-button_export = Save as a file
log-exported =
    The log as a file: { $count ->
        [one] one entry
       *[other] { $count } entries
    }. Keep it: with it you see later whether somebody put back an older state of the whole log.
log-whole =
    The log is whole: { $count ->
        [one] its one entry is
       *[other] all { $count } entries are
    } as they were written, in their order, and none is missing.
log-broken =
    The log of “{ $group }” is not what was written. At entry { $seq }: { $what ->
        [missing] one is missing.
        [inserted] one was put in.
        [reordered] entries changed places.
        [unknown_key] it was signed with a key that is not here any more.
        [cut_off] what followed was cut off.
        [forked] there is more than the head says.
        [rewritten_head] the head was rewritten.
       *[changed] it was changed.
    } Tell whoever runs this bot.

act-shared = <b>{ $name }</b> shared { $account }.
act-unshared = <b>{ $name }</b> took { $account } back.
act-policy_changed =
    <b>{ $name }</b> changed what the group may do with { $account }:
    { $changes }
log-changed_asks =
    – who may ask: { $value ->
        [admins] admins
        [listed] admins and listed people
       *[members] every member
    }
log-changed_asks_people =
    – listed: { $value ->
        [none] nobody
       *[some] { $names }
    }
log-changed_kinds =
    – what for: { $value ->
        [none] nothing
       *[some] { $words }
    }
log-changed_approves =
    – who approves: { $value ->
        [nobody] nobody, none is needed
        [admins] admins
       *[named] named people
    }
log-changed_approves_people =
    – named to approve: { $value ->
        [none] nobody
       *[some] { $names }
    }
log-changed_votes_needed = – approvals needed: { $words }
log-changed_in_order =
    – one after the other: { $value ->
        [yes] yes
       *[no] no
    }
log-changed_unapproved =
    – without approval: { $value ->
        [none] nothing
       *[some] { $words }
    }
log-changed_quota_day =
    – for each person: { $value ->
        [none] no quota
       *[some] { $words } a day
    }
log-changed_cap_cents_100 =
    – for the group: { $value ->
        [none] no cap
       *[some] { $sum } a month
    }
log-changed_person_cap_cents_100 =
    – for each person: { $value ->
        [none] no cap
       *[some] { $sum } a month
    }
log-changed_quiet =
    – quiet hours: { $value ->
        [none] none
       *[some] { $words }
    }
log-changed_zone =
    – time zone: { $value ->
        [none] UTC
       *[some] { $words }
    }
log-changed_links =
    – links: { $value ->
        [yes] yes
       *[no] no
    }
log-changed_names_author =
    – the group sees who asked: { $value ->
        [yes] yes
       *[no] no
    }
act-frozen = ❄️ <b>{ $name }</b> froze { $account }.
act-thawed = <b>{ $name }</b> let { $account } go on.
act-suspended =
    ⏸ { $account } was suspended: { $why ->
        [owner_left] its owner left the group.
        [owner_not_admin] its owner is no admin of the group any more.
        [owner_blocked] its owner blocked me.
        [bot_removed] I was put out of the group.
        [group_gone] the group was deleted.
       *[other] its ground was gone.
    }
act-resumed = <b>{ $name }</b> put { $account } to use again.
act-handed_over = <b>{ $name }</b> handed { $account } over to <b>{ $to }</b>.
act-asked =
    <b>{ $name }</b> asked { $kind ->
        [tweet] for a post
        [reply] for a reply
        [quote] for a quote
        [thread] for a thread
        [message] for a direct message
        [repost] for a repost
        [unrepost] to take a repost back
        [like] for a like
        [unlike] to take a like back
        [follow] to follow somebody
        [unfollow] to follow somebody no more
        [delete] for a deletion
        [edit] to change a post
        [look] to look something up
       *[other] for something
    } from { $account }.
act-edited = <b>{ $name }</b> changed what was asked for from { $account }.
act-voted_yes = <b>{ $name }</b> approved for { $account }.
act-voted_no = <b>{ $name }</b> voted against it for { $account }.
act-approved =
    👍 { $why ->
        [policy] It needs no more approval for { $account }: <b>{ $name }</b> changed the policy.
       *[votes] It is approved for { $account }; the last word was <b>{ $name }</b>'s.
    }
act-rejected = 👎 <b>{ $name }</b> rejected it for { $account }.
act-expired =
    ⌛ { $count ->
        [0] Nobody approved it in time
       *[other] Only { $count } of { $needed } approved it in time
    } for { $account }.
act-cancelled = <b>{ $name }</b> cancelled it for { $account }.
act-refused =
    🚫 <b>{ $name }</b> was refused: { $why ->
        [may_not] they may not ask for that.
        [not_here] they are not in the group, or may not write in it.
        [not_yours] it was not theirs.
        [not_approved] it needs approval.
        [no_admin] they are no admin.
        [own] nobody approves their own.
        [not_asked] they are not among those who approve.
        [not_turn] it was not their turn.
        [same] another account has the same text, which X forbids.
        [kind] the policy does not allow this kind.
        [links] links are not allowed.
        [again] a group plans nothing that comes again and again.
        [quota] the day's quota was used up.
        [budget] the month's budget was used up.
       *[other] the policy, or what they are in the group, does not allow it.
    }
act-vote_void = The approval of <b>{ $voter }</b> for { $account } does not count any more: they left, or may not approve now.
act-votes_anew =
    ⏳ It waits for approval again for { $account }: { $why ->
        [voter_gone] somebody who had approved may not any more.
       *[votes_anew] the policy, or who approves, has changed.
    }
act-missed = 🕐 It was reached too late for { $account }, and so did not go out.
act-sent =
    ✅ { $kind ->
        [message] A message went out from { $account }
        [repost] { $account } <a href="{ $url }">reposted</a>
        [unrepost] { $account } took <a href="{ $url }">a repost</a> back
        [like] { $account } <a href="{ $url }">liked</a>
        [unlike] { $account } took <a href="{ $url }">a like</a> back
        [follow] { $account } follows somebody
        [unfollow] { $account } follows somebody no more
       *[tweet] { $account } <a href="{ $url }">posted</a>
    }. { $cost }
act-failed = ❌ It did not go out from { $account }. { $why }
act-deleted = 🗑 <a href="{ $url }">A post</a> of { $account } was deleted. { $cost }
act-looked_up = { $account } looked something up on X. { $cost }
act-exported = <b>{ $name }</b> took this log away as a file.
act-moved = The group became a supergroup.
act-doubled = { $account } had been shared under both ids of this group: what it might do before counts.

who-page =
    { $post } went out from <b>{ $group }</b>:

    { $lines }
who-which = Which post? Send /who with its link, or reply with /who to a message that has the link.
who-unknown = I know of no such post from a group whose log you may read.

## Tweet

tweet-button_begin = Tweet something
tweet-button_connect = Connect an X account
tweet-button_continue = I am connected: go on
tweet-button_post = Post
tweet-button_edit = Edit text
tweet-button_cancel = Cancel
tweet-button_revive = Bring it back
tweet-button_back = Back
tweet-button_accounts = Other account
# A button that picks the account a tweet goes out from.
tweet-button_as = { $name } ({ $username })
tweet-button_alt = Alt text { $number }
tweet-button_alt_done = Alt text { $number } ✓
tweet-button_first = Keep the first 4
tweet-button_no_files = Without the files
tweet-button_retry = Try again
tweet-button_reconnect = Connect again
tweet-button_open_x = Open X
tweet-button_open = Open on X
tweet-button_delete = Delete
tweet-button_delete_surely = Yes, delete it
tweet-button_there = It is there
tweet-button_again = It is not there: post again

tweet-ask_text = What do you want to tweet? Send a text, a photo, an album, a GIF or a video.
tweet-ask_text_hint = Your tweet
tweet-ask_new_text =
    Send the new text. Now it is:

    <code>{ $text }</code>
tweet-ask_alt = Describe picture { $number } for people who cannot see it.
tweet-ask_alt_hint = What the picture shows
tweet-alt_too_long = X takes descriptions of up to { $limit } characters, this one has { $length }. Send a shorter one.
tweet-connect_to_begin = Connect an X account first. Then send your tweet.
tweet-connect_first =
    Connect an X account first. Your draft is kept:

    <blockquote>{ $text }</blockquote>
tweet-no_connection = There is no X account to post from. Connect one with /connect; your draft is kept.
tweet-no_draft = That draft is not open any more. Start again with /tweet.
tweet-same_elsewhere = X forbids the same text from several accounts, and { $username } has posted it in the last 24 hours, or is going to. Change the text.
tweet-not_ready = This cannot go out as it is. Look at the notes under the draft.
tweet-protected = That message is protected: its author does not want it to be copied.
tweet-album_late = This picture came after the others of its album had gone on, so it is not part of that tweet. Send it on its own.
tweet-edited_too_late = The tweet stays as it was posted: editing the message here changes nothing on X. You can delete it and post anew.
tweet-edited_done = This is done already: editing your message changes nothing on X.
tweet-edited_stays = What I made of your message stays as it is. Its card has the buttons that change or cancel it; or send the command anew.
tweet-preview =
    <b>Tweet as { $username }</b>

    { $text }

    <i>{ $length } of { $limit } characters · { MONEY($price) }</i>
    { $notes }
# What a draft says, among notes about its files.
tweet-said = { $text }
tweet-note_photo =
    { $count ->
        [one] 🖼 1 photo{ $described ->
            [0] {""}
           *[other] , described
        }
       *[other] 🖼 { $count } photos{ $described ->
            [0] {""}
           *[other] , { $described } described
        }
    }
tweet-note_gif =
    { $described ->
        [0] 🎞 { $count } GIF
       *[other] 🎞 { $count } GIF, described
    }
tweet-note_video =
    { $described ->
        [0] 🎬 { $count } video
       *[other] 🎬 { $count } video, described
    }
tweet-note_described = ♿ Each description costs { MONEY($each) }.
tweet-note_link = 🔗 X charges for the link; without one it would be { MONEY($plain) }. A bare domain counts as a link.
tweet-note_mentions = ⚠️ { $names }: on X this may be somebody else than on Telegram.
tweet-problem_characters = ✋ There is a character in it that X does not take. Edit the text.
tweet-problem_too_long =
    { $over ->
        [one] ✋ 1 character too many. It overflows here: …{ $before }<b>|</b><u>{ $after }</u>…
       *[other] ✋ { $over } characters too many. It overflows here: …{ $before }<b>|</b><u>{ $after }</u>…
    }
tweet-problem_cashtags = ✋ X takes one cashtag ($ABC) in a tweet at most.
tweet-problem_file_kind = X takes photos, GIFs and videos. Send one of these.
tweet-problem_mixed = ✋ X takes photos, or one GIF, or one video, not a mix.
tweet-problem_one_video = ✋ X takes one GIF or video in a tweet.
tweet-problem_too_many = ✋ { $count } photos; X takes 4.
tweet-problem_telegram_size = ✋ Telegram lets me fetch files of up to 20 MB; this one has { $mb } MB. Send a smaller one.
tweet-which_account = From which account?
tweet-set_aside =
    Set aside, nothing was posted:

    <blockquote>{ $text }</blockquote>
tweet-sending =
    { $count ->
        [0] ⏳ Posting as { $username } …
        [one] ⏳ Uploading a file and posting as { $username } …
       *[other] ⏳ Uploading { $count } files and posting as { $username } …
    }

    <blockquote>{ $text }</blockquote>
tweet-button_undo = Undo
tweet-button_post_now = Post now
tweet-undoable =
    ⏳ Goes out as { $username } at { CLOCK($when) }. Until then you can take it back.

    <blockquote>{ $text }</blockquote>
tweet-held_frozen =
    ❄️ { $username } is frozen: nothing goes out until you let it go on. This waits in its place.

    <blockquote>{ $text }</blockquote>
tweet-held_revoked =
    ⏸ X does not accept { $username }'s connection any more. Connect it again, and this goes out by itself.

    <blockquote>{ $text }</blockquote>
tweet-held_out_of_credit =
    { $is_own ->
        [yes] ⏸ X says that the app behind { $username } is out of credit. Add some at console.x.com; this then goes out by itself, within an hour.
       *[no] ⏸ The bot's X account is out of credit. Its operator knows; this goes out by itself when that is settled.
    }

    <blockquote>{ $text }</blockquote>
tweet-looking =
    🔎 X did not answer, so the tweet may be out. I am looking on { $username }'s timeline before anything is sent again.

    <blockquote>{ $text }</blockquote>
tweet-rate_limited =
    ⏸ X's limit for { $username } is reached. I post at { CLOCK($when) } by myself.

    <blockquote>{ $text }</blockquote>
tweet-x_unavailable =
    ⏸ X is not answering, nothing was posted yet. I try again at { CLOCK($when) }.

    <blockquote>{ $text }</blockquote>
tweet-held_grant =
    ⏸ { $why ->
        [grant_frozen] This is frozen here: nothing goes out as { $username } until it is thawed.
        [bot_removed] I am out of this group: nothing goes out as { $username } until I am back.
       *[other] { $username } is not used here at the moment, for its owner is no admin of this group now.
    } This waits in its place.

    <blockquote>{ $text }</blockquote>
tweet-quiet =
    🌙 These are quiet hours: nothing goes out as { $username } until { CLOCK($when) }, then this does by itself.

    <blockquote>{ $text }</blockquote>
tweet-rights_unknown =
    ⏸ Telegram does not tell me who is in this group now, and without that I post nothing as { $username }. I ask again at { CLOCK($when) }.

    <blockquote>{ $text }</blockquote>
tweet-unknown =
    ❓ X did not say whether this went out, and I cannot see it on { $username }'s timeline. Please look on X: is it there?

    <blockquote>{ $text }</blockquote>
tweet-unknown_unseen =
    ❓ X did not say whether this went out, and I cannot look at { $username }'s timeline now. Please look on X: is it there?

    <blockquote>{ $text }</blockquote>
tweet-posted =
    ✅ <b>Posted</b> as { $username }
    <a href="{ $url }">{ $shown_url }</a>
    { $notes }

    <blockquote>{ $text }</blockquote>
tweet-posted_seen =
    ✅ <b>Posted</b> as { $username }; you saw it on X.

    <blockquote>{ $text }</blockquote>
tweet-failed =
    ❌ <b>Not posted</b> as { $username }
    { $why }

    <blockquote>{ $text }</blockquote>
tweet-delete_sure =
    <b>Delete this tweet of { $username } from X?</b> This cannot be undone.

    <blockquote>{ $text }</blockquote>
tweet-deleting = ⏳ Deleting the tweet of { $username } from X …
tweet-deleted = 🗑 The tweet of { $username } is deleted from X.
tweet-delete_failed =
    ❌ <b>Not deleted</b> from { $username }
    { $why }

## Reading: /get, /timeline, /mentions, /search, /following, /followers, /messages

look-what_get = Post <code>{ $id }</code>
look-what_latest = The newest post of { $username }
look-what_home = The home timeline of { $username }
look-what_timeline = Posts of { $username }
look-what_mentions = Mentions of { $username }
look-what_search = Search: { $query }
look-what_following = Whom { $username } follows
look-what_followers = Followers of { $username }
look-what_messages = Direct messages of { $username }
look-what_messages_with = Direct messages with { $username }

look-button_go = Look (at most { MONEY($price) })
look-button_again = Look again
look-button_latest = Show the latest (at most { MONEY($price) })
look-button_before = ‹ Previous
look-button_after = Next ›
# A button: the next page has to be bought.
look-button_after_for = Next (at most { MONEY($price) }) ›
look-button_open = { $number }
look-button_csv = CSV
look-button_json = JSON
look-button_filters = Filters
look-button_reply = Reply
look-button_repost = Repost
look-button_like = Like
look-button_quote = Quote
look-button_remove = Delete
# $language is a code of two letters: en, de ...
look-filter_lang =
    { $is_on ->
        [yes] ✓ In { $language }
       *[no] In { $language }
    }
look-filter_originals =
    { $is_on ->
        [yes] ✓ No reposts
       *[no] No reposts
    }
look-filter_popular =
    { $is_on ->
        [yes] ✓ Popular first
       *[no] Popular first
    }
look-filter_mine =
    { $is_on ->
        [yes] ✓ My own
       *[no] My own
    }
look-filter_media =
    { $is_on ->
        [yes] ✓ With media
       *[no] With media
    }
look-filter_images =
    { $is_on ->
        [yes] ✓ With pictures
       *[no] With pictures
    }
look-filter_links =
    { $is_on ->
        [yes] ✓ With links
       *[no] With links
    }

look-asking =
    🔎 Asking X …
    { $what }
    { $notes }
look-ready =
    🔎 <b>{ $what }</b>
    X was not asked yet.
    { $notes }
look-which = From which account?
look-list =
    <b>{ $what }</b>

    { $lines }

    { $notes }
look-line =
    <b>{ $number }.</b> { $name } · { $username } · { WALL($at, $zone) }
    { $text }
    { $notes }
look-line_of_nobody =
    <b>{ $number }.</b> { WALL($at, $zone) }
    { $text }
    { $notes }
look-line_person =
    { $is_protected ->
        [yes] <b>{ $number }.</b> { $name } · { $username } 🔒
       *[no] <b>{ $number }.</b> { $name } · { $username }
    }
look-line_id = <code>{ $id }</code>
look-gap = {""}
look-empty = X found nothing.
look-empty_here = There is more behind Next.
look-shown_alone =
    <b>{ $what }</b>
    What there was to see came as a message of its own.
look-nothing_new =
    <b>{ $what }</b>
    Nothing new since { WALL($at, $zone) }.
look-gone =
    <b>{ $what }</b>
    What X answered is kept for a day only, and that is over.
    { $notes }
look-failed =
    ❌ <b>{ $what }</b>
    { $why }
look-rate_limited =
    ⏸ <b>{ $what }</b>
    X's limit for reading this is reached. I look at { CLOCK($when) } by myself.
look-x_unavailable =
    ⏸ <b>{ $what }</b>
    X is not answering. I try again at { CLOCK($when) }.
look-post =
    <b>{ $name }</b> · { $username }

    { $text }

    { WALL($at, $zone) }
    { $notes }
look-post_of_nobody =
    { $text }

    { WALL($at, $zone) }
    { $notes }
look-metrics = ❤️ { $likes } · 🔁 { $reposts } · 💬 { $replies } · 🗨 { $quotes } · 👁 { $views }
look-mark_media =
    { $count ->
        [one] 🖼 1 picture or video
       *[other] 🖼 { $count } pictures or videos
    }
look-mark_poll = 📊 With a poll
look-mark_reposted = 🔁 A repost
look-mark_quoted = 🗨 Quotes another post
look-mark_replied_to = ↩️ A reply
look-note_price = At most { MONEY($price) }.
look-note_cost =
    { $count ->
        [one] One item, { MONEY($price) } at most.
       *[other] { $count } items, { MONEY($price) } at most.
    }
look-file =
    { $count ->
        [one] One item.
       *[other] { $count } items.
    }
look-ask_query = What shall I look for? Send words as you would type them into X's search: <code>from:name</code>, <code>lang:de</code>, <code>since:2026-11-20</code>, <code>-replies</code>, <code>"a phrase"</code> ...
look-ask_query_hint = Words to search for
look-no_connection = There is no X account to look with. Connect one with /connect.
look-bad_post = That is no link to a post on X and no id. Send a link, an id, or /get alone for your newest post.
look-bad_max = Write <code>max:</code> and a number from 1 to { $most }.
look-bad_id = In “{ $word }” I need the id of a post, or a link to it, and nothing else.
look-bad_day = “{ $word }” is no date. Write it as <code>{ $example }</code>.
look-day_to_come = “{ $word }” is yet to come.
look-week_only = X searches the last seven days only. Take a later date.
look-days_turned_round = <code>since:</code> has to be before <code>until:</code>, which is left out itself.
look-ids_turned_round = <code>since_id:</code> has to be older than <code>max_id:</code>.
look-bad_sort = “{ $word }” is none of recent, popular and mixed.
look-bad_geo = Write a place as <code>geo:52.5,13.4,16km</code>: latitude, longitude, radius in km or mi. “{ $word }” is none.
look-bad_radius = X takes a radius of up to 40 km or 25 mi. “{ $word }” is more, or none.
look-no_such_parameter = /{ $command } has no <code>{ $word }</code> at X.
look-bad_word = I do not understand “{ $word }” after /{ $command }.
look-query_too_long = X takes queries of up to { $limit } characters, this one has { $length }. Shorten it.
look-only_filters = X does not search by filters alone. Add a word, or a name as <code>from:name</code>.

## Inline mode: the bot's name and a text typed in any chat. All plain text, seen by who types; only
## inline-button_go_on is seen by that whole chat.

inline-title = Tweet as { $username }: { $title }
inline-description =
    { $length } of { $limit } characters · { MONEY($price) }
    { $notes }
inline-note_cut = Telegram passes on { $limit } characters; add the rest in the private chat.
inline-button_open = Open this tweet in our private chat
inline-button_type = Type the text of your tweet
inline-button_connect = Connect an X account first
inline-button_private = Open our private chat
inline-button_secret = This looks like a key or a PIN: never type it here
# Under the message everybody in that chat sees; it works for who typed it only.
inline-button_go_on = Go on in the private chat
inline-gone = What you typed is gone: it is kept for ten minutes and opened once. Type it again, or send it here after /tweet.

## Threads

thread-button_split = Make it a thread
thread-button_part = { $number }
thread-button_add = Add a part
thread-button_numbers =
    { $is_numbered ->
        [yes] Without numbers
       *[no] Number the parts
    }
thread-button_edit = Edit
thread-button_remove = Remove
thread-button_up = Earlier
thread-button_down = Later
thread-part =
    { $files ->
        [0] <b>{ $number }</b> { $text }
        [one] <b>{ $number }</b> 🖼 { $text }
       *[other] <b>{ $number }</b> 🖼×{ $files } { $text }
    }
thread-preview =
    <b>Thread of { $parts } as { $username }</b>

    { $text }

    <i>longest part { $length } of { $limit } characters · { MONEY($price) } for all</i>
    { $notes }
thread-note_next = ➕ Send the next part, or press <b>Post</b>. A number below opens that part.
thread-ask_first = Send the first part of the thread. Every message after it becomes one more part; a long one is cut at its sentences.
thread-ask_next = Send the next part.
thread-ask_part =
    Send the new text of part { $number }. Now it is:

    <code>{ $text }</code>
thread-one =
    <b>Part { $number } of { $count }</b>{ $files ->
        [0] {""}
       *[other] , { $files } 🖼
    }

    { $text }
thread-button_go_on = Go on
thread-button_fix = Edit part { $number }
thread-button_delete_out =
    { $count ->
        [one] Delete what is out
       *[other] Delete all { $count } parts
    }
thread-button_delete_surely = Yes, delete all of it
thread-stopped =
    ❌ <b>The thread stopped at part { $number } of { $count }</b> as { $username }
    { $why }

    { $out ->
        [one] Part 1 is on X.
       *[other] Parts 1 to { $out } are on X.
    } <b>Go on</b> posts the rest behind it.

    <blockquote>{ $text }</blockquote>
thread-delete_sure =
    <b>{ $count ->
        [one] Delete the part of { $username }'s thread that is on X?
       *[other] Delete all { $count } parts of { $username }'s thread from X?
    }</b> This cannot be undone.

    <blockquote>{ $text }</blockquote>
thread-problem = Part { $number }: { $why }
thread-problem_blank = ✋ Part { $number } is empty. Open it to edit or remove it.
thread-problem_again = ✋ A thread can be planned for a moment, not again and again.
thread-too_many = That makes { $count } parts; a thread has { $limit } at most. Shorten it, or post it as two threads.
thread-another_part = The thread went on meanwhile, so these words were not put anywhere. Look at its card, and press the button again if you still want to change a part.
thread-edited = The thread stays as it is: its parts are changed by the buttons below it.

## Options and polls of a draft

extras-button_options = Options
extras-panel =
    <b>Options of this tweet as { $username }</b>
    { $notes }

    Who may reply on X, and the marks X asks for: a paid partnership, and what was made with AI.
extras-button_reply =
    { $is_set ->
        [yes] ✓{" "}
       *[no] {""}
    }{ $who ->
        [following] Replies: people I follow
        [mentionedUsers] Replies: only who is mentioned
        [subscribers] Replies: my subscribers
        [verified] Replies: verified accounts
       *[everyone] Replies: everyone
    }
extras-button_paid =
    { $is_set ->
        [yes] ✓ Paid partnership
       *[no] Paid partnership
    }
extras-button_ai =
    { $is_set ->
        [yes] ✓ Made with AI
       *[no] Made with AI
    }
extras-note_reply =
    { $who ->
        [following] 💬 Only people the account follows may reply.
        [mentionedUsers] 💬 Only who is mentioned may reply.
        [subscribers] 💬 Only the account's subscribers may reply.
       *[verified] 💬 Only verified accounts may reply.
    }
extras-note_paid = 🏷 Marked as a paid partnership.
extras-note_ai = 🏷 Marked as made with AI.
extras-problem_quote_files = ✋ X takes files or a quote in a tweet, not both.
poll-option = ▫️ { $text }
poll-wait =
    { $unit ->
        [day]
            { $count ->
                [one] 1 day
               *[other] { $count } days
            }
        [hour]
            { $count ->
                [one] 1 hour
               *[other] { $count } hours
            }
       *[minute] { $count } minutes
    }
poll-open_for = 📊 Poll, open for { $wait }.
poll-button_open =
    { $is_set ->
        [yes] ✓ { $wait }
       *[no] { $wait }
    }
poll-button_first = Keep the first 4 options
poll-button_shorten = Shorten option { $number }: { $text }…
poll-button_none = Without the poll
poll-problem_few = ✋ X wants two options at least; this poll has { $count }.
poll-problem_many = ✋ { $count } options; X takes { $limit }.
poll-problem_long = ✋ Option { $number } has { $length } characters; X takes { $limit }.
poll-problem_files = ✋ X takes files or a poll in a tweet, not both.
poll-problem_quote = ✋ X takes a quote or a poll in a tweet, not both.
poll-ask_option =
    Send other words for option { $number }, { $limit } characters at most. Now it is:

    <code>{ $text }</code>
poll-ask_option_hint = The option
poll-option_length = An option has 1 to { $limit } characters, this one has { $length }. Send another.
poll-send_itself = Reply to the poll with /tweet alone: it becomes a draft, and <b>Later</b> plans it.
poll-lost_quiz = X has no quizzes: this becomes a poll, and which answer is right is left out.
poll-lost_multiple = At X one may choose one option only.
poll-lost_time = X keeps a poll open for 5 minutes to 7 days; this one is set to the nearest. The buttons below the draft change it.

## Quotes

menu-quote = Quote a tweet
quote-handed_off = ✋ X took quotes from the apps on its plans on { DAY($since) }. In the X app it goes, and costs nothing.

## Editing what is on X

edit-button_look = Edit on X (a look, at most { MONEY($price) })
edit-button_begin = Write the new text
edit-not_offered = X lets a Premium account edit its own tweets, within the hour, without a poll, and not in answer to others.
edit-not_eligible =
    ✋ X does not let this tweet of { $username } be edited.

    <blockquote>{ $text }</blockquote>
edit-over =
    ✋ X does not let this tweet of { $username } be edited any more: its hour is over, or its five edits are used up.

    <blockquote>{ $text }</blockquote>
edit-allowed =
    ✏️ X lets this tweet of { $username } be edited until { CLOCK($until) }, { $left ->
        [one] once more
       *[other] { $left } times more
    }. Each edit costs what a tweet costs.

    <blockquote>{ $text }</blockquote>
edit-preview =
    <b>Edit of a tweet of { $username }</b>

    { $text }

    <i>{ $length } of { $limit } characters · { MONEY($price) }</i>
    { $notes }
edit-posted =
    ✏️ <b>Edited</b> as { $username }; its link is a new one
    <a href="{ $url }">{ $shown_url }</a>
    { $notes }

    <blockquote>{ $text }</blockquote>
edit-replaced =
    ✏️ <b>Edited since</b> as { $username }
    <a href="{ $url }">{ $shown_url }</a>

    <blockquote>{ $text }</blockquote>
edit-replaced_unseen =
    ✏️ <b>Edited since</b> as { $username }; you saw it on X.

    <blockquote>{ $text }</blockquote>
edit-problem_thread = ✋ An edit is one tweet, not a thread.

## Links of a draft, and texts that repeat

links-button_free = Open in X for free
links-button_drop = Drop the link ({ MONEY($price) })
links-button_undo = Put the link back
links-button_choose = Links …
links-button_choice =
    { $is_set ->
        [yes] ✓{" "}
       *[no] {""}
    }{ $choice ->
        [keep] Keep the link ({ MONEY($price) })
        [hand_off] First: open in X for free
        [drop] First: drop the link
       *[ask] Offer all of it
    }
links-panel =
    <b>Links in this chat</b>

    X takes { MONEY($price) } for a post with a link. What shall I offer first, here and from now on? Nothing is done before you press it.
links-note_remembered =
    { $choice ->
        [keep] 🔗 Remembered for this chat: links are kept.
        [hand_off] 🔗 Remembered for this chat: open in X for free.
       *[drop] 🔗 Remembered for this chat: drop the link.
    }
links-note_dropped = 🔗 Left out: { $links }
duplicates-question =
    { $state ->
        [posted] ⚠️ { $username } posted this text already, { $when }. X mostly refuses the same text twice.
       *[waiting] ⚠️ This text is waiting to go out as { $username } already, { $when }. X mostly refuses the same text twice.
    }

    <blockquote>{ $text }</blockquote>
duplicates-button_change = Change the text
duplicates-button_anyway = Post anyway
duplicates-button_open = See it on X

## Deeds: reposts, likes, follows, messages

menu-retweet = Repost a tweet
menu-unretweet = Take a repost back
menu-like = Like a tweet
menu-unlike = Take a like back
menu-follow = Follow somebody
menu-unfollow = Follow somebody no more
deed-which_post = Which tweet? Send the command with its link or its number, or reply with it to a tweet that I have shown.
deed-which_person = Who? Send the command with their @name, or with the link to their profile.
deed-connect_first = Connect an X account first.
deed-no_default = From which account? Choose a default one in /connections, then send this again.
deed-what_repost = Repost { $about }
deed-what_unrepost = Take back the repost of { $about }
deed-what_like = Like { $about }
deed-what_unlike = Take back the like of { $about }
deed-what_follow = Follow { $about }
deed-what_unfollow = Follow { $about } no more
deed-what_message = Message to { $about }
deed-post = <a href="{ $url }">{ $shown_url }</a>
deed-person = { $username }
deed-doing =
    ⏳ As { $username } …

    <blockquote>{ $text }</blockquote>
deed-done =
    ✅ <b>Done</b> as { $username }, { MONEY($price) }

    <blockquote>{ $text }</blockquote>
deed-failed =
    ❌ <b>Not done</b> as { $username }
    { $why }

    <blockquote>{ $text }</blockquote>
deed-cancelled =
    Taken back in time, nothing was done:

    <blockquote>{ $text }</blockquote>
deed-undoable =
    ⏳ Done as { $username } at { CLOCK($when) }, { MONEY($price) }. Until then you can take it back.

    <blockquote>{ $text }</blockquote>
deed-looking =
    🔎 X did not answer, so the message may be out. I am looking in the conversation before anything is sent again.

    <blockquote>{ $text }</blockquote>
deed-rate_limited =
    ⏸ X's limit for { $username } is reached. I go on at { CLOCK($when) } by myself.

    <blockquote>{ $text }</blockquote>
deed-x_unavailable =
    ⏸ X is not answering. I try again at { CLOCK($when) }.

    <blockquote>{ $text }</blockquote>
deed-unknown =
    ❓ X did not say whether this went out as { $username }, and I cannot find it there. Please look on X: is it there?

    <blockquote>{ $text }</blockquote>
deed-button_now = Now
deed-button_do_it = Do it after all
deed-button_again = It is not there: send again

deed-button_keep = Keep it
deed-what_delete = Delete { $about }
plan-which_post = Which tweet? What is planned needs its link or its number behind the command.
deed-what_quote = Quote { $about }
deed-delete_sure =
    <b>Delete this tweet of { $username } from X?</b> This cannot be undone. { MONEY($price) }

    <blockquote>{ $text }</blockquote>
deed-not_yours =
    This is not a tweet of { $username }, so X would not delete it.

    <blockquote>{ $text }</blockquote>

## Replies

menu-reply = Answer a tweet
menu-delete = Delete a tweet, the newest by itself
menu-dm = Send somebody a message on X
reply-ask_text = What do you answer? Send a text, a photo, an album, a GIF or a video.
reply-which_post = Which tweet? Send <code>/reply</code>, its link, then your words; or reply here to a tweet that I have shown.
reply-to_post = ↩️ Answers <a href="{ $url }">{ $shown_url }</a>
reply-to = ↩️ Answers <a href="{ $url }">a tweet</a> of { $username }: “{ $text }”
reply-quotes = ❝ Quotes <a href="{ $url }">{ $shown_url }</a>
reply-allowed = 👍 X lets apps answer here: this account is named or quoted there, or wrote it.
reply-not_allowed = ✋ X will most likely refuse this: apps may answer only where the author names or quotes this account. In the X app it goes, and costs nothing.
reply-unsure = ⚠️ X lets apps answer only where the author names or quotes this account. I do not know whether that is so here.
reply-button_anyway = Post anyway
reply-button_free = Open in X for free
reply-button_look = Look whether it may (at most { $price })

## Direct messages

dm-to_whom = To whom? Send <code>/dm @name</code> and your words.
dm-text_only = I send messages with words only. Send /dm with a name and a text.
dm-ask_text = What shall I write to { $username }?
dm-ask_text_hint = Your message
dm-preview =
    <b>Message from { $sender } to { $username }</b>

    { $text }

    <i>{ $length } of { $limit } characters · at most { MONEY($price) }</i>
    { $notes }
dm-note_lookup = 🔎 X asks { MONEY($each) } for finding this name; that is in the price.
dm-problem_too_long = ✋ { $over } characters too many; X takes { $limit }.
dm-button_send = Send ({ $price })

## Hand-offs: what the person finishes in the X app

handoff-button_open = Open in X
handoff-button_back = Take it back
handoff-deed =
    👉 <b>In the X app</b>, where it costs nothing: X took this from the apps on its plans on { DAY($since) }.

    <blockquote>{ $text }</blockquote>
handoff-draft =
    👉 <b>In the X app</b>, where it costs nothing; press Post there. I send nothing.{ $files ->
        [0] {""}
        [one] {" "}Attach the file there.
       *[other] {" "}Attach the { $files } files there.
    }{ $fits ->
        [yes] {""}
       *[no] {" "}The text is too long for the button: copy it from here.
    }{ $parts ->
        [one] {""}
       *[other] {" "}X opens with the first part; add the others there.
    }{ $beside ->
        [poll] {" "}Make the poll there: X takes none from a link.
        [edit] {" "}X opens the tweet: edit it there, with the text from here.
        [marks] {" "}Set there who may reply, and the marks.
       *[none] {""}
    }

    <blockquote>{ $text }</blockquote>

## Drafts set aside, and templates

drafts-none = No draft is set aside.
drafts-list =
    <b>{ $count ->
        [one] One draft is set aside
       *[other] { $count } drafts are set aside
    }</b>{ $pages ->
        [1] {""}
       *[other] , page { $page } of { $pages }
    }

    { $lines }

    A number opens the draft, 🗑 erases it for good.
drafts-line = { $number }. { DAY($at) }: { $text }
drafts-button_erase = 🗑 { $number }
template-button_use = Use { $name }
template-button_remove = Remove
template-none =
    You have no templates. Keep one with /template and a name, then the text:

    <code>/template gig Tonight at {"{"}place{"}"}, {"{"}weekday{"}"} {"{"}date{"}"}</code>

    What stands in braces is asked for when you use it; dates ({"{"}date{"}"}, {"{"}weekday{"}"}, {"{"}day{"}"}, {"{"}month{"}"}, {"{"}year{"}"}, {"{"}week{"}"}, {"{"}time{"}"}, and {"{"}date+1{"}"} for tomorrow's) are filled in by themselves.
template-not_read = Write a name without spaces, then the text: /template gig Tonight at {"{"}place{"}"}.
template-too_many = You have { $limit } templates; remove one first: /templates.
template-kept =
    Kept as <b>{ $name }</b>. Asked for when you use it: { $fields }

    <code>{ $text }</code>
template-list =
    <b>Your templates</b>

    { $lines }
template-line = <b>{ $name }</b>: { $text }
template-removed = Removed.
template-ask_field =
    What is <b>{ $field }</b>?

    <blockquote>{ $text }</blockquote>
template-ask_field_hint = Goes into the text

## Doctor: /doctor

doctor-list =
    🩺 <b>How your X accounts stand</b>

    { $lines }

    <i>Press one to see why, and what helps.</i>
doctor-line =
    { $is_well ->
        [yes] ✅
       *[no] ⚠️
    } <b>{ $name }</b> { $username }
    { $lines }
doctor-page =
    🩺 <b>{ $name }</b> { $username }

    { $lines }
doctor-well = In order: nothing stops this connection.
doctor-x_says_well = ✅ X says: this is { $username }, and the connection works.
doctor-x_says =
    ❌ <b>X says:</b> { $what }
    <i>Why: { $why }</i>
doctor-stopped =
    ⚠️ { $what }
    <i>Why: { $why }</i>
doctor-note =
    ℹ️ { $what }
    <i>Why: { $why }</i>
doctor-last =
    ❌ <b>Went wrong last</b>, { WALL($at, $zone) }: { $about }
    { $what }
    <i>Why: { $why }</i>
doctor-failed_there = Went wrong last: { $what }
doctor-nothing_failed = Nothing went wrong in the last { $days } days.
doctor-until = It ends by itself: { WALL($until, $zone) }.
doctor-error_id = In the log it is <code>{ $id }</code>: tell whoever runs this bot.
doctor-unknown_wordless = X refused this without words that I know.
doctor-no_room = This month's cap leaves no room for asking X.
doctor-button_ask = Ask X now ({ MONEY($price) })
doctor-button_list = All accounts
doctor-button_settings = App settings at X
doctor-button_credit = Credits at X
doctor-button_tell = Tell whoever runs this bot
doctor-button_show =
    { $help ->
        [again] Show it, to try again
        [answer] Show it, to answer
        [no_files] Show it, to leave the files out
       *[hand_off] Show it, to open it in X
    }

doctor-cause_same_text = X takes no text twice from one account.
doctor-cause_words = X has rules for texts: length, links, marks.
doctor-cause_no_reason = X does not say; it has several reasons, and tells none.
doctor-cause_automated = X takes this for the work of a program, and slows it down.
doctor-cause_search = X searches the last seven days only.
doctor-cause_file = X takes photos, GIFs and videos of certain kinds, sizes and lengths.
doctor-cause_telegram_file = Telegram gives bots a file of up to 20 MB, and not for ever.
doctor-cause_rules = X's rules of 2026 keep this from apps on its self-serve plans.
doctor-cause_recipient = Whom X lets write to them, people choose in their own settings.
doctor-cause_gone = It was deleted, hidden or suspended, or one of the two accounts blocks the other.
doctor-cause_not_yours = X lets an account delete its own posts only.
doctor-cause_so_already = There is nothing to be done.
doctor-cause_account = X wants something from the owner of this account first.
doctor-cause_limit = X lets an account do only so much in a time.
doctor-cause_withdrawn = The access was withdrawn at X, or the app has other keys now.
doctor-cause_permission = What an app may do is fixed when an account is connected: first the setting, then connect again.
doctor-cause_key_file = The bot has another key file than the one these keys were sealed with.
doctor-cause_connection = The account was disconnected, or its owner shut out, after this was asked for.
doctor-cause_group = The group has rules for this account, and they were not met when it was to go out.
doctor-cause_frozen = You pressed Freeze.
doctor-cause_app = Something is still missing in the app's settings at X.
doctor-cause_app_suspended = X finds that the app broke its rules.
doctor-cause_clock = X refuses what is dated some minutes off.
doctor-cause_pin = A PIN is good once, for some minutes, and for its own link only.
doctor-cause_credit = X bills every request to whoever owns the app, and nothing is left.
doctor-cause_cap = You set a cap on what this connection may cost in a month.
doctor-cause_outage = The trouble is at X or on the way there; nothing of yours is wrong.
doctor-cause_doubt = X's answer was lost on the way, so only a look on X can tell.
doctor-cause_here = This is a fault of the bot, not of X or yours.
doctor-cause_unknown = X says something that this bot has never met.

## What X or money stopped

parked-revoked =
    ⚠️ X does not accept the connection to <b>{ $name }</b> ({ $username }) any more: its access was withdrawn. What was to go out waits in its place. Connect it again, and everything goes on by itself.
parked-credit_operator =
    ⚠️ <b>X says that this bot's app is out of credit.</b> Everything that goes through it waits in its place. Add credit at console.x.com. I try once an hour; with the button at once.
parked-credit_known =
    ⏸ X says that the bot's app is out of credit. Its operator knows. Your tweets wait in their place and go out by themselves when that is settled.
parked-credit_own =
    ⚠️ X says that your app behind { $username } is out of credit. Your tweets wait in their place. Add credit at console.x.com. I try once an hour; with the button at once.
parked-button_try = Try again now
parked-tried = I am trying it with the first that waits.
parked-not_tried = Nothing waits for it now, or it was tried a moment ago.

## Undo

undo-choose =
    { $seconds ->
        [0] Post sends at once.
       *[other] After Post you have { $seconds } seconds to take a tweet back.
    } How long do you want?
undo-button_seconds = { $is_chosen ->
    [yes] ✓ { $seconds ->
        [0] At once
       *[other] { $seconds } s
    }
   *[no] { $seconds ->
        [0] At once
       *[other] { $seconds } s
    }
}
undo-chosen = Good for your next tweets.

## Planning: /schedule, /next, /queue

# $policy is ask, late or skip; $hours counts with late.
plan-button_later = Later
plan-button_plan = Schedule
plan-button_when = Other time
plan-button_when_one = Move this one
plan-button_more = Add another text
plan-button_h1 = In 1 hour
plan-button_t18 = Tonight 18:00
plan-button_m9 = Tomorrow 9:00
plan-button_other = Other time
plan-button_edit = Edit text
plan-button_edit_one = Edit this one
plan-button_edit_all = Edit this and all later
plan-button_now = Post now
plan-button_look_now = Look now
plan-button_do_now = Do it now
plan-button_skip = Skip once
plan-button_pause = Pause
plan-button_resume = Resume
plan-button_delete = Delete
plan-button_delete_one = Yes, delete this one
plan-button_delete_all = Yes, delete the whole schedule
plan-button_missed =
    { $policy ->
        [late] If missed: late, up to { $hours } h
        [skip] If missed: skip
       *[ask] If missed: ask
    }
plan-button_policy =
    { $is_chosen ->
        [yes] ✓ {""}
       *[no] {""}
    }{ $policy ->
        [late] { $hours ->
            [one] Post late, up to 1 hour
           *[other] Post late, up to { $hours } hours
        }
        [skip] Skip it and tell me
       *[ask] Ask me
    }

plan-ask_when =
    <b>When?</b> Press a button, or write it: <code>tomorrow 9:00</code>, <code>in 20 min</code>, <code>every weekday 8:30</code>, <code>first Monday 10:00</code>.

    { $text }
plan-ask_typed = When? For example: tomorrow 9:00, 24 December 18:30, in 20 min.
plan-ask_typed_hint = tomorrow 9:00
plan-ask_more = Send another text. The schedule posts its texts in turn.
plan-ask_missed = If I am off or held up when a post of this schedule is due, and get to it more than five minutes late:
plan-preview =
    <b>Tweet as { $username }</b>
    🕘 { WALL($at, $zone) } ({ $zone }) · { UTC($at) }
    { $plan }

    { $text }

    <i>{ $length } of { $limit } characters · { MONEY($price) }</i>
    { $notes }
plan-preview_again =
    <b>Tweet as { $username }, again and again</b>
    🔁 { $rule } ({ $zone }). First: { WALL($at, $zone) } · { UTC($at) }
    { $plan }

    { $text }

    <i>{ $length } of { $limit } characters · { MONEY($price) } each time</i>
    { $notes }
rule-minutes =
    { $count ->
        [one] every minute
       *[other] every { $count } minutes
    }
rule-hours =
    { $count ->
        [one] every hour
       *[other] every { $count } hours
    }
rule-at = { $days } at { $times }
rule-daily = every day
rule-workdays = Monday to Friday
rule-weekly = every { WEEKDAYS($weekdays) }
rule-every_days = every { $count } days from { $start }
rule-every_weeks =
    { $count ->
        [2] every second week on { WEEKDAYS($weekdays) }
       *[other] every { $count } weeks on { WEEKDAYS($weekdays) }
    }
rule-nth =
    { $nth ->
        [1] on the first
        [2] on the second
        [3] on the third
        [4] on the fourth
        [5] on the fifth
       *[other] on the last
    } { WEEKDAYS($weekdays) } of the month
rule-month_day = on day { $day } of each month
rule-month_last = on the last day of each month
rule-cron = cron <code>{ $expression }</code>
plan-other_preview =
    🕘 <b>{ WALL($at, $zone) }</b> ({ $zone }) · { UTC($at) }
    as { $username } · { $is_at_most ->
        [yes] at most {""}
       *[no] {""}
    }{ MONEY($price) }
    { $plan }

    { $text }
plan-other_preview_again =
    🔁 <b>Again and again</b>: { $rule } ({ $zone }). First: { WALL($at, $zone) } · { UTC($at) }
    as { $username } · { $is_at_most ->
        [yes] at most {""}
       *[no] {""}
    }{ MONEY($price) } each time
    { $plan }

    { $text }
plan-watch_new = I tell you what is new since now, and keep silent when nothing is. Only what comes is billed.
plan-watch_all = I show the whole list each time, and X bills it each time.
plan-watch_messages = I tell you what others wrote since now, and keep silent when they wrote nothing. X gives messages not from a moment on: it bills those of each look.
plan-kind_forbidden = X forbids to run /{ $command } by schedule: each like and follow has to be somebody's own doing at that moment. Send /{ $command } by itself.
plan-once_only = A deletion, a repost or taking one back is done once: done again it changes nothing. Name one moment, like <code>tomorrow 9:00</code>.
plan-popular_once = The popular posts are mostly the same each time. To look again and again, leave out <code>sort:</code>: then only what is new is told.
plan-kind_not_planned = /{ $command } cannot be planned.
plan-planned =
    🕘 <b>Planned</b> for { WALL($at, $zone) } ({ $zone }) · { UTC($at) }
    as { $username } · { $is_at_most ->
        [yes] at most {""}
       *[no] {""}
    }{ MONEY($price) }
    { $plan }

    <blockquote>{ $text }</blockquote>
plan-planned_again =
    🔁 <b>Planned</b> for { WALL($at, $zone) } ({ $zone }) · { UTC($at) }
    { $rule }, as { $username } · { $is_at_most ->
        [yes] at most {""}
       *[no] {""}
    }{ MONEY($price) } each time
    { $plan }

    <blockquote>{ $text }</blockquote>
plan-paused =
    ⏸ <b>Paused</b>: nothing goes out until you press <b>Resume</b>
    { $rule } ({ $zone }), as { $username } · { $is_at_most ->
        [yes] at most {""}
       *[no] {""}
    }{ MONEY($price) } each time. It was due { WALL($at, $zone) }.

    <blockquote>{ $text }</blockquote>
plan-missed =
    ⏰ <b>Missed</b>, not posted: it was due { WALL($at, $zone) } ({ $zone })
    as { $username } · { MONEY($price) }

    <blockquote>{ $text }</blockquote>
plan-skipped =
    ⏭ <b>Skipped</b>, not posted: it was due { WALL($at, $zone) } ({ $zone })
    as { $username }

    <blockquote>{ $text }</blockquote>
plan-delete_sure =
    <b>Delete what is planned for { WALL($at, $zone) }?</b> Nothing is posted; the text can be brought back.

    <blockquote>{ $text }</blockquote>
plan-run = • { WALL($at, $zone) }
plan-shift_skipped = ⚠️ Clocks skip { $asked } that day: it goes out right after, { WALL($at, $zone) }.
plan-shift_doubled = ⚠️ Clocks show { $asked } twice that day: it goes out the first time, { WALL($at, $zone) }.
plan-same_text = ⚠️ X refuses a tweet with the same text as a recent one. <b>Add another text</b>: they are posted in turn.
plan-texts = { $count } texts in turn.
plan-text = • { $text }
plan-note_next_weekday = That is the very next one. For the week after, send the date.
plan-note_short_months = Months without that day are left out.
plan-not_read = { $why } The rest is kept as your text.
plan-trouble = { $why }
plan-trouble_not_understood = I see no time there. Write it first, such as <code>tomorrow 9:00</code>.
plan-trouble_no_clock = “{ $words }” is a day without a time. Write both, such as <code>tomorrow 9:00</code>.
plan-trouble_cron = That is no cron expression of five fields, such as <code>cron 0 9 * * 1-5</code>.
plan-trouble_ambiguous = That can be read in two ways. Write <code>{ $one }</code> or <code>{ $other }</code>.
plan-trouble_past = { UTC($at) } is over. Send a time to come.
plan-trouble_too_far = That is more than { $years } years away.
plan-trouble_too_often = Not more often than every { $minutes } minutes.
plan-trouble_never = That day never comes.
plan-posted_late = ⏰ Late, as its schedule allows: it was due { WALL($at, $zone) }.
plan-more_than_a_time = I understand “{ $words }” but not what follows. Send the time only.
plan-one_moment = That is a rule for many. Send one day and time, such as tomorrow 9:00.
plan-over_today = That time is over for today.
plan-is_over = Its time has come and gone before you pressed. Press Other time.
plan-slot_taken = That slot was taken meanwhile. This is the next free one.
plan-too_late = Too late: it is not waiting any more. Look at /queue.
plan-skipped_once = Skipped once.
plan-edited = This is planned already, and editing your message does not change it. Its card has the buttons for that.
plan-text_refused =
    That text could not go out:
    { $notes }

queue-button_entry = { $number }
queue-button_before = ‹ Earlier
queue-button_after = Later ›
queue-button_open = What is planned
queue-button_missed = Missed: { $count }
queue-empty = Nothing is planned. Plan a tweet with /schedule or /next, or press <b>Later</b> under a draft.
queue-list =
    <b>{ $count ->
        [one] One entry is planned
       *[other] { $count } entries are planned
    }</b>{ $pages ->
        [1] {""}
       *[other] , page { $page } of { $pages }
    }

    { $lines }
queue-line =
    { $number }. { $how ->
        [again] 🔁 {""}
        [paused] ⏸ {""}
       *[once] {""}
    }{ WALL($at, $zone) }: { $text }

missed-button_one = { $number }
missed-button_now = Post all now
missed-button_space = Space out
missed-button_when = New time
missed-button_drop = Drop
missed-button_drop_all = Drop all
missed-button_drop_surely = Yes, drop all
missed-button_every = { $wait } apart
missed-list =
    ⏰ <b>{ $count ->
        [one] One tweet was missed
       *[other] { $count } tweets were missed
    }</b>: I was off or held up when they were due. Nothing of it was posted, and nothing will be before you say so.

    { $lines }
    { $more ->
        [0] {""}
       *[other] … and { $more } more
    }

    { $skipped }
missed-line = { $number }. { WALL($at, $zone) }: { $text }
missed-skipped =
    { $count ->
        [one] ⏭ One tweet was skipped, as its schedule wants it:
       *[other] ⏭ { $count } tweets were skipped, as their schedule wants it:
    }
missed-skipped_line = • { WALL($at, $zone) }: { $text }
missed-and_more = … and { $more } more
missed-only_skipped = { $skipped }
missed-settled = Nothing is missed any more. What is planned shows /queue.
missed-posting =
    { $count ->
        [one] ⏳ Posting it now.
       *[other] ⏳ Posting all { $count } now, one after the other. Each tells how it went.
    }
missed-not_ready = Number { $number } cannot go out as it is. Open it by its number.
missed-ask_space =
    { $count ->
        [one] The tweet goes out in a minute. Go on?
       *[other] The first goes out in a minute. How far apart are the others?
    }
missed-ask_when = When does the first go out? The others follow { $wait } apart.
missed-planned =
    { $count ->
        [one] 🕘 It is planned anew:
       *[other] 🕘 All { $count } are planned anew:
    }

    { $lines }
    { $more ->
        [0] {""}
       *[other] … and { $more } more
    }
missed-drop_sure =
    { $count ->
        [one] <b>Drop the missed tweet?</b> It is not posted.
       *[other] <b>Drop all { $count } missed tweets?</b> They are not posted.
    }
missed-dropped = Dropped.

slots-ask = At which times of the day do you like to post? Send them, such as <code>9:00, 13:00, 18:00</code>. /next takes the next free one.
slots-button_usual = 9:00, 13:00, 18:00
slots-are = Your slots are { $times } ({ $zone }). Send other times to change them, or /cancel.
slots-kept = Your slots are { $times } ({ $zone }). /next takes the next free one.
slots-not_read = I cannot read “{ $words }” as times of a day. Send them like this: 9:00, 13:00, 18:00.

zone-ask =
    { $why }

    Which time zone are you in? Press a button, or send a city, such as <code>Berlin</code> or <code>Sao Paulo</code>.
zone-ask_hint = Berlin
zone-why = I do not know your time zone yet.
zone-why_planned = Before I can plan anything I need your time zone. I ask only once.
zone-is = Your time zone is { $zone }: it is { WALL($at, $zone) } there.
zone-region_africa = Africa
zone-region_america = America
zone-region_asia = Asia
zone-region_australia = Australia
zone-region_europe = Europe
zone-region_pacific = Pacific
zone-button_one = { $city_name }
zone-in_region = Which city is on your clock? If yours is not here, send its name.
zone-which = There are several. Which one?
zone-unknown = I know no time zone “{ $words }”. Send a larger city near you, or a name such as Europe/Berlin or UTC+2.
zone-chosen = Your time zone is { $zone }: it is { WALL($at, $zone) } there. /timezone changes it; what is planned already stays where it is.

words-not_asked_any_more = All right, I do not ask for that any more.

## Connect

connect-button_connect = Connect an X account
connect-button_registered = Use this bot's app
connect-button_own = Use my own X app
connect-button_open = Open X and get the PIN
connect-button_new_link = New link
connect-button_cancel = Cancel
connect-button_close = Close
connect-button_try_again = Try again
connect-button_other_keys = Other keys
connect-button_have_token = I have access tokens
connect-button_pin_instead = By PIN instead
connect-button_yes = Yes, this is mine
connect-button_no = No, do not connect
connect-button_keep_both = Keep both
connect-button_replace = Replace the old one
connect-button_tweet = Tweet something
connect-button_rename = Rename
connect-button_another = Connect another
connect-button_private = Go on in private

connect-choose =
    <b>Connect an X account</b>

    Press <b>Use this bot's app</b>: there is nothing to prepare, X asks you to allow the app, and shows you a PIN for me.

    Only if you have a consumer key and its secret from console.x.com: press <b>Use my own X app</b>.
connect-choose_own =
    <b>Connect an X account</b>

    Press <b>Use my own X app</b> when you have its consumer key and secret from console.x.com. This bot has no app for everybody: whoever runs it has set up no app of its own.
connect-choose_registered =
    <b>Connect an X account</b>

    Press <b>Use this bot's app</b>: X asks you to allow it, and shows you a PIN for me. Whoever runs this bot has switched off people's own apps.
connect-no_app = Nobody can connect an X account yet: this bot has no app, and people's own apps are switched off. Tell whoever runs this bot.
connect-own_apps_off = Whoever runs this bot has switched off people's own apps.
connect-ask_key =
    <b>Your own app, 1 of 2: the consumer key</b>

    Send it to me now (console.x.com calls it API Key; 25 letters and digits).
    ⚠️ I delete your message at once and keep the key encrypted. Telegram has seen it all the same, so use keys you can renew, and send them nowhere else.
connect-ask_secret =
    <b>Your own app, 2 of 2: the consumer secret</b>

    Now the secret that belongs to it (API Key Secret; 50 letters and digits). I delete that message too, then I ask X whether both are right.
connect-ask_token =
    <b>Instead of a PIN: the access token</b>

    Send the access token that console.x.com made for your own account (digits, a dash, letters). I delete the message at once.
connect-ask_token_secret =
    <b>Instead of a PIN: the access token secret</b>

    Now the secret that belongs to the token. I delete that message too, then I ask X whose account it is.
connect-wrong_value =
    { $got ->
        [consumer_key] That was a consumer key.
        [consumer_secret] That was a secret.
        [access_token] That was an access token.
        [access_secret] That was an access token secret.
        [bearer] That was a bearer token, which cannot tweet for you.
        [client_id] That was a client ID or client secret; I need the other kind, called API Key.
       *[nothing] That did not look like a key.
    } I deleted it and kept nothing.

    { $wanted ->
        [consumer_key] Send the <b>consumer key</b> (API Key; 25 letters and digits).
        [consumer_secret] Send the <b>consumer secret</b> (API Key Secret; 50 letters and digits).
        [access_token] Send the <b>access token</b> (digits, a dash, letters).
       *[access_secret] Send the <b>access token secret</b> (45 letters and digits).
    }
connect-no_key_in_it =
    That holds no key, so I left it as it is. I am waiting for { $wanted ->
        [consumer_key] the <b>consumer key</b> (API Key; 25 letters and digits).
        [consumer_secret] the <b>consumer secret</b> (API Key Secret; 50 letters and digits).
        [access_token] the <b>access token</b> (digits, a dash, letters).
       *[access_secret] the <b>access token secret</b> (45 letters and digits).
    } Send it as a text, or press Cancel to do something else first.
connect-not_checked = X has not confirmed these keys yet.
connect-problem_keys_wrong =
    ✋ <b>X does not know this consumer key and secret.</b> Nothing was connected.

    Copy both from your app's <b>Keys and tokens</b> at console.x.com; if they were made anew, only the newest work. Then send the <b>consumer key</b> again.
connect-problem_tokens_wrong =
    ✋ <b>X does not take these access tokens for this app.</b> Nothing was connected.

    Make new ones under <b>Keys and tokens</b> at console.x.com, in the same app. Then send the <b>access token</b> again.
connect-problem_callback_missing =
    ✋ <b>Your app has no callback URL.</b> X wants one even when a PIN is used.

    At console.x.com open your app, <b>User authentication settings</b>, and save any callback URL, for example https://example.com. Then try again.
connect-problem_app_suspended =
    ✋ <b>X has suspended this app.</b>

    console.x.com says why and how to appeal. Until then use another app's keys.
connect-problem_no_api_access =
    ✋ <b>This app has no access to X's API.</b>

    At console.x.com put it into a project and choose a plan or buy credits. Then try again.
connect-problem_clock_skew =
    ✋ <b>The clock of this bot's computer is wrong</b>, so X refuses what it sends. Your keys may be right.

    Whoever runs this bot has to set the clock. Then try again.
connect-problem_out_of_credit =
    ✋ <b>This app's credits at X are used up.</b>

    Its owner buys credits at console.x.com. Then try again.
connect-problem_slow_down = ⏸ X wants a pause. Try again after { CLOCK($until) }.
connect-problem_unavailable = ⏸ X is not answering. Nothing was connected; try again in a minute.
connect-problem_refused =
    ✋ <b>X refuses this app:</b> { $detail }

    Look at its settings at console.x.com, then try again.
connect-problem_registered =
    ✋ <b>This bot's app does not work at X right now</b> ({ $code ->
        [keys_wrong] X does not know its keys
        [callback_missing] its callback URL is missing
        [app_suspended] X has suspended it
        [no_api_access] it has no API access
        [clock_skew] the clock of this computer is wrong
        [out_of_credit] its credits are used up
       *[other] X refuses it
    }).

    Only whoever runs this bot can put that right: please tell them. { $own_apps ->
        [yes] Try again later, or use an app of your own.
       *[no] Try again later.
    }
connect-link =
    { $tries ->
        [1] ✋ <b>That PIN was not right.</b> One more try, then you need a new link. Send the PIN exactly as X shows it.
        [2] ✋ <b>That PIN was not right.</b> Two more tries. Look at X's page again and send the PIN it shows.
       *[3] <b>Now get your PIN</b>

            1. Open X with the button, log in with the account to connect, press <b>Authorize app</b>.
            2. Send me the PIN that X shows.
    }

    ⏳ { $minutes ->
        [one] One minute left
       *[other] { $minutes } minutes left
    }, until { CLOCK($until) }.
    ⚠️ Never give this PIN to anybody else, not to an admin either: it opens your account.
connect-keys_forgotten = I do not keep the keys of an app that long. Start again.
connect-exchanging = ⏳ I am asking X about your PIN …
connect-pin_taken = ✅ X took the PIN.
connect-pin_not_sent = ⏸ X did not take anything just now, so your PIN is still good, and this does not count as a wrong one. Send it again in a minute, or take a new link.
connect-pin_used = This PIN has done its work already: each one works once. Answer the question above, or look at /connections.
connect-pin_late = ⌛ That PIN came too late: its link had run out. Take a new link, and use the PIN it leads to.
connect-pin_not_tried = ✋ Your link is used up, so I did not try this PIN. Take a new link, and use the PIN it leads to.
connect-pin_without_link = That looks like a PIN, but no link of yours is open, so I did nothing with it. Start here:
connect-pin_in_group =
    ✋ A PIN does not belong in a group, and I did not use it. { $deleted ->
        [yes] I deleted the message.
       *[no] I may not delete messages here: please delete it yourself.
    } If its link was open, it is closed now: get a new one in our private chat.
connect-key_in_group =
    ✋ Keys do not belong in a group, and I did not use them. { $deleted ->
        [yes] I deleted the message.
       *[no] I may not delete messages here: please delete it yourself.
    } Others may have seen them: make new ones at console.x.com.
connect-key_not_asked = That looked like a key. I had not asked for one, so I deleted the message and kept nothing.
connect-expired = ⌛ The link has run out; nothing was connected. Take a new one when you are ready.
connect-used_up = ✋ The link is used up: X may have seen your PIN, but gave no clear answer. Nothing was connected. Take a new link: it has three tries again.
connect-tries_over = ✋ That PIN was not right either, so this link is closed. Take a new one, and use the PIN it leads to.
connect-gave_up = ⌛ That took too long; nothing was connected, and what you sent is erased.
connect-superseded = This was before you began anew. Go on further down.
connect-stopped = Stopped: I wait for no PIN and no key any more. Nothing was connected. /connect begins again.
connect-cancelled = Stopped. Nothing was connected, and what you sent is erased.
connect-withdrawing = Not connected. X could not be reached yet to withdraw the access it gave; I keep trying.
connect-withdrawn = Not connected. X has withdrawn the access it gave.
connect-locked = 🔒 What you began does not open with this bot's key file, so it cannot go on. Nothing was connected; begin again.
connect-stale = This button does not work any more. Send /connect or /connections.
connect-confirm =
    <b>Connect as { $username }?</b>

    { $name }
    { $level ->
        [read] { $app ->
            [own] ⚠️ Your app may only read: with this connection you cannot tweet. To change it: app settings at console.x.com, Read and write, then connect again.
           *[registered] ⚠️ This bot's app may only read: with this connection you cannot tweet. Whoever runs this bot can change that; tell them.
        }
       *[other] Nobody can use it before you say yes. The question stands until { CLOCK($until) }.
    }
connect-confirm_renew =
    <b>Connect as { $username } again?</b>

    { $name }
    It renews your connection <b>{ $connection_name }</b>. { $level ->
        [read] ⚠️ { $app ->
            [own] Your app
           *[registered] This bot's app
        } may only read: you cannot tweet with it.
       *[other] The question stands until { CLOCK($until) }.
    }
connect-confirm_other_app =
    <b>Connect as { $username }?</b>

    { $name }
    You have this account already, by another app: <b>{ $connection_name }</b>. Replace that connection, or keep both? { $level ->
        [read] ⚠️ The app you use now may only read: you cannot tweet with it.
       *[other] The question stands until { CLOCK($until) }.
    }
connect-confirm_replace =
    ✋ <b>This is { $username }, not { $old_username }.</b>

    You wanted to authorize { $old_username } again. Replace { $old_username } by { $name } ({ $username })? Then { $old_username } is disconnected. { $level ->
        [read] ⚠️ This app may only read: you cannot tweet with it.
       *[other] The question stands until { CLOCK($until) }.
    }
connect-done =
    ✅ <b>{ $name }</b> is connected: { $username }

    { $level ->
        [read] ⚠️ It may only read. { $app ->
            [own] Set your app to Read and write at console.x.com, then connect again.
           *[registered] Whoever runs this bot has to set its app to Read and write at console.x.com; then connect again.
        }
        [read-write] It may read and write.
        [read-write-directmessages] It may read, write and use direct messages.
       *[unknown] X did not say what it may do.
    }
    { $app ->
        [own] Connected through your own app.
       *[registered] Connected through this bot's app.
    }
connect-gone = This account is not connected any more.

## Connections

connections-none = You have no X account connected yet.
connections-list =
    { $count ->
        [one] <b>Your X account</b>
       *[other] <b>Your { $count } X accounts</b>
    }

    { $lines }

    <i>★ is used when you name no other.</i>
    Press one to test, rename or disconnect it.
connections-line =
    { $is_default ->
        [yes] ★
       *[no] •
    } <b>{ $name }</b> { $username } – { $state ->
        [active] works
        [locked] 🔒 its keys do not open
        [reauthorize] ⚠️ X wants a new authorization
       *[revoking] being disconnected
    }, { $was_used ->
        [yes] last used { $used_at }
       *[no] not used yet
    }
connections-page =
    <b>{ $name }</b> { $username }

    { $state ->
        [active] ✅ Works.
        [frozen] ❄️ Frozen: nothing goes out through it until you let it go on.
        [locked] 🔒 Its keys do not open with this bot's key file. Authorize it again, or disconnect it.
        [reauthorize] ⚠️ X does not accept it any more. Authorize it again; what waits for it goes on then.
        [revoking] Being disconnected: X could not be reached yet, I keep trying.
       *[gone] Disconnected; its keys are erased.
    }
    { $is_default ->
        [yes] ★ Used when you name no other.
       *[no] Not your default.
    }
    { $level ->
        [read] It may only read, not tweet.
        [read-write] It may read and write.
        [read-write-directmessages] It may read, write and use direct messages.
       *[unknown] X did not say what it may do.
    } { $app ->
        [own] Connected through your own app.
       *[registered] Connected through this bot's app.
    }
    Connected { DAY($connected_at) }, { $was_used ->
        [yes] last used { $used_at }.
       *[no] not used yet.
    }
connections-button_page = { $name } ({ $username })
connections-button_default = Make default
connections-button_rename = Rename
connections-button_freeze = Freeze
connections-button_thaw = Unfreeze
connections-is_frozen = Frozen: nothing goes out through it now.
connections-is_thawed = It goes on, in the order things were asked for.
connections-button_test = Test
connections-button_again = Authorize again
connections-button_off = Disconnect
connections-button_off_surely = Yes, disconnect
connections-button_keep = Keep it
connections-button_list = All connections
connections-is_default = This is your default now.
connections-ask_name = What shall <b>{ $name }</b> be called? Send the new name, or /cancel.
connections-name_field = The new name
connections-bad_name = Send a name of one to { $most } characters, or /cancel.
connections-name_kept = The name stays as it was.
connections-renamed = Renamed: <b>{ $name }</b>.
connections-test_works = X says: this is { $username }, and it works.
connections-test_revoked = X does not accept it any more. Authorize it again.
connections-test_locked = X has locked this account for a check. Log in at x.com and unlock it.
connections-test_suspended_account = X has suspended this account.
connections-test_slow_down = X wants a pause. Test again after { CLOCK($until) }.
connections-test_unavailable = X is not answering. Test again in a minute.
connections-test_app = X refuses the app behind this connection. Its owner finds the reason at console.x.com.
connections-test_other = X says that this is { $username } now. Authorize it again.
connections-cannot_test = Its keys do not open, or its app is not set up here any more. Authorize it again, or disconnect it.
connections-ask_off =
    <b>Disconnect { $name } ({ $username })?</b>

    The keys kept here are erased, and X is told to forget the access, unless another connection needs it. Tweets that wait for it do not go out.

    { $uses }
# Two keys, one sentence: whether another connection lives on the same access is nobody's business.
connections-off_revoked = <b>{ $name }</b> ({ $username }) is disconnected: its keys are erased here, and nothing goes out through it any more. Which apps may use the account you see at x.com, Settings, Connected apps.
connections-off_kept = <b>{ $name }</b> ({ $username }) is disconnected: its keys are erased here, and nothing goes out through it any more. Which apps may use the account you see at x.com, Settings, Connected apps.
connections-off_impossible = <b>{ $name }</b> ({ $username }) is disconnected: the keys are erased here, but X could not be told with them. End the app's access yourself: x.com, Settings, Connected apps.
# After an erasure the account's name is not known any more.
connections-nameless_revoked = The token of an account of yours is erased here too. Which apps may use the account you see at x.com, Settings, Connected apps.
connections-nameless_kept = The token of an account of yours is erased here too. Which apps may use the account you see at x.com, Settings, Connected apps.
connections-nameless_impossible = The token of an account of yours is erased here, but X could not be told with it. End the app's access yourself: x.com, Settings, Connected apps.
connections-off_later = <b>{ $name }</b> ({ $username }) is out of use, but X could not be reached. I keep trying to have the access withdrawn, and tell you when it is done.
connections-off_elsewhere = <b>{ $name }</b> ({ $username }) is being disconnected.

## Groups: sharing an account, and what the group may do with it

menu-share = Let a group use an X account of yours
menu-policy = What a group may do with a shared account
connections-button_groups = Groups
share-button_begin = Share with a group
share-in_group = Which of your accounts this group may use, you choose in our private chat. The button works only for who asked, for ten minutes.
share-admins_only = Only an admin of the group can share an account with it.
share-pick = Which group may use an account of yours? Press the button below and choose a group where you are an admin. If I am not in it yet, I am added.
share-button_pick = Choose a group
share-picked = Chosen: <b>{ $title }</b>.
share-pick_is_over = I did not ask for that, or not any more. /share begins anew.
share-not_there = Telegram tells me nothing about that group. Am I in it? Add me there, then send /share in the group.
share-no_group = I am not in that group any more. Add me there, then send /share in it.
share-connect_first = You have no X account connected that works. Connect one first, then send /share again.
share-all_shared = <b>{ $title }</b> may use all your accounts already.
share-which =
    <b>Which account may “{ $title }” use?</b>

    At first only its admins may ask for posts, replies and media, without links, and another admin has to approve each. Right after this you can change all of it.
    The keys and the settings of the account stay yours. Any admin there can stop everything with one tap; you can take it back at any time.

    { $is_admin ->
        [yes] I am an admin there: Telegram tells me at once when somebody leaves or is an admin no more. It also hands me every message of the group; I look at those meant for me only, and keep no others.
       *[no] <b>I need not be an admin there.</b> As it is I see only commands and answers to me, and learn who left by asking: at each press, and before each post. If you make me an admin, with no rights at all, Telegram tells me at once when somebody leaves or is an admin no more. It then also hands me every message of the group; I look at those meant for me only, and keep no others.
    }
share-not_now = It was not shared: the group may use it already, or something changed meanwhile. /policy shows how it stands.
share-done = Shared. The group is told.
share-told =
    <b>{ $who }</b> lets this group use { $username } on X. This is what it may do:

    { $lines }

    The keys and the settings of the account stay with { $who }. /policy shows this at any time, and lets any admin stop it.
policy-none_shared = You share no account with a group.
policy-none_here = No account is shared with this group. An admin who has connected one can share it: /share
policy-list =
    <b>What you share</b>

    { $lines }
policy-list_line = • { $username } in <b>{ $title }</b>{ $state ->
        [active] {""}
        [frozen] , ❄️ frozen
        [suspended] , ⚠️ suspended
       *[ended] , ended
    }
policy-here =
    <b>{ $username }</b>, shared by { $who }
    { $state ->
        [active] ✅ In use.
        [frozen] ❄️ Frozen by { $froze_name }: nothing goes out. { $froze_owns ->
            [yes] Only { $froze_name } can let it go on.
           *[no] { $froze_name } or { $who } can let it go on.
        }
        [suspended] ⚠️ Suspended: nothing goes out. { $why ->
            [owner_left] { $who } is not in this group any more.
            [owner_not_admin] { $who } is no admin of this group any more.
            [owner_blocked] { $who } does not use me any more.
            [bot_removed] I was out of this group.
           *[other] { $who } can let it be used again.
        }
       *[ended] Not shared any more.
    }

    { $lines }
policy-page =
    <b>{ $username } in “{ $title }”</b>
    { $state ->
        [active] ✅ In use.
        [frozen] ❄️ Frozen by { $froze_name }: nothing goes out, nothing is lost.
        [suspended] ⚠️ Suspended: nothing goes out, nothing is lost. { $why ->
            [owner_left] You were not in the group any more.
            [owner_not_admin] You were no admin of the group.
            [owner_blocked] You had blocked me.
            [bot_removed] I was out of the group.
           *[other] It lost its ground.
        }
       *[ended] Not shared any more.
    }

    { $lines }

    { $warnings }
policy-nobody_listed = ⚠️ Listed people may ask, but nobody is listed yet.
policy-cannot_be_approved = ⚠️ More people must approve than are named; nobody approves their own. What you ask for yourself can never be approved so.
policy-asks = · May ask: { $who ->
        [admins] admins of the group
        [listed] admins of the group, and { $names }
       *[members] every member
    }
policy-kinds = · For these:
policy-kind = – { $what }
policy-nothing = · For nothing at present
policy-approval = · Approval: { $who ->
        [nobody] none is needed
        [admins] { $votes ->
            [one] an admin
           *[other] { $votes } admins
        }, never of their own
        [unnamed] people who are not named yet, so by nobody
       *[named] { $votes } of { $names }{ $in_order ->
            [yes] , one after the other
           *[no] {""}
        }, never of their own
    }
policy-unapproved = – not needed for { $what }
policy-quota = · At most { $count ->
        [one] one
       *[other] { $count }
    } a day for each person
policy-cap = · At most { $cap } a month for the group
policy-person_cap = · At most { $cap } a month for each person
policy-quiet = · Nothing goes out { $hours } ({ $zone })
policy-links = · Links: { $allowed ->
        [yes] allowed
       *[no] not allowed
    }
policy-author = · { $named ->
        [yes] The group sees who asked
       *[no] Who asked stands in the log only
    }
policy-word_asks_admins = Admins
policy-word_asks_listed = Admins and listed people
policy-word_asks_members = Every member
policy-word_kinds_post = posts, threads and quotes
policy-word_kinds_reply = replies
policy-word_kinds_media = photos, GIFs and videos
policy-word_kinds_schedule = planned posts
policy-word_kinds_delete = deleting posts
policy-word_kinds_repost = reposts, likes, follows
policy-word_kinds_read = reading
policy-word_kinds_message = direct messages
policy-word_approves_nobody = No approval
policy-word_approves_admins = Admins approve
policy-word_approves_named = People I name approve
policy-word_unapproved_owner = what the owner asks for
policy-word_unapproved_admins = what admins ask for
policy-word_unapproved_read = reading
policy-word_unapproved_reply = replies
policy-word_unapproved_repost = reposts, likes, follows
policy-button_page = { $username } in { $title }
policy-button_choice = { $on ->
        [yes] ✅
       *[no] ▫️
    } { $what }
policy-button_asks = Who may ask
policy-button_kinds = For what
policy-button_approves = Who approves
policy-button_unapproved = Without approval
policy-button_limits = Limits
policy-button_hours = Quiet hours
policy-button_links = { $allowed ->
        [yes] Forbid links
       *[no] Allow links
    }
policy-button_author = { $named ->
        [yes] Show authors in the log only
       *[no] Show authors to the group
    }
policy-button_votes = { $on ->
        [yes] ✅
       *[no] ▫️
    } { $count ->
        [one] 1 vote
       *[other] { $count } votes
    }
policy-button_order = { $on ->
        [yes] ✅
       *[no] ▫️
    } One after the other
policy-button_people = Name people
policy-button_name = { $on ->
        [yes] ✅
       *[no] ▫️
    } { $first_name } { $role ->
        [asks] may ask
       *[approves] may approve
    }
policy-not_here = They are not in this group any more. Name somebody who is.
policy-button_drop = ✖ { $first_name }
policy-button_quota = { $count } a day
policy-button_no_quota = As many as they like
policy-button_cap = { $cap }, group
policy-button_no_cap = No cap for the group
policy-button_pcap = { $cap } each
policy-button_no_pcap = No cap for each
policy-button_other = Another …
policy-button_quiet = { $hours }
policy-button_no_quiet = No quiet hours
policy-button_zone = Time zone: { $zone }
policy-button_freeze = ❄️ Freeze
policy-button_thaw = Unfreeze
policy-button_resume = Let it be used again
policy-button_tell = Show the group
policy-shown = The group can read it now.
policy-button_hand_over = Hand over
policy-button_end = Take it back
policy-button_end_surely = Yes, take it back
policy-button_back = Back
policy-button_all = All I share
policy-changed = Changed.
policy-ask_quota = How many a day for each person? Send a number, or <code>none</code>.
policy-hint_quota = 5
policy-quota_not_read = “{ $words }” is no number I can use. Send a number such as 5, or none.
policy-ask_cap = How many US dollars a month for the whole group? Send an amount such as <code>7.50</code>, or <code>none</code>.
policy-hint_cap = 7.50
policy-ask_pcap = How many US dollars a month for each person? Send an amount such as <code>2.50</code>, or <code>none</code>.
policy-hint_pcap = 2.50
policy-ask_quiet = When is nothing to go out? Send it as <code>22:00-07:00</code>, or <code>none</code>.
policy-hint_quiet = 22:00-07:00
policy-hours_not_read = I cannot read “{ $words }”. Send it as 22:00-07:00, or none.
policy-ask_zone = By which clock do quiet hours and days go? Send a city such as Berlin.
policy-hint_zone = Berlin
policy-ask_people_asks = Who may ask, besides the admins? Press the button below and choose them; they take the place of those listed now.
policy-ask_people_approves = Who approves? Press the button below and choose them, in the order they vote in, if there is to be one. They take the place of those named now.
policy-pick_people = Choose people
policy-people_named = They are named now.
grant-unknown = That account is not shared here any more, or is not yours. /policy shows what is.
grant-not_theirs = Only who shared the account can do that, or for thawing, who froze it.
grant-no_admin = Only an admin of the group can do that.
grant-is_frozen = Frozen: nothing goes out through it now.
grant-frozen_already = It is frozen already.
grant-frozen_told = ❄️ <b>{ $who }</b> has frozen { $username } for this group. Nothing goes out; what waits is kept. { $owns ->
        [yes] Only { $who } can let it go on: /policy
       *[no] { $who } or its owner can let it go on: /policy
    }
grant-is_thawed = It goes on, in the order things were asked for.
grant-thawed_told = <b>{ $who }</b> lets { $username } go on in this group. What waited goes out in its order.
grant-is_resumed = The group may use it again.
grant-resumed_told = This group may use { $username } again, says <b>{ $who }</b>. What waited goes out in its order.
grant-bot_is_out = I am not in that group. Add me there first.
grant-ask_end =
    <b>Take { $username } back from “{ $title }”?</b>

    The group cannot use it any more, and what waits there does not go out. What is on X stays.
grant-ended = “{ $title }” cannot use { $username } any more. The group is told.
grant-ended_told = <b>{ $who }</b> has taken { $username } back: this group cannot use it any more. What waited does not go out.
grant-ask_whom =
    <b>Hand { $username } over?</b>

    It becomes another person's: its keys, its settings, all its groups. You keep nothing of it. Press the button below and choose an admin of “{ $title }”; they have to accept.
grant-button_pick = Choose a person
grant-yours_already = It is yours already. Choose another admin.
grant-no_receiver = Only an admin of the group can become the owner.
grant-receiver_unknown = They do not use me yet, so they cannot own it. { $is_open ->
        [yes] Ask them to send me /start in private, then offer it again.
       *[no] I am not open to everybody: ask whoever runs me for an invitation link for them, and offer it again when they have followed it.
    }
grant-offered = <b>{ $who }</b> offers { $username } to <b>{ $to_name }</b>: to own it from now on. The button works for { $to_name } only, for a day.
grant-button_accept = Accept
grant-offer_is_out = { $to_name } can accept in the group, for a day. Until then { $username } stays yours.
grant-offer_is_over = That offer does not stand any more. Ask for a new one.
grant-ask_take =
    <b>{ $who } offers you { $username }</b>, which “{ $title }” uses.

    If you accept, it is your connection: you set what groups may do with it, and you are asked when X wants it authorized again.
grant-button_take = Yes, I take it
grant-cannot_take = It cannot become yours: you have this account already, or something changed meanwhile. If /connections shows the account, disconnect yours first; then ask for a new offer.
grant-is_yours = It is yours now.
grant-handed_over_told = <b>{ $who }</b> has handed { $username } over to <b>{ $to_name }</b>, who decides about it from now on.
grant-given_away = { $username } is { $to_name }'s now. Nothing of it is left with you.

## What uses a connection

relations-page =
    <b>{ $name }</b> ({ $username }) is used:

    { $uses }
relations-none = Nothing waits for <b>{ $name }</b> ({ $username }), and no group uses it.
relations-in_use = <b>In use</b>
relations-group = • by the group <b>{ $group }</b>
relations-schedules =
    • by { $count ->
        [one] one schedule
       *[other] { $count } schedules
    }
relations-drafts =
    • by { $count ->
        [one] one draft
       *[other] { $count } drafts
    }
relations-waits =
    • by { $count ->
        [one] one task that waits
       *[other] { $count } tasks that wait
    } to go out
relations-others =
    • by { $count ->
        [one] one person
       *[other] { $count } people
    } beside you
relations-schedule = – { $rule }, next { WALL($at, $zone) }: “{ $text }”
relations-schedule_idle = – { $rule }
relations-task = – “{ $text }”
relations-task_planned = – { WALL($at, $zone) }: “{ $text }”
relations-draft_of = – one of <b>{ $name }</b>'s in <b>{ $group }</b>
relations-no_words = no words yet
relations-people = – { $names }
relations-more = – and { $count } more
relations-button_open = Who uses it
relations-button_log = What was done with it
relations-button_back = Back

## People

people-list =
    { $count ->
        [one] <b>One person uses this bot</b>
       *[other] <b>{ $count } people use this bot</b>
    }{ $pages ->
        [1] {""}
       *[other] {" "}(page { $page } of { $pages })
    }

    { $lines }

    { $open ->
        [yes] Everybody may come in: you opened this bot in its settings.
       *[no] Only people with an invitation from you can come in.
    }{ $invites ->
        [0] {""}
        [one] {" "}One invitation is open.
       *[other] {" "}{ $invites } invitations are open.
    }
    <i>● may use it · ○ has blocked the bot · ⛔ banned</i>

    Press a name to see or ban somebody, or make an invitation:
people-line =
    { $state ->
        [banned] ⛔
        [left] ○
       *[active] ●
    } <b>{ $name }</b>{ $has_username ->
        [yes] {" "}@{ $telegram_name }
       *[no] {""}
    }{ $role ->
        [operator] , runs this bot
       *[person] {""}
    }{ $state ->
        [banned] , banned
        [left] , has left
       *[active] {""}
    } – { $connections ->
        [0] no X account
        [one] 1 X account
       *[other] { $connections } X accounts
    }
people-page =
    <b>{ $name }</b>{ $has_username ->
        [yes] {" "}@{ $telegram_name }
       *[no] {""}
    }
    Telegram id { $id }, here since { DAY($since) }

    { $role ->
        [operator] Runs this bot, and cannot be banned.
       *[person] { $state ->
            [banned] ⛔ Banned: nothing of theirs goes out.
            [left] ○ Has left: blocked the bot. May come back.
           *[active] ● May use this bot.
        }
    }
    { $connections ->
        [0] No X account connected.
        [one] 1 X account connected.
       *[other] { $connections } X accounts connected.
    }
people-ask_ban =
    <b>Ban { $name }?</b>

    The bot answers them no more. What waits to be posted for them is cancelled, and an authorization they are in is ended. Their X accounts stay connected but unused; you can lift the ban.
people-button_person = { $name }
people-button_earlier = ‹ Earlier
people-button_later = Later ›
people-button_list = All people
people-button_ban = Ban
people-button_ban_surely = Yes, ban
people-button_keep = No
people-button_lift = Lift the ban
people-button_invite =
    { $uses ->
        [one] Invite one
       *[other] Invite { $uses }
    }
people-button_invites = Open invitations ({ $count })
people-button_withdraw = Withdraw this invitation
people-button_withdraw_one = Withdraw: for { $uses }, until { $until }
people-banned = Banned.
people-lifted = The ban is lifted.
people-nobody = I do not know this person any more.
people-cannot_ban_operator = Whoever runs the bot cannot be banned.
people-invite_made =
    { $uses ->
        [one] <b>An invitation for one person.</b>
       *[other] <b>An invitation for { $uses } people.</b>
    }

    Forward the next message to whom you invite. It works until { $until }; whoever has the link can use it, so do not post it in public.
people-invite =
    You are invited to use this bot, which connects your X account and tweets for you from Telegram:

    { $url }
people-invites =
    { $count ->
        [0] <b>No invitation is open.</b>
        [one] <b>One invitation is open.</b> Press it to withdraw it; who came by it stays.
       *[other] <b>{ $count } invitations are open.</b> Press one to withdraw it; who came by it stays.
    }
people-withdrawn = Withdrawn: the link lets nobody in any more.
people-invite_over = This invitation was over already.

## Privacy

gate-erased = Everything about you is erased here, and X is told to withdraw the access to your accounts. Send /start to begin anew.
gate-begin_anew = Nothing is stored about you here. Send /start to begin.

privacy-all =
    <b>What is stored, and for how long</b>

    <b>About you:</b> your Telegram id, first name, @username and language. Until you erase them.
    <b>Your X accounts:</b> name, @name, picture address, what the app may do, when last used. The access tokens{ $own_apps ->
        [yes] {" "}and the keys of your own app
       *[no] {""}
    } are encrypted; the key to them lies in a file of its own, not in the database. When you disconnect, X is told to withdraw the access and tokens and keys are erased; the account's name stays until you erase everything.
    <b>Connecting:</b> what you begin with /connect is noted. Its keys are erased when it ends, at the latest half an hour later.
    <b>Your tweets:</b> texts, picture descriptions, Telegram's references to your files (never the files), when they went out, and their numbers on X. Also of drafts. Until you erase them.
    <b>What you plan:</b> schedules with their texts and files, your time zone and your slots. Until you erase them.
    <b>Invitations:</b> which one you made or used, and when. Until you erase them.
    <b>In groups that use an account:</b> the group's name, who asked for what, who approved, and the group's log of it. What you wrote you can erase; the log keeps numbers and times.
    <b>What you type behind this bot's name in other chats:</b> the newest text, for ten minutes.
    <b>Messages:</b> other messages are not stored. A message with a key or a PIN is deleted from the chat at once. The numbers of handled messages, without words, are kept for two days.
    <b>The log</b> holds numbers and error codes, no words, names or keys.

    <b>Who else sees it:</b> Telegram sees what you write here, keys and PINs too. X sees what you post and that this bot does it. Whoever runs this bot holds the database and the key file.

    <b>Taking it away:</b> /forget gives you all of it as a file, and erases it.

forget-explain =
    <b>Your data</b>

    <b>Export</b> gives you a file with everything stored about you: your name, { $connections ->
        [0] drafts and tweets
        [one] your X account, drafts and tweets
       *[other] your { $connections } X accounts, drafts and tweets
    }. Keys and tokens are not in it.
    <b>Erase everything</b> deletes all of it. What you posted on X stays there.{ $role ->
        [operator] {" "}You run this bot: after that nobody does, until somebody makes a new claim link.
       *[person] {""}
    }

    /privacy says what is stored.
forget-ask =
    <b>Erase everything?</b> This cannot be undone.

    { $connections ->
        [0] • No X account is connected.
        [one] • Your X account is disconnected: X is told to withdraw the access, and the tokens are erased.
       *[other] • Your { $connections } X accounts are disconnected: X is told to withdraw the access, and the tokens are erased.
    }
    { $uses }
    • What waits to be posted does not go out; drafts and the list of your tweets are erased.
    • Your name, language and invitations are erased.
    • What is on X stays there, and the messages in this chat stay until you delete the chat.
    { $role ->
        [operator] ⚠️ <b>You run this bot.</b> Without you nobody does: nobody can be invited or banned, until somebody makes a new claim link with <code>pinfeather claim</code> on its computer and opens it.
       *[person] • To come back you may need a new invitation.
    }
forget-erased =
    <b>Everything about you is erased.</b> { $connections ->
        [0] {""}
        [one] X is being told to withdraw the access to your account; I keep its sealed token until that is done, and tell you.
       *[other] X is being told to withdraw the access to your accounts; I keep their sealed tokens until that is done, and tell you.
    }

    { $role ->
        [operator] Nobody runs this bot now: <code>pinfeather claim</code> on its computer makes a new claim link.
       *[person] You can delete this chat now.
    }
forget-exported = Everything stored about you, without keys and tokens.
forget-busy = X is just being asked for your authorization. Try again in half a minute.
forget-asked_too_long_ago = That was asked too long ago. I ask again.
forget-button_open = Get a copy, or erase it
forget-button_export = Export
forget-button_erase = Erase everything
forget-button_surely = Yes, erase everything
forget-button_keep = No, keep it

language-choose = <b>In which language shall I speak?</b>
language-chosen = I speak this language now.
language-unknown = I do not speak this language any more. Send /language again.
language-button_one =
    { $is_chosen ->
        [yes] ✓ { $name }
       *[no] { $name }
    }
language-button_telegram =
    { $is_chosen ->
        [yes] ✓ As in Telegram
       *[no] As in Telegram
    }

## What X (or Telegram) said: one sentence each, then what to do. $detail is X's own words.

x-duplicate = X has this text from you already. Change the text.
x-too_long = X says the text is too long for this account. Shorten it.
x-forbidden = X refused this without a reason; most often the text is too long for the account, or the account is restricted. Edit it, or look on X.
x-invalid_request = X did not accept it: “{ $detail }” Edit it.
x-invalid_url = X does not take a link in this text. Edit it.
x-too_many_cashtags = X takes one cashtag ($ABC) in a tweet at most. Edit the text.
x-reply_not_allowed = X lets apps reply only where this account was mentioned. Reply in the X app.
x-quote_not_allowed = X does not let apps quote posts on this plan. Quote in the X app.
x-gone = The post is gone or hidden.
x-no_posts = This account has posted nothing that X shows.
x-no_such_account = X has no account of that name, or has suspended it.
x-not_found = X does not find it.
x-not_visible = X does not show it to this account.
x-locked = X has locked this account for a check. Log in to X and unlock it, then try again.
x-suspended_account = X has suspended this account. Log in to X to see why.
x-read_only = The app may only read with this account. Set the app to “Read and write” at X, then connect again.
x-no_dm_permission = The app may not send messages. Set it to “Read and write and Direct message” at X, then connect again.
x-dm_not_allowed = This person does not accept messages from the account.
x-feature_not_allowed = X does not open this function to the account or the app.
x-looks_automated = X thinks this looks automated. Change the text or wait a while.
x-daily_limit = X's daily limit for this account is reached. Try again tomorrow.
x-media_invalid = X could not use the attached file. Send another one.
x-media_type = X does not take this kind of file. Send a JPEG, PNG, WebP, GIF or MP4.
x-media_too_big = The file is too big for X. Send a smaller one.
x-media_too_long = The video is too long for this account. Send a shorter one.
x-media_too_short = The video is too short for X. Send a longer one.
x-media_dimensions = X does not take pictures of this size or shape. Send another one.
x-media_slow = X is still working on the file. Try again in a few minutes.
x-revoked = X no longer accepts this connection: it was withdrawn. Connect again; nothing was sent.
x-keys_wrong = X no longer accepts the keys of this app. Connect again.
x-wrong_pin = This PIN is not right.
x-link_dead = This link has run out.
x-clock_skew = The clock of this bot's machine is off, so X refuses its requests. Whoever runs the bot has to set it right.
x-callback_missing = The app has no callback URL: save one in the app's settings at X.
x-app_suspended = X has suspended this app. Whoever owns the app has to ask X why.
x-no_api_access = The app has no API access at X: it has to be put into a project with a plan.
x-out_of_credit = The app's credits at X are used up. Whoever pays for the app has to add some, then try again.
x-usage_cap = The app's monthly quota at X is used up.
x-rate_limited = X's limit is reached. Try again later.
x-unavailable = X cannot be reached. Try again in a few minutes; nothing was sent.
x-unreachable = X cannot be reached from here. Try again in a few minutes; nothing was sent.
x-timed_out = X did not answer in time. Try again in a few minutes.
x-connection_lost = The connection to X broke off. Try again in a few minutes.
x-answer_too_big = X gave an answer that is too long. Try again in a few minutes.
x-telegram_unreachable = Telegram does not answer, so I could not fetch the file. Try again in a few minutes.
x-server_error = X has a problem of its own. Try again in a few minutes.
x-garbled = X gave an answer that makes no sense. Try again in a few minutes.
x-unknown = X did not say what became of it.
x-cannot_look = I cannot look on X whether it went out.
x-deletion_unknown = X did not say whether it was deleted. Look on X, or try again: that is safe.
x-deed_unknown = X did not say whether it was done. Look on X, or try again: that is safe.
x-file_gone = Telegram does not give me the file any more. Send it again.
x-file_too_big = Telegram lets me fetch files of up to 20 MB. Send a smaller one.
x-no_connection = The account is not connected any more. Connect it, then try again.
x-part_unseen = You saw a part of this thread on X, and I do not see it there: I cannot hang the next one on it. Try again in a while, or go on in the X app.
x-over_cap = The month's cap of this connection does not allow it: { $detail } are spent or set aside. Raise the cap in /limits, then try again.
x-locked_secrets = The keys of this connection cannot be opened on this machine. Connect again.
x-author_left = Who asked for it has left the group, so nothing was sent.
x-not_allowed = Who asked for it may not ask for it any more, so nothing was sent. /policy shows who may ask for what.
x-link_not_allowed = Links are not allowed in this group any more, so nothing was sent.
x-voter_gone = Somebody who had approved it left, or may not approve any more, while a part of it was out already. The rest was not sent.
x-votes_anew = It, or the policy, changed since it was approved, while a part of it was out already. The rest was not sent.
x-not_sent = The connection takes no posts at the moment. Nothing was sent.
x-internal = Something went wrong here. Nothing was sent.
x-not_yours = This is another account's post, so X does not delete it.
x-already = X says that this is so already.
x-already_asked = X says that this account has been asked already, and has not answered yet.
x-yourself = X lets no account do this to itself.
x-blocked = One of the two accounts blocks the other, so X does not do it.
x-follow_limit = X lets this account follow nobody more for now. Try again tomorrow.
x-person_suspended = X has suspended that account.
x-not_in_plan = This function is not in the app's plan at X. Do it in the X app.
x-oauth2_only = X opens this function only to apps that sign in another way (OAuth 2.0).
x-too_old = That is too long ago for a search: X searches the last seven days.
x-conflict = X says that this collides with something it is doing already. Try again in a few minutes.
x-pin_not_allowed = X gives this app no PIN: save a callback URL in the app's settings at X.
x-frozen = You froze this connection: nothing goes out through it until you let it go on.
x-unknown_error = X refused this and said: “{ $detail }” I do not know this answer yet.
