"""Text that an outsider could put into a record, one or more a class; our own wording of well-known tricks."""

HTML = (
    "<script>alert('sovscan')</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><script>alert(2)</script>",
    "</title><h1>not a heading</h1>",
    "<!-- open comment",
    "<svg onload=alert(3)>",
    "&lt;b&gt;&amp;#x3c;",
    "]]><b>x</b>",
)
ADDRESSES = (
    "javascript:alert(4)",
    "\x01javascript:alert(5)",
    "java\tscript:alert(6)",
    "file:///etc/hostname",
    "https://somebody:secret@example.test/",
    "//example.test/x",
    'https://example.test/"><script>',
    "data:text/html,<script>alert(7)</script>",
)
PDF = (
    '<link rel=attachment href="file:///etc/hostname">',
    '<img src="http://127.0.0.1:9/canary">',
    "<style>@import url(file:///etc/hostname)</style>",
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/hostname"/></svg>',
    "url(http://127.0.0.1:9/canary)",
)
TEMPLATES = ("{{ 7*7 }}", "{% raw %}", "{{ ''.__class__.__mro__ }}", "%(a)s", "{name}", "${7*7}", "{0.__class__}")
TERMINAL = (
    "\x1b[2J\x1b[1;1H",
    "\x1b]0;title\x07",
    "\x1b]52;c;aGVsbG8=\x07",
    "\x9b2J",
    "\u202egnp.exe\u202c",
    "\u2066left\u2069",
    "a\x00b",
    "line\rover",
    "\U000e0041\U000e007f",
    "\u200bzero\u2028line",
)
MARKUP = ("[/bold]", "[link=https://example.test]x[/link]", ":warning:", "**bold** [x](javascript:alert(8))")
WORKFLOW = ("\n::error file=a,line=1::made up", "::add-mask::x", "##[error]made up", "@everyone")
FORMULAS = ("=1+1", "+1+1", "@SUM(A1)", "\t=2+2", "|calc")
NAMES = ("xn--pple-43d.com", "\u0430pple.com", "fa\xdf.de", "\uff27oogle.com", "\U0001f1eb\U0001f1f7", "عربي.example")
LONG = ("A" * 65_536, "a\u0301" * 4_000, "\u202e" * 3_000, "w" * 600 + " end")

ALL = (*HTML, *ADDRESSES, *PDF, *TEMPLATES, *TERMINAL, *MARKUP, *WORKFLOW, *FORMULAS, *NAMES, *LONG)
BENIGN = tuple(f"VALEUR-{number:03d}" for number in range(len(ALL)))
