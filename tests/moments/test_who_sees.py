"""Who sees a moment, and what under it: the rule against a reference in plain Python, and against itself reversed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from accounts.models import Block, Friendship, User
from moments.models import Answered, Comment, Like, Moment

GRAPHS = 60
PEOPLE = 7


@dataclass
class World:
    """A random graph, in the database and beside it as plain sets."""

    people: list[User] = field(default_factory=list)
    notes: dict[tuple[int, int], Friendship] = field(default_factory=dict)  # (owner, friend) → what owner notes
    blocks: set[tuple[int, int]] = field(default_factory=set)
    moments: list[Moment] = field(default_factory=list)
    likes: list[Like] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    # The reference

    def are_friends(self, one: User, other: User) -> bool:
        return (one.pk, other.pk) in self.notes

    def sees(self, viewer: User, moment: Moment) -> bool:
        author = moment.author
        if not viewer.is_active:
            return False
        if viewer == author:
            return True
        if moment.audience_mode != "friends" or not author.is_active or not self.are_friends(author, viewer):
            return False
        if (author.pk, viewer.pk) in self.blocks or (viewer.pk, author.pk) in self.blocks:
            return False
        theirs, mine = self.notes[author.pk, viewer.pk], self.notes[viewer.pk, author.pk]
        return not (theirs.chat_only or theirs.hide_my_moments or mine.chat_only)

    def meets(self, viewer: User, person: User, author: User) -> bool:
        if not person.is_active:
            return False
        knows = person in (viewer, author) or self.are_friends(viewer, person)
        return knows and (person == author or self.are_friends(author, person))

    def sees_like(self, viewer: User, like: Like) -> bool:
        return self.sees(viewer, like.moment) and self.meets(viewer, like.person, like.moment.author)

    def sees_comment(self, viewer: User, comment: Comment) -> bool:
        if not self.sees(viewer, comment.moment) or not self.meets(viewer, comment.author, comment.moment.author):
            return False
        return comment.reply_to is None or self.sees_comment(viewer, comment.reply_to)


def build(seed: int) -> World:
    chance = random.Random(seed)
    world = World()
    for number in range(PEOPLE):
        handle = f"p{seed}_{number}"
        person = User.objects.create(handle=handle, display_name=handle, is_active=chance.random() > 0.1)
        world.people.append(person)
    for one in world.people:
        for other in world.people:
            if one.pk < other.pk and chance.random() < 0.6:
                for owner, friend in ((one, other), (other, one)):
                    world.notes[owner.pk, friend.pk] = Friendship.objects.create(
                        owner=owner,
                        friend=friend,
                        chat_only=chance.random() < 0.15,
                        hide_my_moments=chance.random() < 0.15,
                        hide_their_moments=chance.random() < 0.3,
                    )
            if one != other and chance.random() < 0.06:
                Block.objects.create(blocker=one, blocked=other)
                world.blocks.add((one.pk, other.pk))
    for author in world.people:
        mode = chance.choice(["friends", "friends", "private"])
        moment = Moment.objects.create(author=author, text="x", audience_mode=mode)
        world.moments.append(moment)
        for person in world.people:
            if chance.random() < 0.5:
                world.likes.append(Like.objects.create(moment=moment, person=person))
        said: list[Comment] = []
        for person in chance.choices(world.people, k=5):
            reply_to = chance.choice([None, *said])
            comment = Comment.objects.create(moment=moment, author=person, text="x", reply_to=reply_to)
            line = reply_to
            while line is not None:
                Answered.objects.get_or_create(comment=comment, person=line.author)
                line = line.reply_to
            said.append(comment)
        world.comments += said
    return world


@pytest.mark.covers("A12")
@pytest.mark.django_db
@pytest.mark.parametrize("first", range(0, GRAPHS, 12))
def test_the_rule_agrees_with_the_reference_on_random_graphs(first: int) -> None:
    shown = hidden = 0
    for seed in range(first, first + 12):
        world = build(seed)
        for viewer in world.people:
            moments = {moment.pk for moment in world.moments if world.sees(viewer, moment)}
            assert set(Moment.objects.visible_to(viewer).values_list("pk", flat=True)) == moments
            likes = {like.pk for like in world.likes if world.sees_like(viewer, like)}
            assert set(Like.objects.visible_to(viewer).values_list("pk", flat=True)) == likes
            comments = {comment.pk for comment in world.comments if world.sees_comment(viewer, comment)}
            assert set(Comment.objects.visible_to(viewer).values_list("pk", flat=True)) == comments
            wanted = {
                moment.pk
                for moment in world.moments
                if moment.pk in moments
                and (viewer == moment.author or not world.notes[viewer.pk, moment.author_id].hide_their_moments)
            }
            assert set(Moment.objects.timeline_of(viewer).values_list("pk", flat=True)) == wanted
            shown += len(comments)
            hidden += len(world.comments) - len(comments)
    assert shown > 100  # both answers occur, or the agreement would mean little
    assert hidden > 100


@pytest.mark.covers("A12")
@pytest.mark.django_db
@pytest.mark.parametrize("first", range(0, GRAPHS, 12))
def test_asked_the_other_way_round_the_rule_gives_the_same_answer(first: int) -> None:
    for seed in range(first, first + 12):
        world = build(seed)
        for moment in world.moments:
            audience = {person for person in world.people if world.sees(person, moment)}
            assert set(moment.audience()) == audience
        for comment in world.comments[::3]:
            readers = {person for person in world.people if world.sees_comment(person, comment)}
            assert set(comment.audience()) == readers


@pytest.mark.django_db
def test_nobody_in_particular_sees_nothing(alice) -> None:
    from django.contrib.auth.models import AnonymousUser

    moment = Moment.objects.create(author=alice, text="x")
    Like.objects.create(moment=moment, person=alice)
    Comment.objects.create(moment=moment, author=alice, text="x")
    assert moment.is_visible_to(alice)
    for model in (Moment, Like, Comment):
        assert not model.objects.visible_to(AnonymousUser()).exists()
