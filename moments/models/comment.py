from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Friendship, User

from .circle import known_to_both
from .moment import Moment


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, viewer: User | AnonymousUser) -> Self:
        """Under moments that the viewer sees, the comments of people known to both the viewer and the author; and a
        reply only where everything it answers is shown as well."""
        if not viewer.is_authenticated:
            return self.none()
        return self.known_to(viewer).filter(moment__in=Moment.objects.visible_to(viewer))

    def known_to(self, viewer: User) -> Self:
        """Of people known to both sides. Only for moments that come from `Moment.objects.visible_to(viewer)`."""
        answers_a_stranger = Answered.objects.filter(comment=OuterRef("pk")).exclude(
            known_to_both("person", "comment__moment__author", viewer)
        )
        known = known_to_both("author", "moment__author", viewer)
        return self.filter(known).exclude(Exists(answers_a_stranger))

    def with_people(self) -> Self:
        return self.select_related("author", "reply_to__author")


class Comment(models.Model):
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Everybody up the line of replies. A reply is hidden with what it answers, however deep, without recursion.
    answered = models.ManyToManyField(User, through="Answered", related_name="+")
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [models.Index(fields=["moment", "-id"], name="comment_of_moment")]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return f"{self.moment.get_absolute_url()}#comment-{self.pk}"

    def is_visible_to(self, viewer: User | AnonymousUser) -> bool:
        return Comment.objects.visible_to(viewer).filter(pk=self.pk).exists()

    def audience(self) -> models.QuerySet[User]:
        """Who may see this comment: the rule of `CommentQuerySet.visible_to`, asked the other way round."""
        owner = self.moment.author
        others = {self.author_id, *self.answered.values_list("pk", flat=True)} - {owner.pk}
        if User.objects.active().friends_of(owner).filter(pk__in=others).count() != len(others):
            return User.objects.none()
        readers = self.moment.audience()
        for person_id in others:
            knows = Friendship.objects.filter(owner=OuterRef("pk"), friend=person_id)
            readers = readers.filter(Q(pk=person_id) | Exists(knows))
        return readers

    def deletable_by(self, person: User | AnonymousUser) -> bool:
        return person.pk in (self.author_id, self.moment.author_id)


class Answered(models.Model):
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="comment_answered_unique")]

    def __str__(self) -> str:
        return f"{self.comment_id} answers {self.person_id}"
