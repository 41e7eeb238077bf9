import pytest

from accounts.services import block_person
from publicaccounts.models import Article, Comment, Follow, PublicAccount
from publicaccounts.services import (
    change_account,
    comment_on_article,
    delete_article,
    delete_comment,
    edit_article,
    follow_account,
    open_account,
    publish_article,
    unfollow_account,
    write_article,
)
from superapp.kernel.errors import NotFound, Refused
from tests import make
from uploads.models import Upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(alice):
    return make.public_account(alice)


def refused(call, **arguments) -> str:
    with pytest.raises(Refused) as refusal:
        call(**arguments)
    return refusal.value.code


class TestAccounts:
    def test_opening(self, alice):
        account = open_account(owner=alice, handle="Tea_Notes", name=" Tea  Notes ", bio="One\ntea")
        assert (account.handle, account.name, account.bio) == ("tea_notes", "Tea Notes", "One tea")

    @pytest.mark.parametrize(
        "handle", ["", "a", "new", "mine", "following", "admin", "tea notes", "tea\x00notes", "é" * 5, "x" * 31]
    )
    def test_handles_that_do_not_work(self, alice, handle):
        assert refused(open_account, owner=alice, handle=handle, name="Tea") == "invalid"
        assert not PublicAccount.objects.exists()

    def test_a_handle_belongs_to_one(self, alice, bob, account):
        assert refused(open_account, owner=bob, handle=account.handle.upper(), name="Mine") == "handle_taken"
        assert PublicAccount.objects.count() == 1

    def test_one_person_runs_only_so_many(self, alice, settings):
        settings.PUBLIC_ACCOUNTS_MAX = 2
        make.public_account(alice, handle="one")
        make.public_account(alice, handle="two")
        assert refused(open_account, owner=alice, handle="three", name="Three") == "too_many_public_accounts"
        assert PublicAccount.objects.count() == 2

    def test_only_its_owner_changes_it(self, alice, bob, account):
        assert refused(change_account, owner=bob, account=account, name="Mine now") == "not_your_account"
        change_account(owner=alice, account=account, name="Tea & Notes")
        account.refresh_from_db()
        assert account.name == "Tea & Notes"


class TestFollowing:
    def test_twice_is_once(self, account, dora):
        first = follow_account(follower=dora, account=account)
        assert follow_account(follower=dora, account=account) == first
        unfollow_account(follower=dora, account=account)
        unfollow_account(follower=dora, account=account)
        assert not Follow.objects.exists()

    def test_nobody_follows_themselves(self, alice, account):
        assert refused(follow_account, follower=alice, account=account) == "your_own_account"

    def test_whom_the_owner_blocked_may_not_follow_or_comment(self, alice, account, mallory, charlie):
        article = make.article(account)
        assert refused(follow_account, follower=mallory, account=account) == "not_welcome"
        assert refused(comment_on_article, author=mallory, article=article, text="Hi") == "not_welcome"
        assert not Follow.objects.exists()
        assert not Comment.objects.exists()
        follow_account(follower=charlie, account=account)
        comment_on_article(author=charlie, article=article, text="Hi")

    def test_blocking_ends_the_following(self, alice, account, dora):
        follow_account(follower=dora, account=account)
        block_person(blocker=alice, blocked=dora)
        assert not Follow.objects.exists()


class TestWriting:
    def test_the_body_is_cleaned_whichever_way_it_comes(self, alice, account, api, web):
        bad = '<p onclick="x()">Tea<script>alert(1)</script></p>'
        write_article(author=alice, account=account, title="1", body=bad)
        api(alice).post(f"/api/v1/public-accounts/{account.handle}/articles/", {"title": "2", "body": bad})
        web(alice).post(f"/accounts/{account.handle}/write/", {"title": "3", "body": bad})
        edited = make.draft(account, title="4")
        edit_article(author=alice, article=edited, body=bad)
        api(alice).patch(f"/api/v1/articles/{make.draft(account, title='5').pk}/", {"body": bad})
        web(alice).post(f"/articles/{make.draft(account, title='6').pk}/edit/", {"title": "6", "body": bad})
        assert dict(Article.objects.values_list("title", "body_html")) == dict.fromkeys("123456", "<p>Tea</p>")

    def test_nobody_writes_in_anothers_name(self, bob, account, api, web):
        assert refused(write_article, author=bob, account=account, title="Mine") == "not_your_account"
        assert api(bob).post(f"/api/v1/public-accounts/{account.handle}/articles/", {"title": "x"}).status_code == 403
        assert web(bob).post(f"/accounts/{account.handle}/write/", {"title": "x"}).status_code == 404
        assert not Article.objects.exists()

    def test_others_neither_edit_nor_publish_nor_delete(self, bob, account, api, web):
        article = make.article(account)
        draft = make.draft(account)
        before = list(Article.objects.order_by("pk").values())
        assert refused(edit_article, author=bob, article=article, title="Mine") == "not_your_article"
        assert refused(delete_article, author=bob, article=article) == "not_your_article"
        for call in (edit_article, publish_article, delete_article):
            with pytest.raises(NotFound):
                call(author=bob, article=draft)
        for path in ("edit", "publish", "delete"):
            assert web(bob).post(f"/articles/{draft.pk}/{path}/", {"title": "x"}).status_code == 404
            assert web(bob).post(f"/articles/{article.pk}/{path}/", {"title": "x"}).status_code == 404
        assert api(bob).delete(f"/api/v1/articles/{article.pk}/").status_code == 403
        assert api(bob).delete(f"/api/v1/articles/{draft.pk}/").status_code == 404
        assert list(Article.objects.order_by("pk").values()) == before

    def test_too_long_is_refused(self, alice, account, settings):
        settings.ARTICLE_LENGTH_MAX = 100
        draft = make.draft(account)
        assert refused(edit_article, author=alice, article=draft, body="x" * 101) == "article_too_long"
        assert refused(edit_article, author=alice, article=draft, body="&" * 99) == "article_too_long"
        draft.refresh_from_db()
        assert draft.body_html == "<p>Spring leaves.</p>"

    def test_nothing_cannot_be_published(self, alice, account):
        for words in ({"title": ""}, {"body": ""}, {"body": "<p> &nbsp;</p><hr>"}):
            draft = make.draft(account, **words)
            assert refused(publish_article, author=alice, article=draft) == "nothing_to_publish"
            draft.refresh_from_db()
            assert not draft.is_published

    def test_a_published_article_cannot_be_emptied(self, alice, account):
        article = make.article(account)
        assert refused(edit_article, author=alice, article=article, body="<p></p>") == "nothing_to_publish"
        article.refresh_from_db()
        assert article.body_html == "<p>Spring leaves.</p>"

    def test_publishing_twice_is_publishing_once(self, alice, account):
        article = make.article(account)
        again = publish_article(author=alice, article=article)
        assert again.published_at == article.published_at

    def test_editing_is_dated_once_it_is_out(self, alice, account):
        draft = make.draft(account)
        assert edit_article(author=alice, article=draft, title="Second flush").edited_at is None
        publish_article(author=alice, article=draft)
        assert edit_article(author=alice, article=draft, title="Third flush").edited_at is not None

    def test_the_summary_is_the_authors_or_the_first_words(self, account):
        assert make.draft(account, body="<h2>A</h2><p>b</p>").summary == "A b"
        assert make.draft(account, digest="Mine").summary == "Mine"


class TestCovers:
    def test_a_cover_is_kept_shown_changed_and_removed(self, alice, account, api):
        first, second = make.upload(alice), make.upload(alice)
        draft = make.draft(account, cover=str(first.pk))
        shown = api(alice).get(f"/api/v1/articles/{draft.pk}/").json()["cover"]
        assert shown["id"] == str(first.pk)
        edit_article(author=alice, article=draft, cover=str(first.pk))
        edit_article(author=alice, article=draft, cover=str(second.pk))
        assert not Upload.objects.filter(pk=first.pk).exists()
        edit_article(author=alice, article=draft, cover="")
        draft.refresh_from_db()
        assert draft.cover is None
        assert not Upload.objects.exists()

    def test_anothers_picture_is_no_cover(self, alice, bob, account):
        with pytest.raises(Refused):
            make.draft(account, cover=str(make.upload(bob).pk))
        assert not Article.objects.exists()

    @pytest.mark.parametrize("cover", ["x", "7", "00000000-0000-0000-0000-000000000000"])
    def test_no_picture_is_no_cover(self, alice, account, cover):
        with pytest.raises(Refused):
            make.draft(account, cover=cover)

    def test_the_page_takes_a_picture_with_the_form(self, alice, account, web):
        answer = web(alice).post(
            f"/accounts/{account.handle}/write/", {"title": "T", "body": "text", "cover": make.picture_file()}
        )
        assert answer.status_code == 302
        article = Article.objects.get()
        assert article.cover is not None
        assert f"/files/{article.cover_id}/" in web(alice).get(f"/articles/{article.pk}/").content.decode()

    def test_what_is_no_picture_is_refused_beside_the_field(self, alice, account, web):
        file = make.picture_file()
        file.file.seek(0)
        file.file.truncate(20)
        answer = web(alice).post(f"/accounts/{account.handle}/write/", {"title": "T", "body": "text", "cover": file})
        assert answer.status_code == 200
        assert "not a picture" in answer.content.decode()
        assert not Article.objects.exists()


class TestComments:
    @pytest.fixture
    def article(self, account):
        return make.article(account)

    def test_author_and_owner_delete_others_do_not(self, alice, bob, charlie, article):
        one, two = make.article_comment(charlie, article), make.article_comment(charlie, article)
        assert refused(delete_comment, actor=bob, comment=one) == "not_your_comment"
        assert Comment.objects.count() == 2
        delete_comment(actor=charlie, comment=one)
        delete_comment(actor=alice, comment=two)
        assert not Comment.objects.exists()

    def test_refusals_change_nothing(self, alice, charlie, article, account):
        elsewhere = make.article_comment(charlie, make.article(account))
        before = Comment.objects.count()
        assert refused(comment_on_article, author=charlie, article=article, text=" \n ") == "empty_comment"
        assert refused(comment_on_article, author=charlie, article=article, text="x" * 1001) == "comment_too_long"
        assert (
            refused(comment_on_article, author=charlie, article=article, text="x", reply_to=2**70) == "unknown_comment"
        )
        assert (
            refused(comment_on_article, author=charlie, article=article, text="x", reply_to=elsewhere.pk)
            == "unknown_comment"
        )
        assert refused(comment_on_article, author=alice, article=make.draft(account), text="x") == "not_published"
        with pytest.raises(NotFound):
            comment_on_article(author=charlie, article=make.draft(account), text="x")
        assert Comment.objects.count() == before

    def test_they_are_text(self, charlie, article, web):
        make.article_comment(charlie, article, "<script>alert(1)</script>")
        page = web(charlie).get(f"/articles/{article.pk}/").content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page


def test_rates_are_counted(alice, settings, account):
    settings.RATE_LIMITS_ENABLED = True
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "article": ("2/day", "closed")}
    from superapp.kernel import limits

    limits._rate.cache_clear()
    try:
        make.draft(account)
        make.draft(account)
        assert refused(write_article, author=alice, account=account, title="Three") == "rate_limited"
    finally:
        limits._rate.cache_clear()
    assert Article.objects.count() == 2
