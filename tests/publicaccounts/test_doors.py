import pytest

from publicaccounts.models import Article, Comment, Follow, PublicAccount
from tests import make

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


@pytest.fixture
def account(alice):
    return make.public_account(alice)


@pytest.fixture
def article(account):
    return make.article(account)


class TestRest:
    def test_from_opening_to_reading(self, alice, dora, api):
        account = api(alice).post(f"{BASE}/public-accounts/", {"handle": "tea_notes", "name": "Tea Notes"})
        assert account.status_code == 201
        assert account.json()["mine"] is True
        follow = api(dora).post(f"{BASE}/public-accounts/tea_notes/follow/")
        assert (follow.json()["following"], follow.json()["followers"]) == (True, 1)
        written = api(alice).post(
            f"{BASE}/public-accounts/tea_notes/articles/", {"title": "First flush", "body": "Leaves.\n\nMore leaves."}
        )
        assert written.status_code == 201
        assert written.json()["state"] == "draft"
        address = f"{BASE}/articles/{written.json()['id']}/"
        out = api(alice).post(f"{address}publish/", {"broadcast": True}).json()
        assert out["state"] == "published"
        assert out["body"] == "<p>Leaves.</p><p>More leaves.</p>"
        assert api(alice).post(f"{address}publish/").json() == out
        assert api(dora).get(f"{BASE}/inbox/articles/").json()["results"][0]["title"] == "First flush"
        comment = api(dora).post(f"{address}comments/", {"text": "Lovely"})
        assert comment.status_code == 201
        answer = api(alice).post(f"{BASE}/article-comments/{comment.json()['id']}/reply/", {"text": "Thank you"})
        assert answer.json()["reply_to"] == comment.json()["id"]
        assert api(dora).delete(f"{BASE}/article-comments/{comment.json()['id']}/").status_code == 204
        assert api(alice).delete(address).status_code == 204
        assert api(dora).get(address).status_code == 404

    @pytest.mark.parametrize(
        "body",
        [
            {},
            [],
            "x",
            {"handle": 1, "name": {}},
            {"handle": "tea", "name": "\u0000"},
            {"handle": "x" * 99, "name": "y"},
        ],
    )
    def test_broken_accounts(self, alice, api, body):
        assert api(alice).post(f"{BASE}/public-accounts/", body).status_code == 400
        assert not PublicAccount.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            [],
            "x",
            {"title": []},
            {"body": 5.5e300, "title": {}},
            {"title": "x" * 101},
            {"cover": "no such"},
            {"cover": 1},
        ],
    )
    def test_broken_articles(self, alice, account, api, body):
        answer = api(alice).post(f"{BASE}/public-accounts/{account.handle}/articles/", body)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert not Article.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            {},
            [],
            {"text": ""},
            {"text": []},
            {"text": "x", "reply_to": 2**70},
            {"text": "x", "reply_to": "x"},
            {"text": "x", "reply_to": 10**6},
        ],
    )
    def test_broken_comments(self, charlie, article, api, body):
        assert api(charlie).post(f"{BASE}/articles/{article.pk}/comments/", body).status_code == 400
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("pk", [0, 2**63, 2**70, 10**6])
    def test_articles_that_are_not_there(self, alice, api, web, pk):
        for path in (f"articles/{pk}/", f"articles/{pk}/comments/"):
            assert api(alice).get(f"{BASE}/{path}").status_code == 404
        assert api(alice).post(f"{BASE}/articles/{pk}/publish/").status_code == 404
        assert api(alice).delete(f"{BASE}/article-comments/{pk}/").status_code == 404
        for path in (
            f"/articles/{pk}/",
            f"/articles/{pk}/edit/",
            f"/article-comments/{pk}/",
            f"/articles/{pk}/publish/",
        ):
            assert web(alice).get(path).status_code == 404

    def test_odd_queries(self, alice, account, article, api, web):
        for query in (
            "q=%00",
            "q=%25_",
            "box=x",
            "cursor=x",
            "limit=-1",
            "q=" + "x" * 5000,
            "limit=99999999999999999999",
        ):
            assert api(alice).get(f"{BASE}/public-accounts/?{query}").status_code in (200, 404)
        for query in ("q=%00", "page=x", "page=-1", "page=" + "9" * 5000, "q=" + "x" * 5000):
            assert web(alice).get(f"/accounts/?{query}").status_code == 200
        for query in ("before=x", "before=" + "9" * 5000, "reply=x", "reply=" + "9" * 18, "reply=%00"):
            assert web(alice).get(f"/articles/{article.pk}/?{query}").status_code == 200


class TestPages:
    def test_from_opening_to_commenting_without_javascript(self, alice, dora, web):
        author, reader = web(alice), web(dora)
        answer = author.post(
            "/accounts/new/", {"handle": "tea_notes", "name": "Tea Notes", "bio": "", "avatar": make.picture_file()}
        )
        assert answer["Location"] == "/accounts/tea_notes/"
        assert "/avatars/" in author.get("/accounts/tea_notes/").content.decode()
        assert reader.post("/accounts/tea_notes/follow/").status_code == 302
        answer = author.post("/accounts/tea_notes/write/", {"title": "Flush", "body": "One\r\n\r\nTwo", "publish": ""})
        article = Article.objects.get()
        assert answer["Location"] == f"/articles/{article.pk}/publish/"
        assert "Tell 1 follower" in author.get(answer["Location"]).content.decode()
        assert author.post(answer["Location"], {"broadcast": "on"})["Location"] == f"/articles/{article.pk}/"
        assert "Flush" in reader.get("/articles/").content.decode()
        assert "<p>One</p><p>Two</p>" in reader.get(f"/articles/{article.pk}/").content.decode()
        answer = reader.post(f"/articles/{article.pk}/comments/", {"text": "Lovely"})
        comment = Comment.objects.get()
        assert answer["Location"] == f"/articles/{article.pk}/#comment-{comment.pk}"
        assert reader.get(f"/article-comments/{comment.pk}/")["Location"] == answer["Location"]
        author.post(f"/articles/{article.pk}/comments/", {"text": "Thanks", "reply_to": comment.pk})
        assert Comment.objects.filter(reply_to=comment).exists()
        reader.post(f"/article-comments/{comment.pk}/delete/")
        author.post(f"/articles/{article.pk}/delete/")
        assert not Article.objects.exists()
        reader.post("/accounts/tea_notes/unfollow/")
        assert not Follow.objects.exists()

    def test_an_old_comment_is_found_on_its_page(self, alice, charlie, article, web):
        first = make.article_comment(charlie, article, "The very first")
        for number in range(55):
            make.article_comment(charlie, article, f"Number {number}")
        assert "The very first" not in web(alice).get(f"/articles/{article.pk}/").content.decode()
        address = web(alice).get(f"/article-comments/{first.pk}/")["Location"]
        assert "The very first" in web(alice).get(address).content.decode()

    def test_forms_say_what_is_wrong_and_keep_what_was_written(self, alice, account, article, web):
        answer = web(alice).post("/accounts/new/", {"handle": account.handle, "name": "Other"})
        assert "This handle is taken." in answer.content.decode()
        answer = web(alice).post(f"/articles/{article.pk}/edit/", {"title": "", "body": "<p>Rewritten</p>"})
        assert answer.status_code == 200
        assert "needs a title" in answer.content.decode()
        assert "Rewritten" in answer.content.decode()
        article.refresh_from_db()
        assert article.title == "First flush"

    def test_the_editor_starts_under_the_content_policy(self, alice, account, web):
        answer = web(alice).get(f"/accounts/{account.handle}/write/")
        page = answer.content.decode()
        policy = answer["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        nonce = policy.split("'nonce-")[1].split("'")[0]
        assert f'nonce="{nonce}" type="importmap"' in page or f'type="importmap" nonce="{nonce}"' in page

    def test_following_over_htmx_answers_with_the_button(self, charlie, account, web):
        answer = web(charlie).post(f"/accounts/{account.handle}/follow/", HTTP_HX_REQUEST="true")
        page = answer.content.decode()
        assert "Following" in page
        assert "<html" not in page


class TestQueries:
    """The pages cost the same for few and many."""

    def cost(self, django_assert_max_num_queries, client, address):
        client.get(address)
        with django_assert_max_num_queries(100) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    def test_the_inbox(self, alice, dora, account, web, api, django_assert_max_num_queries):
        make.follower(account, dora)
        make.article(account, cover=str(make.upload(alice, size=(64, 48)).pk))
        few = self.cost(django_assert_max_num_queries, web(dora), "/articles/")
        few_rest = self.cost(django_assert_max_num_queries, api(dora), f"{BASE}/inbox/articles/")
        for number in range(9):
            make.article(account, title=f"Number {number}", cover=str(make.upload(alice, size=(64, 48)).pk))
        assert self.cost(django_assert_max_num_queries, web(dora), "/articles/") == few
        assert self.cost(django_assert_max_num_queries, api(dora), f"{BASE}/inbox/articles/") == few_rest

    def test_the_article(self, charlie, dora, article, web, api, django_assert_max_num_queries):
        address = f"/articles/{article.pk}/"
        make.article_comment(dora, article, reply_to=make.article_comment(charlie, article))
        few = self.cost(django_assert_max_num_queries, web(dora), address)
        few_rest = self.cost(django_assert_max_num_queries, api(dora), f"{BASE}{address}comments/")
        for number in range(9):
            other = make.person(f"reader{number}")
            make.article_comment(other, article, reply_to=make.article_comment(charlie, article))
        assert self.cost(django_assert_max_num_queries, web(dora), address) == few
        assert self.cost(django_assert_max_num_queries, api(dora), f"{BASE}{address}comments/") == few_rest

    def test_the_directory(self, alice, bob, charlie, web, django_assert_max_num_queries):
        make.public_account(bob, handle="one")
        few = self.cost(django_assert_max_num_queries, web(charlie), "/accounts/")
        for number in range(4):
            make.public_account(alice, handle=f"other_{number}")
        assert self.cost(django_assert_max_num_queries, web(charlie), "/accounts/") == few
