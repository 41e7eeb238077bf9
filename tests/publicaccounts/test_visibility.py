import pytest

from accounts.services import suspend_person
from publicaccounts.models import Article, Comment, PublicAccount
from publicaccounts.services import change_account
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(alice, bob, charlie, mallory, dora):
    return {"alice": alice, "bob": bob, "charlie": charlie, "mallory": mallory, "dora": dora}


@pytest.fixture
def account(alice, dora):
    account = make.public_account(alice)
    make.follower(account, dora)
    return account


def who_sees(article: Article, cast, api, web) -> set[str]:
    """By every door, which have to agree."""
    seen = set()
    for name, person in cast.items():
        doors = {
            article.is_visible_to(person),
            api(person).get(f"/api/v1/articles/{article.pk}/").status_code == 200,
            web(person).get(f"/articles/{article.pk}/").status_code == 200,
            article.audience().filter(pk=person.pk).exists(),
            api(person).get(f"/api/v1/articles/{article.pk}/comments/").status_code == 200,
        }
        assert len(doors) == 1, name
        if doors.pop():
            seen.add(name)
    assert api().get(f"/api/v1/articles/{article.pk}/").status_code in (401, 403)
    assert web().get(f"/articles/{article.pk}/").status_code == 302
    return seen


def test_a_draft_is_for_its_author(cast, account, api, web):
    assert who_sees(make.draft(account), cast, api, web) == {"alice"}


def test_a_published_article_is_for_all_who_are_signed_in(cast, account, api, web):
    assert who_sees(make.article(account), cast, api, web) == {"alice", "bob", "charlie", "mallory", "dora"}


def test_a_closed_account_is_its_owners(cast, account, api, web):
    article = make.article(account)
    change_account(owner=account.owner, account=account, is_closed=True)
    article = Article.objects.select_related("account").get(pk=article.pk)
    assert who_sees(article, cast, api, web) == {"alice"}


def test_what_suspended_people_wrote_is_hidden(cast, account, api, web, mod):
    article = make.article(account)
    comment = make.article_comment(cast["charlie"], article)
    others = {name: person for name, person in cast.items() if name != "alice"}
    assert who_sees(article, others, api, web) == set(others)
    suspend_person(moderator=mod, person=cast["alice"])
    assert who_sees(article, others, api, web) == set()
    assert not comment.is_visible_to(cast["charlie"])
    assert api(cast["bob"]).get(f"/api/v1/public-accounts/{account.handle}/").status_code == 404


def test_all_readers_see_all_comments_with_their_authors(cast, account, api, web):
    article = make.article(account)
    make.article_comment(cast["charlie"], article, "First!")
    make.article_comment(cast["dora"], article, "Second, then.")
    for name in ("alice", "bob", "charlie", "dora"):
        rows = api(cast[name]).get(f"/api/v1/articles/{article.pk}/comments/").json()["results"]
        assert [(row["author"]["handle"], row["text"]) for row in rows] == [
            ("dora", "Second, then."),
            ("charlie", "First!"),
        ]
        page = web(cast[name]).get(f"/articles/{article.pk}/").content.decode()
        assert "First!" in page
        assert "Charlie" in page


def test_comments_are_hidden_between_two_who_block(cast, account, api, web):
    article = make.article(make.public_account(cast["bob"], handle="bobs"))
    make.article_comment(cast["mallory"], article, "Me too")
    make.article_comment(cast["alice"], article, "Me first")

    def texts(person):
        return set(Comment.objects.visible_to(person).values_list("text", flat=True))

    assert texts(cast["bob"]) == {"Me too", "Me first"}
    assert texts(cast["charlie"]) == {"Me too", "Me first"}
    assert texts(cast["alice"]) == {"Me first"}
    assert texts(cast["mallory"]) == {"Me too"}


def test_an_answer_to_a_hidden_comment_does_not_quote_it(cast, account, web):
    article = make.article(make.public_account(cast["bob"], handle="bobs"))
    hidden = make.article_comment(cast["mallory"], article, "A secret word")
    make.article_comment(cast["charlie"], article, "An answer", reply_to=hidden)
    page = web(cast["alice"]).get(f"/articles/{article.pk}/").content.decode()
    assert "An answer" in page
    assert "A secret word" not in page
    assert "Mallory" not in page
    assert "A secret word" in web(cast["dora"]).get(f"/articles/{article.pk}/").content.decode()


def test_drafts_are_in_nobodys_list(cast, account, api, web):
    make.draft(account, title="Not yet out")
    shown = make.article(account, title="Just out")
    for name in ("bob", "dora", "mallory"):
        for address in (f"/accounts/{account.handle}/", "/articles/", "/accounts/mine/"):
            assert "Not yet out" not in web(cast[name]).get(address).content.decode()
        for address in (
            f"/api/v1/public-accounts/{account.handle}/articles/",
            f"/api/v1/public-accounts/{account.handle}/articles/?state=draft",
            "/api/v1/inbox/articles/",
        ):
            assert "Not yet out" not in api(cast[name]).get(address).content.decode()
    assert "Not yet out" in web(cast["alice"]).get("/accounts/mine/").content.decode()
    drafts = api(cast["alice"]).get(f"/api/v1/public-accounts/{account.handle}/articles/?state=draft").json()
    assert [row["title"] for row in drafts["results"]] == ["Not yet out"]
    inbox = api(cast["dora"]).get("/api/v1/inbox/articles/").json()["results"]
    assert [row["id"] for row in inbox] == [str(shown.pk)]


def test_the_inbox_holds_what_one_follows(cast, account, api):
    make.article(account)
    assert len(api(cast["dora"]).get("/api/v1/inbox/articles/").json()["results"]) == 1
    assert api(cast["bob"]).get("/api/v1/inbox/articles/").json()["results"] == []
    api(cast["dora"]).delete(f"/api/v1/public-accounts/{account.handle}/follow/")
    assert api(cast["dora"]).get("/api/v1/inbox/articles/").json()["results"] == []


def test_the_directory_shows_open_accounts(cast, account, api, web):
    make.public_account(cast["bob"], handle="closed_one", name="Closed one")
    change_account(owner=cast["bob"], account=PublicAccount.objects.get(handle="closed_one"), is_closed=True)
    handles = [row["handle"] for row in api(cast["charlie"]).get("/api/v1/public-accounts/").json()["results"]]
    assert handles == ["tea_notes"]
    page = web(cast["charlie"]).get("/accounts/").content.decode()
    assert "Tea Notes" in page
    assert "Closed one" not in page
