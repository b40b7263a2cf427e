"""What a reply of a mail server means: accepted, try later, no such mailbox, this message refused, or we are refused.

Only a mailbox that does not exist is a bounce: what a server says against our content, rate, reputation or settings says
nothing about the address (docs/decisions/0055).
"""

import re
from typing import Literal

ReplyMeaning = Literal["accepted", "closing", "temporary", "limited", "ours", "refused", "bounced"]

# RFC 3463 and the IANA registry: bad mailbox, bad system, bad syntax, mailbox moved, a domain that takes no mail.
NO_MAILBOX_CODES = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
# The sender's address (5.1.7, 5.1.8), its sign-in (5.7.8, Exchange: 5.7.57), its SPF, DKIM and DMARC (5.7.20 and on), its
# right to use the address (5.7.60) or to relay (5.7.54, 5.7.64).
OUR_CODES = frozenset(
    {"5.1.7", "5.1.8", "5.7.8", "5.7.54", "5.7.57", "5.7.60", "5.7.64", *(f"5.7.{number}" for number in range(20, 31))}
)
# "Other or undefined": the words decide. 5.6.0 and 5.7.0 say at least that it is the content or a policy.
VAGUE_CODES = frozenset({"", "5.0.0", "5.1.0", "5.2.0", "5.3.0", "5.5.0"})
LIMIT_CODES = frozenset({"5.4.5", "5.7.232", "5.7.233"})
# Signing in is required, failed, or is too weak (RFC 4954).
SIGN_IN_REPLIES = frozenset({530, 534, 535, 538})

_ENHANCED_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.\d)")
_OUR_WORDS = re.compile(
    r"authenticat(?:ion|e)\W+(?:is\W+)?(?:required|needed|failed)|(?:must|not|need to)\W+(?:be\W+)?authenticate"
    r"|not\W+log(?:ged)?\W*in|relay(?:ing)?\b[^\n]{0,40}(?:denied|prohibited|not (?:permitted|allowed))"
    r"|(?:unable|cannot|not permitted|not allowed|refus\w+|won't|do not) to? ?relay"
    r"|sender\b[^\n]{0,80}(?:reject|denied|refused|not |invalid|unknown|verif|does|no such)"
    r"|(?:invalid|unknown|bad|unauthori[sz]ed|verification failed for) (?:<[^>]*> )?sender|(?:verification failed for|verify) <"
    r"|mail[ -]?from\b[^\n]{0,60}(?:must|same|reject|denied|not |invalid|does)|not owned by user|send as (?:this|denied)"
    r"|(?:address|domain|identity|sender)\b[^\n]{0,30} not verified|\b(?:spf|dkim|dmarc)\b|starttls"
    r"|(?:认证|認證|身份验证|身分驗證|登录|登入).{0,6}(?:失败|失敗|错误|錯誤|需要|必须|必須)|需要.{0,4}(?:认证|認證|验证|驗證)"
    r"|(?:发件人|發件人|寄件人|寄件者|发信人|發信人)|中继|轉送|转发被拒",
    re.IGNORECASE,
)
_LIMIT_WORDS = re.compile(
    r"too many|too fast|too frequent|rate[ -]?limit|rate (?:is )?exceeded|exceed\w*[^\n]{0,40}\b(?:rate|sending|hourly|daily|limit)"
    r"|(?:frequency|sending|daily|hourly|connection|message|recipient)s?\W+(?:sending\W+|user\W+)*(?:limit|quota)"
    r"|throttl|try (?:again )?later|try again|temporar|greylist|graylist|频率|頻率|频繁|頻繁|稍后|稍後|次数过多|次數過多",
    re.IGNORECASE,
)
_POLICY_WORDS = re.compile(
    r"spam|unsolicited|policy|polic(?:ies|es)|blocked|block ?list|black ?list|denylist|reputation|banned|prohibited|content|virus"
    r"|malware|suspicious|suspected|phish|full\b|quota|over ?limit|too (?:big|large)|size|disabled|suspended|inactive|dnsbl|rbl"
    r"|spamhaus|\bip\b|垃圾|策略|黑名单|黑名單|违规|違規|已满|已滿|容量|病毒|内容|內容",
    re.IGNORECASE,
)
_NO_MAILBOX_WORDS = re.compile(
    r"(?:user|recipient|mailbox|account|address|addressee|alias)\b[^\n]{0,60}"
    r"(?:unknown|not (?:be )?(?:found|known|exist|listed)|unavailable|does ?n[o']t (?:exist|have)|does not (?:exist|have)|no longer)"
    r"|(?:unknown|no such|invalid|non-?existent|bad destination|not a valid)[\w -]{0,20}"
    r"(?:user|recipient|mailbox|account|address|person)|no mailbox|not our customer|not (?:a )?known (?:user|here)"
    r"|unrouteable address|null mx|no (?:such )?(?:user|one) here|host unknown|unbekannt|inconnu|n'existe pas|no existe"
    r"|不存在|(?:无|無)此|查(?:无|無)|找不到.{0,4}(?:用户|使用者|用戶|收件|邮箱|信箱)|存在しません",
    re.IGNORECASE,
)


def reply_meaning(code: int, text: str, *, about_sender: bool = False) -> ReplyMeaning:
    """What a reply means for its message.

    *bounced*: the mailbox does not exist, by its enhanced code or, where there is none that says something, by its words.
    *ours*: sign-in, sender, relaying or domain proof must be set right; `about_sender` is the reply to MAIL FROM, which
    cannot speak of a recipient. *limited*: too much at once. *refused*: anything else that is final for this message.
    """
    if 200 <= code < 400:
        return "accepted"
    if code == 421:
        return "closing"
    if code < 500:
        return "temporary"
    enhanced = _enhanced_code(text)
    if enhanced.startswith("4."):
        return "temporary"
    meaning = _meaning_of_code(code, enhanced) or _meaning_of_words(text, may_bounce=enhanced in VAGUE_CODES)
    return "ours" if about_sender and meaning in ("refused", "bounced") else meaning


def _enhanced_code(text: str) -> str:
    match = _ENHANCED_CODE.search(text)
    return ".".join(match.groups()) if match else ""


def _meaning_of_code(code: int, enhanced: str) -> ReplyMeaning | None:
    if enhanced in NO_MAILBOX_CODES:
        return "bounced"
    if enhanced in OUR_CODES or code in SIGN_IN_REPLIES:
        return "ours"
    return "limited" if enhanced in LIMIT_CODES else None


def _meaning_of_words(text: str, *, may_bounce: bool) -> ReplyMeaning:
    """What is said against us comes first: *sender does not exist* must not be taken for the recipient."""
    if _OUR_WORDS.search(text):
        return "ours"
    if _LIMIT_WORDS.search(text):
        return "limited"
    if may_bounce and _NO_MAILBOX_WORDS.search(text) and not _POLICY_WORDS.search(text):
        return "bounced"
    return "refused"
