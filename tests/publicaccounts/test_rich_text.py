import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publicaccounts.rich_text import clean, plain

ALLOWED = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr", "br", "strong", "em", "s", "a"}


class Elements(HTMLParser):
    """What a browser would find in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_comment(self, data):
        self.found.append(("!--", {}))


def assert_safe(cleaned: str) -> None:
    for tag, attributes in Elements(cleaned).found:
        assert tag in ALLOWED
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set())
        if "href" in attributes:
            assert re.match(r"(https?|mailto):", attributes["href"], re.IGNORECASE)
        if tag == "a":
            assert attributes["rel"] == "nofollow noopener ugc"


def test_what_the_editor_makes_is_kept():
    made = (
        "<h2>One</h2><p>A <strong>bold</strong>, <em>slanted</em> and <s>struck</s> line<br>and another.</p>"
        "<ul><li><p>a</p></li><li><p>b</p></li></ul><ol><li><p>c</p></li></ol><blockquote><p>said</p></blockquote>"
        "<hr><h3>Two</h3><p>5 &lt; 6 &amp; 7</p>"
    )
    assert clean(made) == made


@pytest.mark.parametrize(
    ("given_html", "expected"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p>a<style>*{color:red}</style>b</p>", "<p>ab</p>"),
        ('<p onclick="x()" style="x" class="y" id="z" data-a="1" hx-get="/x">a</p>', "<p>a</p>"),
        ('<p>a<img src="https://spy.example/1.gif" onerror="x()">b</p>', "<p>ab</p>"),
        ("<p>a<iframe src=https://x.example></iframe>b</p>", "<p>ab</p>"),
        ("<form action=/x><input name=a><button>a</button></form>", "<p>a</p>"),
        ("<p>a<!-- b -->c</p>", "<p>ac</p>"),
        (
            '<p><a href="https://x.example/?a=1&amp;b=2" target="_blank" onclick="x()">a</a></p>',
            '<p><a href="https://x.example/?a=1&amp;b=2" rel="nofollow noopener ugc">a</a></p>',
        ),
        ('<p><a href="javascript:alert(1)">a</a></p>', '<p><a rel="nofollow noopener ugc">a</a></p>'),
        ('<p><a href=" java\tscript:alert(1)">a</a></p>', '<p><a rel="nofollow noopener ugc">a</a></p>'),
        ('<p><a href="data:text/html,x">a</a></p>', '<p><a rel="nofollow noopener ugc">a</a></p>'),
        ('<p><a href="//x.example">a</a></p>', '<p><a rel="nofollow noopener ugc">a</a></p>'),
        ('<p><a href="/account/logout/">a</a></p>', '<p><a rel="nofollow noopener ugc">a</a></p>'),
        ("<h1>a</h1><h4>b</h4><p><b>c</b><i>d</i><del>e</del></p>",
         "<h2>a</h2><h3>b</h3><p><strong>c</strong><em>d</em><s>e</s></p>"),
        ("<p></p><p>a</p><p><br></p>", "<p>a</p>"),
        ("<p></p>", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_does_not_belong_is_taken_out(given_html, expected):
    assert clean(given_html) == expected
    assert clean(expected) == expected


def test_plain_text_becomes_paragraphs():
    assert clean("One\r\ntwo\r\n\r\nThree & <four>") == "<p>One<br>two</p><p>Three &amp;</p>"
    assert clean("5 < 6\n\n\n\n7") == "<p>5 &lt; 6</p><p>7</p>"


PIECES = st.sampled_from(
    [f"<{tag}>" for tag in sorted(ALLOWED)]
    + [f"</{tag}>" for tag in sorted(ALLOWED)]
    + [
        "<table>", "<tr>", "<td>", "</table>", "<svg>", "<math>", "<mtext>", "<mglyph>", "<style>", "</style>",
        "<title>", "<textarea>", "<noscript>", "<template>", "<select>", "<option>", "<script>", "</script>",
        "<plaintext>", "<xmp>", "<foreignObject>", "<annotation-xml encoding='text/html'>", "<desc>", "<form>",
        "<button>", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>", "<a href=https://x.example>",
        "<a href='&#106;avascript:alert(1)'>", "<p hx-get='/x' data-y=1 onclick=z>", "<b>", "</i>", "<h1>", "<h6>",
        "<!--", "-->", "<![CDATA[", "]]>", "<?x", "&lt;", "&amp;lt;", "&#0;", "&nbsp;", "\n\n", " ", "<", ">",
        "\"", "'", "`", "=", "x", "é", "中", "\u202e", "\u2028",
    ]
)  # fmt: skip
DOCUMENTS = st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join)


@settings(max_examples=1500, deadline=None)
@given(DOCUMENTS)
def test_whatever_comes_in_is_safe_and_stays_as_it_is(document):
    cleaned = clean(document)
    assert_safe(cleaned)
    assert clean(cleaned) == cleaned


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_characters="<>&\r\n\x00", exclude_categories=["Cc", "Cs", "Z"]), min_size=1)
)
def test_words_survive(text):
    assert html.unescape(plain(clean(text))) == html.unescape(" ".join(text.split()))


@pytest.mark.parametrize("piece", ["<blockquote>", "<p>", "<b>", "<a href=https://x>", "<i><p>", " ", "\n", "<p> "])
def test_monsters_cost_little(piece):
    document = "x" + piece * (100_000 // len(piece)) + "x"
    cleaned = clean(document)
    assert clean(cleaned) == cleaned
