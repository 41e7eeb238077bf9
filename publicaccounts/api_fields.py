"""Public accounts, articles and comments in JSON."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework import serializers

from accounts.api_fields import PersonSerializer
from uploads.api_fields import UploadSerializer

from .models import Article, Comment, PublicAccount

ID_MAX = 2**63 - 1


class AccountCardSerializer(serializers.ModelSerializer[PublicAccount]):
    """The name under which an article appears."""

    avatar = serializers.CharField(source="avatar_url", read_only=True, allow_null=True, help_text="A path, or null.")

    class Meta:
        model = PublicAccount
        fields = ["handle", "name", "avatar"]
        read_only_fields = fields


class PublicAccountSerializer(AccountCardSerializer):
    followers = serializers.IntegerField(read_only=True)
    following = serializers.BooleanField(source="is_followed", read_only=True, help_text="Does the caller follow it?")
    mine = serializers.SerializerMethodField(help_text="Does the caller run it?")
    closed = serializers.BooleanField(source="is_closed", read_only=True)

    class Meta:
        model = PublicAccount
        fields = ["handle", "name", "avatar", "bio", "followers", "following", "mine", "closed", "created_at"]
        read_only_fields = fields

    def get_mine(self, account: PublicAccount) -> bool:
        return account.run_by(self.context["request"].user)


class NewAccountSerializer(serializers.Serializer[Any]):
    handle = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=50)
    bio = serializers.CharField(max_length=300, required=False, allow_blank=True)


class AccountChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=50, required=False)
    bio = serializers.CharField(max_length=300, required=False, allow_blank=True)
    closed = serializers.BooleanField(source="is_closed", required=False)


class ArticleCardSerializer(serializers.ModelSerializer[Article]):
    """An article in a list: everything but the body."""

    id = serializers.CharField(read_only=True)
    account = AccountCardSerializer()
    digest = serializers.CharField(source="summary", help_text="The author's own summary, or how the article begins.")
    cover = UploadSerializer(allow_null=True)

    class Meta:
        model = Article
        fields = ["id", "account", "title", "digest", "cover", "state", "created_at", "published_at", "edited_at"]
        read_only_fields = fields


class ArticleSerializer(ArticleCardSerializer):
    body = serializers.CharField(source="body_html", help_text="Safe HTML of a few elements.")

    class Meta(ArticleCardSerializer.Meta):
        fields = [*ArticleCardSerializer.Meta.fields, "body"]
        read_only_fields = fields


class ArticleChangeSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=100, required=False, allow_blank=True)
    body = serializers.CharField(
        max_length=settings.ARTICLE_LENGTH_MAX,
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text="HTML; what an article cannot hold is taken out. Plain text becomes paragraphs.",
    )
    digest = serializers.CharField(max_length=160, required=False, allow_blank=True)
    cover = serializers.CharField(
        max_length=40, required=False, allow_blank=True, help_text="The id of an upload of yours; empty for none."
    )


class PublishSerializer(serializers.Serializer[Any]):
    broadcast = serializers.BooleanField(default=True, help_text="Tell the followers?")


class ArticleCommentSerializer(serializers.ModelSerializer[Comment]):
    id = serializers.CharField(read_only=True)
    author = PersonSerializer()
    reply_to = serializers.SerializerMethodField(help_text="The id of the comment it answers, or null.")

    class Meta:
        model = Comment
        fields = ["id", "author", "text", "reply_to", "created_at"]
        read_only_fields = fields

    def get_reply_to(self, comment: Comment) -> str | None:
        return str(comment.reply_to_id) if comment.reply_to_id else None


class ArticleReplySerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=settings.ARTICLE_COMMENT_LENGTH_MAX)


class NewArticleCommentSerializer(ArticleReplySerializer):
    reply_to = serializers.IntegerField(
        min_value=1, max_value=ID_MAX, required=False, allow_null=True, help_text="The id of a comment (as string too)."
    )
