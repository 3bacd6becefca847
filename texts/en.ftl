### Every sentence the bot says in English; the other languages have the same keys with the same facts.
###
### For translators: a key is `area-event`. Facts ({ $name }) may stand anywhere in the sentence, or be used
### in a choice. Tags (<b>, <i>, <code>, <a href="...">) are Telegram's HTML and stay; write &lt; &gt; &amp; for
### < > &. Buttons, toasts and commands are plain text without tags. Functions: { $at } date and time,
### { CLOCK($at) } time, { DAY($at) } date, { DURATION($seconds) }, { MONEY($dollars) }, { PLAIN($number) }.

language-name = English

## The bot itself

bot-name = Pinfeather
bot-about = Connect your X account by PIN and tweet from here.
bot-description =
    Connect your X account with a PIN and tweet from this chat: texts, photos, albums, GIFs and videos, with a preview before anything goes out.

    Press Start to begin.
