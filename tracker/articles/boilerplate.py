"""Lines inside an article that are not part of it: newsletter boxes, share prompts, "Read also", cookie notices.

A table of patterns, each of which has to cover a whole block or a whole sentence that begins like a call to the
reader; a block that reports what somebody said is never one. Not here: finding the article on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tracker.dates import parse
from tracker.model import Basis

LETTERS = r"(?:newsletters?|inbox|briefings?|bulletins?|digests?|mailing list|e-?mail alerts?|alerts|daily e-?mails?|e-?mails?)"
NETWORKS = (
    r"(?:whats\s?app|telegram|facebook|twitter|x|instagram|linked\s?in|youtube|threads|mastodon|bluesky|tiktok|reddit|"
    r"google news|apple news|flipboard|wechat|weibo|line|signal)"
)
# Calls to the reader: a whole block, or a sentence at the edge of a paragraph.
CALLS = (
    rf"(?:please )?(?:sign|signing) up (?:here |now |today |for free |free )?(?:for|to)\b.{{0,120}}\b{LETTERS}\b.{{0,120}}",
    rf"(?:please )?subscribe (?:here |now |today )?(?:for|to|on|via)\b.{{0,80}}\b(?:{LETTERS}|channel|podcast|magazine|{NETWORKS}|our|premium)\b.{{0,80}}",
    rf"(?:get|receive|have)\b.{{0,100}}\b(?:in|to|straight to|delivered to|by|via)\b.{{0,20}}\b{LETTERS}\b.{{0,80}}",
    rf"(?:never miss|don['’]t miss|stay (?:up to date|informed|ahead|on top)|keep up)\b.{{0,140}}\b(?:{LETTERS}|subscribe|sign up|follow|app|{NETWORKS})\b.{{0,80}}",
    r"(?:enter|submit) your e-?mail\b.{0,120}",
    r"(?:click|tap|press) (?:here|the link|below|on the link)\b.{0,140}",
    rf"(?:(?:please )?(?:also )?(?:join|follow|like|find|add|connect with|chat with|visit|message)) (?:us|our|the author|me|[A-Z][\w.&' -]{{1,30}}(?:'s)?)\b.{{0,60}}\b{NETWORKS}\b.{{0,80}}",
    r"join (?:the|our) (?:conversation|discussion|community|channel|group)\b.{0,80}",
    rf"follow (?:@\w+|\S+ )?(?:on|via) {NETWORKS}\b.{{0,60}}",
    r"download (?:the|our) \S{0,30} ?app\b.{0,100}",
    r"(?:got|have|do you have) (?:a |any )?(?:news )?(?:tip|story|question|information|feedback|comments?)\b.{0,160}",
    r"(?:contact|e-?mail|write to|reach) (?:the (?:author|reporter|editor|writer|newsroom)|us|our (?:newsroom|team|editors))\b.{0,120}",
    r"(?:send|share) (?:us )?your (?:thoughts|views|tips|feedback|comments|letters)\b.{0,100}",
    r"(?:support|donate to|become a (?:member|supporter|patron) of) (?:our|us|independent|quality)\b.{0,100}",
    r"(?:read|see|watch|listen to) (?:the |our )?(?:full |original |whole )?(?:story|article|report|post|coverage|version|podcast|video|interview)? ?(?:here|below|above|now)\b.{0,20}",
    r"(?:read|see|find out|learn|discover|explore) more(?: (?:here|about this|on this|at \S+|in our \S+))?",
)
# Whole blocks only.
LINES = (
    # pointers to other articles
    r"(?:also read|read also|read more|read next|read this(?: next)?|see also|related(?: (?:stories|story|articles?|reading|coverage|links?|news|topics?|posts?))?|more on this(?: (?:story|topic))?|"
    r"recommended(?: (?:for you|stories|reading))?|you (?:may|might) (?:also )?(?:like|be interested in)|must[- ]read|in case you missed it|icymi|explainer|watch(?: now| more)?|listen(?: now)?|podcast|from the archives?|further reading|up next|trending|don['’]t miss|lire aussi|lesen sie auch|lea también|leia também)\s*[:|›»>→▶–—]\s*\S.{0,200}",
    r"(?:also read|read also|read more|read next|see also|related (?:stories|story|articles?|reading|coverage|links?|news|topics?|posts?)|more on this(?: (?:story|topic))?|recommended(?: (?:for you|stories|reading))|you (?:may|might) also like|more (?:from|in|news|stories)\b.{0,40}|most (?:read|popular|viewed)|trending(?: now)?|latest (?:news|stories)|up next|topics?|tags?|filed under|keywords)\s*:?",
    r"(?:tags?|topics?|keywords|filed under|categor(?:y|ies)|sections?|in this (?:article|story))\s*:\s*.{1,200}",
    # buttons and counters
    r"(?:share|tweet|post|pin|print|e-?mail|copy(?: link)?|save|bookmark|gift|like|reply|comments?|follow|listen|play|pause|close|menu|search|log ?in|sign in|register|subscribe(?: now)?|sign up|submit|advertise(?:ment)?|advertising|sponsored(?: content)?|promoted|ads?|loading\.*|skip to (?:main )?content|back to top|show more|view (?:all|more|comments)|no comments(?: yet)?|leave a (?:comment|reply))[.!]?",
    r"(?:share|print|save|e-?mail|tweet|post|gift|copy)(?: (?:this|the|on|via|to|with|link|article|story|page|post|now|by|a friend|friends|url|facebook|twitter|x|whatsapp|linkedin|telegram|email|e-mail))+[.!]?",
    r"(?:share|follow)(?:[\s,:|/·•]+(?:on|via|us|this|and|facebook|twitter|x|whats\s?app|linked\s?in|telegram|e-?mail|reddit|copy|link|print|instagram|youtube))+[.!]?",
    r"(?:(?:facebook|twitter|x|whats\s?app|linked\s?in|telegram|e-?mail|reddit|copy link|print|instagram|youtube|pocket)[\s,|/·•]*){2,}",
    r"\d+ (?:comments?|shares?|likes?|views?|replies)",
    r"(?:reading time|estimated reading time|time to read)\s*:?\s*\d+.{0,20}|\d+[- ]?min(?:ute)?s?(?: read| listen|)\.?|listen to (?:this )?(?:article|story)\b.{0,40}",
    r"(?:(?:story|article) continues (?:below|after)|continue reading below|scroll (?:down )?(?:to continue|for more))\b.{0,60}|continue reading",
    # consent and law
    r"(?:we|this (?:web)?site|our (?:web)?site)(?: and (?:our|its) (?:\d+ )?partners)? uses? (?:\S+ )?cookies\b.{0,400}",
    r"(?:by (?:clicking|continuing to (?:use|browse)|using (?:this|our) (?:web)?site|signing up|subscribing|(?:submitting|providing|entering) your))\b.{0,200}\b(?:cookies|terms|privacy|conditions)\b.{0,200}",
    r"(?:accept|reject|allow|manage|decline)(?: (?:all|my|your|the|non-essential|optional|necessary))* (?:cookies|preferences|settings|choices|consent)\.?|cookie (?:settings|policy|preferences|notice)|your privacy(?: choices)?",
    r"(?:copyright|©|\(c\)|&copy;).{0,20}\b(?:19|20)\d\d\b.{0,160}|.{0,60}\ball rights reserved\b.{0,60}",
    r"(?:this (?:article|story|material|content|piece|report) (?:may not be|was (?:originally|first) published|is (?:republished|syndicated)|originally appeared|first appeared))\b.{0,160}",
    r"(?:our standards|purchase licensing rights|terms of (?:use|service)|privacy policy|(?:terms and conditions|privacy)(?: apply)?)\b.{0,80}",
    r"you can (?:unsubscribe|opt out|change your preferences)\b.{0,100}|unsubscribe(?: (?:at )?any ?time)?\.?|no spam\b.{0,80}",
    # captions and credits
    r"(?:file |stock )?(?:photo(?:graph)?|image|picture|illustration|graphic|credit|photo credit|image credit|photo by|source image)s?\s*(?::|/|by|via|credit:?|courtesy(?: of)?)\s*.{1,120}",
    r".{0,80}\b(?:getty images|afp via getty|shutterstock|istock|unsplash|epa-efe|ap photo)\b.{0,40}",
)  # fmt: skip
REPORTED = re.compile(
    r"\b(?:said|says|told|announced|according to|reported|added|wrote|warned|ruled|ordered)\b", re.IGNORECASE
)
TAILS = re.compile(
    r"(?:related|recommended|more|latest|most (?:read|popular)|read (?:next|more|also)|you (?:may|might) also like|"
    r"also (?:read|on)|trending|keep reading|what to read next|editor['’]s picks|top stories|from our partners|popular)\b.{0,60}",
    re.IGNORECASE,
)
FEED_ENDINGS = re.compile(
    r"\s*(?:the post .{1,200} (?:first )?appeared (?:first )?on .{1,100}|\[?(?:…|\.\.\.)\]?\s*(?:continue reading|read more).{0,120}|"
    r"continue reading\b.{0,120}|read (?:more|the rest|full story)\b.{0,60}|\(?(?:source|via): https?://\S+\)?)\s*$",
    re.IGNORECASE | re.DOTALL,
)
LONGEST = 420  # characters of a block that can be boilerplate
HEAD = 5  # blocks at the top among which byline and date may stand
MAX_TAIL = 30  # words of a block in a list of other articles

_CALL = re.compile("|".join(f"(?:{pattern})" for pattern in CALLS), re.IGNORECASE)
_ANY = re.compile("|".join(f"(?:{pattern})" for pattern in (*CALLS, *LINES)), re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"(\[])")
_BYLINE = re.compile(
    r"(?:by|from|written by|reporting by) [A-Z][^.!?]{2,80}|(?:updated?|published|posted|last modified)\b.{0,80}",
    re.IGNORECASE,
)


def cleaned(blocks: Iterable[str], *, title: str = "") -> tuple[str, ...]:
    """The blocks without boilerplate, without the title told again and byline or date lines at the top."""
    kept = [left for block in blocks if (left := _without_calls(block))]
    kept = [block for n, block in enumerate(kept) if n >= HEAD or not _is_head(block, title)]
    return tuple(_without_tail(kept))


def without_feed_ending(text: str) -> str:
    """A feed's text without "The post … appeared first on …" and "Continue reading"."""
    return FEED_ENDINGS.sub("", text).rstrip()


def is_boilerplate(block: str) -> bool:
    """Whether a block as a whole is no part of the article."""
    text = " ".join(block.split()).strip(" []()*_•·▶►→»>|")
    if len(text) > LONGEST or not text:
        return not text
    return _ANY.fullmatch(text) is not None and not REPORTED.search(text)


def _without_calls(block: str) -> str:
    """A block without the calls in its lines and at its edges; "" where nothing else is left."""
    if is_boilerplate(block):
        return ""
    if "\n" in block:
        return "\n".join(line for line in block.splitlines() if not is_boilerplate(line.removeprefix("- ")))
    sentences = _SENTENCE_END.split(block)
    while len(sentences) > 1 and _is_call(sentences[-1]):
        sentences.pop()
        block = block[: block.rindex(sentences[-1]) + len(sentences[-1])]
    while len(sentences) > 1 and _is_call(sentences[0]):
        block = block[len(sentences.pop(0)) :].lstrip()
    return block


def _is_call(sentence: str) -> bool:
    text = sentence.strip(" []()*.!")
    return len(text) <= LONGEST and _CALL.fullmatch(text) is not None and not REPORTED.search(text)


def _is_head(block: str, title: str) -> bool:
    """Whether a block near the top is the title, the byline or the date, which the article has as fields."""
    if len(block) > 200:
        return False
    is_title = bool(title) and _letters(block) == _letters(title)
    return is_title or _BYLINE.fullmatch(block) is not None or parse(block, basis=Basis.PAGE) is not None


def _without_tail(blocks: list[str]) -> Iterator[str]:
    """The blocks up to a heading after which only titles of other articles follow."""
    for n, block in enumerate(blocks):
        rest = blocks[n + 1 :]
        if n > 1 and len(block) < 80 and TAILS.fullmatch(block) and rest and all(map(_is_teaser, rest)):
            return
        yield block


def _is_teaser(block: str) -> bool:
    return all(len(line.split()) <= MAX_TAIL and not line.endswith((".", "!", "”", '"')) for line in block.splitlines())


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())
