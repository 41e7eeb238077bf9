"""The pages of chats, as a browser without scripts and as the page's own scripts ask for them."""

from __future__ import annotations

import re
import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from accounts.models import User
from chat import services
from chat.models import Conversation, Message
from tests import make

HTMX = {"HX-Request": "true"}


def say(sender: User, conversation: Conversation, text: str, **more) -> Message:
    message, _ = services.send_message(
        sender=sender, conversation=conversation, client_id=uuid.uuid4(), text=text, **more
    )
    return message


def page_of(conversation: Conversation) -> str:
    return reverse("chat:detail", args=[conversation.pk])


@pytest.fixture
def chat(alice: User, bob: User) -> Conversation:
    """Alice and Bob's own."""
    return services.open_direct(person=alice, other=bob)


@pytest.fixture
def group(alice: User, bob: User) -> Conversation:
    return services.create_group(owner=alice, members=[bob], title="Hikers")


class TestList:
    def test_shows_who_said_what_last_and_how_much_is_unread(self, alice, bob, chat, group, web):
        say(bob, chat, "Are you there?")
        say(bob, group, "Sunday at nine")
        html = web(alice).get(reverse("chat:list")).content.decode()
        assert "Are you there?" in html
        assert "Bob: Sunday at nine" in html
        assert html.count("data-unread-count") == 2
        assert html.index("Sunday at nine") < html.index("Are you there?")

    def test_a_muted_chat_shows_a_dot_and_a_pinned_one_stands_first(self, alice, bob, chat, group, web):
        say(bob, chat, "first")
        say(bob, group, "second")
        services.change_own_membership(member=chat.member(alice), muted=True, pinned=True)
        html = web(alice).get(reverse("chat:list")).content.decode()
        assert html.index("first") < html.index("second")
        row = html[html.index(f'id="chat-{chat.pk}"') : html.index(f'id="chat-{group.pk}"')]
        assert '<span class="dot" data-unread-count' in row
        assert '<span class="badge" data-unread-count' not in row

    def test_gives_htmx_the_rows_alone_with_the_open_one_marked(self, alice, chat, web):
        response = web(alice).get(reverse("chat:list"), {"active": chat.pk}, headers=HTMX)
        html = response.content.decode()
        assert "<html" not in html
        assert re.search(rf'id="chat-{chat.pk}"[^>]*aria-current="true"', html)

    def test_someone_without_chats_is_told_how_to_begin(self, charlie, web):
        html = web(charlie).get(reverse("chat:list")).content.decode()
        assert reverse("accounts:add") in html
        assert reverse("wallet:home") in html
        assert reverse("moments:new") in html

    def test_costs_the_same_queries_for_any_number_of_chats(self, alice, bob, chat, web, django_assert_num_queries):
        browser = web(alice)
        say(bob, chat, "hello")
        browser.get(reverse("chat:list"))
        few = _queries(browser, reverse("chat:list"))
        for number in range(12):
            say(bob, services.create_group(owner=alice, members=[bob], title=f"Group {number}"), "hi")
        assert _queries(browser, reverse("chat:list")) == few


class TestConversationPage:
    def test_shows_what_was_said_with_a_line_above_what_is_new(self, alice, bob, chat, web):
        seen = say(bob, chat, "seen already")
        services.mark_read(reader=alice, conversation=chat, seq=seen.seq)
        say(bob, chat, "brand new")
        html = web(alice).get(page_of(chat)).content.decode()
        line = html.index("data-unread ")
        assert html.index(f'id="message-{seen.seq}"') < line < html.index("brand new</span>")

    def test_text_is_escaped_and_addresses_become_links(self, alice, bob, chat, web):
        say(bob, chat, '<script>alert("x")</script> see https://example.org/a?b=1&c=2). "javascript:alert(1)"')
        html = web(alice).get(page_of(chat)).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in html
        link = re.search(r'<a href="([^"]*)"[^>]*rel="([^"]*)"[^>]*>https', html)
        assert link and link[1] == "https://example.org/a?b=1&amp;c=2"
        assert {"noopener", "nofollow"} <= set(link[2].split())
        assert 'href="javascript' not in html

    def test_a_title_or_a_name_cannot_bring_markup_in(self, alice, bob, web):
        bob.display_name = '"><img src=x onerror=alert(1)>'
        bob.save()
        group = services.create_group(owner=alice, members=[bob], title='"><svg onload=alert(2)>')
        say(bob, group, "hi")
        html = web(alice).get(page_of(group)).content.decode()
        assert "<img src=x" not in html
        assert "<svg onload" not in html

    def test_one_person_going_on_gets_no_second_name(self, alice, bob, group, web):
        first, second = say(bob, group, "one"), say(bob, group, "two")
        html = web(alice).get(page_of(group)).content.decode()
        assert 'class="message"' in _row(html, first)
        assert 'class="message follows"' in _row(html, second)
        assert "message-name" in _row(html, first)
        assert "message-name" not in _row(html, second)

    def test_my_own_stand_apart_and_carry_my_client_id_for_me_alone(self, alice, bob, chat, web):
        mine = say(alice, chat, "from me")
        assert f'data-client-id="{mine.client_id}"' in web(alice).get(page_of(chat)).content.decode()
        assert str(mine.client_id) not in web(bob).get(page_of(chat)).content.decode()

    def test_a_friend_is_called_by_the_name_i_gave_and_in_a_group_by_his_name_there(self, alice, bob, group, web):
        services.change_own_membership(member=group.member(bob), nickname="Bobby the guide")
        message = say(bob, group, "hello")
        browser = web(alice)
        assert "Bobby the guide" in _row(browser.get(page_of(group)).content.decode(), message)
        alice.friendships.filter(friend=bob).update(remark="Old Bob")
        assert "Old Bob" in _row(web(alice).get(page_of(group)).content.decode(), message)

    def test_a_quote_leads_to_what_it_answers(self, alice, bob, chat, web):
        asked = say(bob, chat, "Tea or coffee?")
        answer = say(alice, chat, "Tea", reply_to=asked)
        row = _row(web(bob).get(page_of(chat)).content.decode(), answer)
        assert f'data-quoted="{asked.seq}"' in row
        assert "Tea or coffee?" in row

    @pytest.mark.parametrize("door", ["detail", "changes", "older", "info", "send_red_envelope", "leave"])
    def test_strangers_and_those_who_left_find_nothing(self, alice, bob, charlie, group, web, door):
        url = reverse(f"chat:{door}", args=[group.pk])
        asked = {"since": 0, "before": 99}
        assert web(bob).get(url, asked).status_code == 200
        services.leave_group(person=bob, conversation=group)
        assert web(bob).get(url, asked).status_code == 404
        assert web(charlie).get(url, asked).status_code == 404
        assert web().get(url, asked).status_code == 302

    def test_those_who_came_later_do_not_see_what_was_said_before(self, alice, bob, charlie, group, web):
        say(alice, group, "before his time")
        make.friends(alice, charlie)
        services.add_members(actor=alice, conversation=group, members=[charlie])
        say(alice, group, "welcome")
        browser = web(charlie)
        for url in [page_of(group), reverse("chat:changes", args=[group.pk]), reverse("chat:older", args=[group.pk])]:
            html = browser.get(url, {"since": 0, "before": 9999}).content.decode()
            assert "before his time" not in html
        assert "welcome" in browser.get(page_of(group)).content.decode()

    def test_costs_twelve_queries_at_most_and_the_same_for_five_and_forty_messages(self, alice, bob, group, web):
        make_funds(alice)
        for number in range(50):
            say(bob, services.create_group(owner=alice, members=[bob], title=f"Group {number}"), "hi")
        for number in range(4):
            say([alice, bob][number % 2], group, f"number {number}")
        services.send_red_envelope(
            sender=alice, conversation=group, kind="lucky", amount=500, shares=3, key=str(uuid.uuid4())
        )
        browser = web(alice)
        browser.get(page_of(group))
        few = _queries(browser, page_of(group))
        for number in range(35):
            photos = [str(make.upload(bob).pk)] if number % 7 == 0 else []
            say(bob, group, f"more {number}", kind="image" if photos else "text", uploads=photos)
        assert _queries(browser, page_of(group)) <= 12 + settings.SESSION_ENGINE.endswith(".db")
        assert _queries(browser, page_of(group)) - few <= 0


class TestSending:
    def test_a_plain_form_sends(self, alice, bob, chat, web):
        browser = web(alice)
        client_id = _client_id(browser.get(page_of(chat)).content.decode())
        response = browser.post(reverse("chat:send", args=[chat.pk]), {"text": "Hello\nBob", "client_id": client_id})
        assert response.status_code == 302 and response.url == page_of(chat)
        sent = Message.objects.visible_to(bob).get(client_id=client_id)
        assert (sent.text, sent.sender) == ("Hello\nBob", alice)

    def test_the_same_form_twice_makes_one_message(self, alice, chat, web):
        browser = web(alice)
        words = {"text": "once", "client_id": str(uuid.uuid4())}
        for _ in range(2):
            assert browser.post(reverse("chat:send", args=[chat.pk]), words).status_code == 302
        assert Message.objects.filter(conversation=chat, text="once").count() == 1

    def test_photos_go_with_the_plain_form(self, alice, bob, chat, web):
        words = {
            "text": "two of them",
            "client_id": str(uuid.uuid4()),
            "photos": [make.picture_file(), make.picture_file(size=(300, 500))],
        }
        assert web(alice).post(reverse("chat:send", args=[chat.pk]), words).status_code == 302
        sent = Message.objects.get(client_id=words["client_id"])
        assert (sent.kind, len(sent.uploads)) == ("image", 2)
        html = _row(web(bob).get(page_of(chat)).content.decode(), sent)
        assert "photos-2" in html and html.count('class="photo"') == 2

    def test_a_reply_keeps_what_it_answers(self, alice, bob, chat, web):
        asked = say(bob, chat, "Where?")
        browser = web(alice)
        html = browser.get(page_of(chat), {"reply_to": asked.pk}).content.decode()
        assert f'name="reply_to" value="{asked.pk}"' in html
        words = {"text": "Here", "client_id": str(uuid.uuid4()), "reply_to": asked.pk}
        browser.post(reverse("chat:send", args=[chat.pk]), words)
        assert Message.objects.get(client_id=words["client_id"]).reply_to == asked

    def test_a_message_of_another_chat_cannot_be_quoted(self, alice, bob, charlie, chat, web):
        make.friends(bob, charlie)
        secret = say(bob, services.open_direct(person=bob, other=charlie), "between us")
        html = web(alice).get(page_of(chat), {"reply_to": secret.pk}).content.decode()
        assert "between us" not in html
        words = {"text": "what?", "client_id": str(uuid.uuid4()), "reply_to": secret.pk}
        web(alice).post(reverse("chat:send", args=[chat.pk]), words)
        assert not Message.objects.filter(reply_to=secret).exists()

    @pytest.mark.parametrize(
        "broken",
        [
            {"text": "", "client_id": str(uuid.uuid4())},
            {"text": "no id"},
            {"text": "bad id", "client_id": "1"},
            {"text": "x" * 6000, "client_id": str(uuid.uuid4())},
            {"text": "bad reply", "client_id": str(uuid.uuid4()), "reply_to": "9" * 30},
            {"text": "nul\x00", "client_id": str(uuid.uuid4())},
        ],
    )
    def test_what_cannot_be_sent_is_said_and_kept_in_the_field(self, alice, chat, web, broken):
        response = web(alice).post(reverse("chat:send", args=[chat.pk]), broken)
        assert response.status_code == 422
        assert "errorlist" in response.content.decode()
        assert not Message.objects.filter(conversation=chat, sender=alice).exists()

    def test_a_file_that_is_no_photo_is_refused_in_words(self, alice, chat, web):
        from django.core.files.uploadedfile import SimpleUploadedFile

        words = {
            "client_id": str(uuid.uuid4()),
            "photos": [SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>", "image/jpeg")],
        }
        assert web(alice).post(reverse("chat:send", args=[chat.pk]), words).status_code == 422
        assert not Message.objects.filter(conversation=chat, sender=alice).exists()

    def test_a_blocked_friend_is_told_and_nothing_is_sent(self, alice, bob, chat, web):
        from accounts.services import block_person

        block_person(blocker=bob, blocked=alice)
        words = {"text": "hello?", "client_id": str(uuid.uuid4())}
        response = web(alice).post(reverse("chat:send", args=[chat.pk]), words)
        assert response.status_code == 422
        assert "hello?" in response.content.decode()
        assert not Message.objects.filter(conversation=chat, sender=alice).exists()

    def test_strangers_cannot_send(self, alice, charlie, chat, web):
        words = {"text": "let me in", "client_id": str(uuid.uuid4())}
        assert web(charlie).post(reverse("chat:send", args=[chat.pk]), words).status_code == 404
        assert not Message.objects.filter(text="let me in").exists()


class TestFragments:
    def test_changes_are_the_rows_since_a_number_and_how_far_they_reach(self, alice, bob, chat, web):
        first = say(bob, chat, "one")
        second = say(bob, chat, "two")
        response = web(alice).get(reverse("chat:changes", args=[chat.pk]), {"since": first.seq})
        html = response.content.decode()
        assert f'id="message-{second.seq}"' in html
        assert f'id="message-{first.seq}"' not in html
        assert response["X-Seq"] == str(second.seq)
        assert 'class="message follows"' in html  # by the one above it, which is not among them

    def test_changes_also_give_rows_asked_for_by_number(self, alice, bob, chat, web):
        first = say(bob, chat, "one")
        head = say(bob, chat, "two").seq
        html = web(alice).get(f"{reverse('chat:changes', args=[chat.pk])}?since={head}&row={first.seq}&row=x").content
        assert f'id="message-{first.seq}"' in html.decode()

    def test_many_changes_come_in_parts(self, alice, bob, chat, web, settings):
        settings.RATE_LIMITS_ENABLED = False
        for number in range(105):
            say(bob, chat, f"n{number}")
        browser, url = web(alice), reverse("chat:changes", args=[chat.pk])
        first = browser.get(url, {"since": 0})
        assert first["X-Has-More"] == "true"
        second = browser.get(url, {"since": first["X-Seq"]})
        assert "X-Has-More" not in second
        rows = set(re.findall(rb'id="message-(\d+)"', first.content + second.content))
        assert len(rows) >= 105

    def test_older_gives_the_page_before_and_where_the_next_begins(self, alice, bob, chat, web, settings):
        settings.RATE_LIMITS_ENABLED = False
        seqs = [say(bob, chat, f"n{number}").seq for number in range(90)]
        browser = web(alice)
        services.mark_read(reader=alice, conversation=chat, seq=seqs[-1])
        html = browser.get(page_of(chat)).content.decode()
        shown = [int(seq) for seq in re.findall(r'id="message-(\d+)"', html)]
        assert shown == seqs[-40:]
        older = re.search(r'data-older="([^"]*)"', html)[1]
        before = [int(seq) for seq in re.findall(rb'id="message-(\d+)"', browser.get(older).content)]
        assert before == seqs[-80:-40]

    @pytest.mark.parametrize("value", ["", "x", "-1", "1" * 40, "²"])
    def test_numbers_that_are_none_are_refused(self, alice, chat, web, value):
        browser = web(alice)
        assert browser.get(reverse("chat:changes", args=[chat.pk]), {"since": value}).status_code == 400
        assert browser.get(reverse("chat:older", args=[chat.pk]), {"before": value}).status_code == 400
        assert browser.get(page_of(chat), {"before": value, "around": value, "reply_to": value}).status_code == 200
        assert browser.get(reverse("chat:list"), {"offset": value, "active": value}).status_code == 200

    def test_reading_resets_the_number(self, alice, bob, chat, web):
        message = say(bob, chat, "new")
        browser = web(alice)
        assert "data-unread-count" in browser.get(reverse("chat:list")).content.decode()
        browser.post(reverse("chat:read", args=[chat.pk]), {"seq": message.seq})
        assert "data-unread-count" not in browser.get(reverse("chat:list")).content.decode()


class TestGroups:
    def test_a_group_is_made_of_chosen_friends(self, alice, bob, web):
        browser = web(alice)
        assert 'value="bob"' in browser.get(reverse("chat:new_group")).content.decode()
        response = browser.post(reverse("chat:new_group"), {"title": "Cooks", "members": ["bob"]})
        group = Conversation.objects.get(title="Cooks")
        assert response.url == page_of(group)
        assert group.is_visible_to(bob)

    @pytest.mark.parametrize("members", [[], ["charlie"], ["nobody"], ["alice"]])
    def test_only_friends_can_be_chosen(self, alice, bob, charlie, web, members):
        response = web(alice).post(reverse("chat:new_group"), {"title": "Cooks", "members": members})
        assert response.status_code == 422
        assert not Conversation.objects.filter(title="Cooks").exists()

    def test_the_owner_renames_and_announces(self, alice, bob, group, web):
        web(alice).post(reverse("chat:change_group", args=[group.pk]), {"title": "Climbers"})
        web(alice).post(reverse("chat:announcement", args=[group.pk]), {"announcement": "Bring water"})
        html = web(bob).get(page_of(group)).content.decode()
        assert "Climbers" in html and "Bring water" in html

    def test_a_plain_member_cannot(self, bob, group, web):
        assert "id_title" not in web(bob).get(reverse("chat:info", args=[group.pk])).content.decode()
        words = {"title": "Mine", "announcement": ""}
        assert web(bob).post(reverse("chat:change_group", args=[group.pk]), words).status_code == 422
        group.refresh_from_db()
        assert group.title == "Hikers"

    def test_members_are_added_and_removed_after_asking(self, alice, bob, charlie, group, web):
        make.friends(alice, charlie)
        browser = web(alice)
        browser.post(reverse("chat:add_members", args=[group.pk]), {"members": ["charlie"]})
        assert group.is_visible_to(charlie)
        url = reverse("chat:remove_member", args=[group.pk, "charlie"])
        assert "Charlie" in browser.get(url).content.decode()
        assert group.is_visible_to(charlie)
        browser.post(url)
        assert not group.is_visible_to(charlie)

    def test_a_plain_member_removes_nobody(self, alice, bob, group, web):
        url = reverse("chat:remove_member", args=[group.pk, "alice"])
        assert web(bob).get(url).status_code == 404
        web(bob).post(url)
        assert group.is_visible_to(alice)

    def test_own_settings_are_kept(self, alice, group, web):
        web(alice).post(reverse("chat:change_settings", args=[group.pk]), {"muted": "on", "nickname": "Al"})
        own = group.member(alice)
        assert (own.muted, own.pinned, own.nickname) == (True, False, "Al")

    def test_leaving_asks_once(self, alice, bob, group, web):
        browser = web(bob)
        assert browser.get(reverse("chat:leave", args=[group.pk])).status_code == 200
        assert group.is_visible_to(bob)
        browser.post(reverse("chat:leave", args=[group.pk]))
        assert not group.is_visible_to(bob)

    def test_friends_open_their_chat_from_the_profile(self, alice, bob, charlie, web):
        response = web(alice).post(reverse("chat:open_direct", args=["bob"]))
        assert Conversation.objects.for_member(bob).filter(kind="direct").exists()
        assert response.url.startswith("/chats/")
        assert web(alice).post(reverse("chat:open_direct", args=["nobody"])).status_code == 404


def make_funds(person: User) -> None:
    from wallet.services import top_up

    top_up(person=person, amount=50_000, key=str(uuid.uuid4()))


def _queries(browser, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def _row(html: str, message: Message) -> str:
    """The part of the page that shows one message."""
    start = html.rindex("<div", 0, html.index(f'id="message-{message.seq}"'))
    end = html.find('<div class="message', start + 30)
    while end != -1 and 'data-seq="' not in html[end : end + 200]:
        end = html.find('<div class="message', end + 30)
    return html[start : end if end != -1 else None]


def _client_id(html: str) -> str:
    found = re.search(r'name="client_id" value="([^"]*)"', html)
    assert found
    return found[1]
